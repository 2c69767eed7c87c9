using System.Collections.Immutable;
using JitAccess.Domain.People;

namespace JitAccess.Web.Policies.Commands;

/// <summary>
/// Who acts on the command line: the operating system's user. Whoever can start the program with the database's password could write into
/// the database itself, so it stands for an admin; the audit says that it came from there and under which name.
/// </summary>
internal static class CommandLineActor
{
    public static Actor Now() => For(Environment.UserName);

    public static Actor For(string user) => new()
    {
        // No identity provider gives subjects of this form, so this is nobody else.
        Person = new Person($"command-line:{user}", $"{user} (command line)", null, ImmutableSortedSet<string>.Empty, new PersonAttributes()),
        Identity = new ProvenIdentity.Unmapped(),
        Roles = [ApplicationRole.Admin],
    };
}
