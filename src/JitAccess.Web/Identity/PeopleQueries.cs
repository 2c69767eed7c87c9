using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Identity;

/// <summary>Somebody or a group of people that a level may name.</summary>
public sealed record ApproverSuggestion(Approver Approver, string Described);

/// <summary>Who is known among those whom a level names.</summary>
/// <param name="People">How many people the entries name together.</param>
/// <param name="Unknown">The entries under which nobody was seen yet.</param>
public sealed record ApproverCount(int People, IReadOnlyList<Approver> Unknown)
{
    /// <summary>Nobody is known.</summary>
    public static ApproverCount None { get; } = new(0, []);
}

/// <summary>Finds people, groups and roles that JitAccess has seen at sign-in.</summary>
public sealed class PeopleQueries(IDbContextFactory<JitAccessDbContext> contexts)
{
    private const int Most = 12;

    /// <summary>People, groups and roles whose name holds the text. Only admins search the directory; others get nothing.</summary>
    public async Task<IReadOnlyList<ApproverSuggestion>> SearchAsync(Actor actor, string text, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin) return [];
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        List<KnownPerson> people = await database.People.AsNoTracking().OrderBy(person => person.DisplayName).ToListAsync(cancellationToken);
        bool Fits(string value) => value.Contains(text.Trim(), StringComparison.OrdinalIgnoreCase);
        IEnumerable<ApproverSuggestion> roles = people.SelectMany(person => person.Roles).Distinct().Order(StringComparer.Ordinal)
            .Select(arn => new Approver(ApproverKind.Role, arn)).Where(role => Fits(role.Name)).Select(role => new ApproverSuggestion(role, $"IAM role, {role.Id}"));
        IEnumerable<ApproverSuggestion> groups = people.SelectMany(person => person.Groups).Distinct().Where(Fits).Order(StringComparer.Ordinal)
            .Select(group => new ApproverSuggestion(new Approver(ApproverKind.Group, group), "Group"));
        IEnumerable<ApproverSuggestion> persons = people.Where(person => Fits(person.DisplayName) || Fits(person.Subject))
            .Select(person => new ApproverSuggestion(new Approver(ApproverKind.Person, person.Subject), person.Email is null ? person.DisplayName : $"{person.DisplayName}, {person.Email}"));
        return [.. roles.Concat(groups).Concat(persons).Take(Most)];
    }

    /// <summary>The groups that people had at sign-in. Only admins search the directory; others get nothing.</summary>
    public async Task<IReadOnlyList<string>> GroupsAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin) return [];
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        var groups = await database.People.AsNoTracking().Select(person => person.Groups).ToListAsync(cancellationToken);
        return [.. groups.SelectMany(one => one).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>How many people JitAccess has seen who could answer for a level. Only admins search the directory; others get nothing.</summary>
    public async Task<ApproverCount> CountAsync(Actor actor, IReadOnlyCollection<Approver> approvers, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin || approvers.Count == 0) return ApproverCount.None;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        List<KnownPerson> people = await database.People.AsNoTracking().ToListAsync(cancellationToken);
        return new ApproverCount(people.Count(person => approvers.Any(approver => Names(approver, person))),
            [.. approvers.Where(approver => !people.Any(person => Names(approver, person)))]);
    }

    private static bool Names(Approver approver, KnownPerson person) => approver.Kind switch
    {
        ApproverKind.Person => person.Subject == approver.Id,
        ApproverKind.Group => person.Groups.Contains(approver.Id),
        ApproverKind.Role => person.Roles.Any(arn => arn == approver.Id || (RoleArn.TryParse(arn, out RoleArn? role) && role.Name == approver.Id)),
    };
}
