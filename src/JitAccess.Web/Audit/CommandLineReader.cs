using JitAccess.Domain.People;

namespace JitAccess.Web.Audit;

/// <summary>Who reads the audit by a command: whoever can start the program with the database's password, and so could read the tables themselves.</summary>
internal static class CommandLineReader
{
    public static readonly Actor Actor = new()
    {
        Person = new Person("command-line", "command line", null, [], new PersonAttributes()),
        Identity = new ProvenIdentity.Unmapped(),
        Roles = [ApplicationRole.Auditor],
    };
}
