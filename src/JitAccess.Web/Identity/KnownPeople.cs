using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Identity;

/// <summary>What the newest sign-ins say of people whose rights are at stake.</summary>
internal static class KnownPeople
{
    /// <summary>Those of the people who have signed in, as they were known the last time.</summary>
    public static async Task<ApproverDirectory> DirectoryOfAsync(this JitAccessDbContext database, IEnumerable<string> subjects, CancellationToken cancellationToken)
    {
        string[] wanted = [.. subjects.Distinct(StringComparer.Ordinal)];
        List<KnownPerson> people = await database.People.AsNoTracking().Where(person => wanted.Contains(person.Subject)).ToListAsync(cancellationToken);
        return people.AsDirectory();
    }

    /// <summary>The people as levels name them.</summary>
    public static ApproverDirectory AsDirectory(this IEnumerable<KnownPerson> people) =>
        new([.. people.Select(person => new ApproverDirectory.KnownPerson(person.Subject, person.DisplayName, person.Groups,
            [.. person.Roles.Select(arn => RoleArn.TryParse(arn, out RoleArn? role) ? role : null).OfType<RoleArn>()]))], IsComplete: false);
}
