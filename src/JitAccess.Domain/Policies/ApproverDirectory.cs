using System.Collections.Immutable;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>The people who may be approvers, as far as they are known. That somebody is not known is not the same as that there is nobody.</summary>
/// <param name="People">The people that are known.</param>
/// <param name="IsComplete">True if there is nobody else, and their groups and roles are all known too; false if only those are known who have been here.</param>
public sealed record ApproverDirectory(ImmutableArray<ApproverDirectory.KnownPerson> People, bool IsComplete)
{
    /// <summary>Nobody is known, which says nothing about who there is.</summary>
    public static ApproverDirectory Unknown { get; } = new([], IsComplete: false);

    /// <summary>The known people whom an approver entry names, by subject.</summary>
    public IEnumerable<string> SubjectsOf(Approver approver) => People.Where(person => approver.Kind switch
    {
        ApproverKind.Person => person.Subject == approver.Id,
        ApproverKind.Group => person.Groups.Contains(approver.Id),
        ApproverKind.Role => person.Roles.Any(role => role.Value == approver.Id || role.Name == approver.Id),
    }).Select(person => person.Subject).Distinct(StringComparer.Ordinal);

    /// <summary>The actor without the groups that the directory knows them to have left since they signed in.</summary>
    public Actor AsKnown(Actor actor) => People.FirstOrDefault(person => person.Subject == actor.Subject) is { } known
        ? actor with { Person = actor.Person with { Groups = actor.Person.Groups.Intersect(known.Groups) } }
        : actor;

    /// <summary>What others call the person; their subject if they are not known.</summary>
    public string NameOf(string subject) => People.FirstOrDefault(person => person.Subject == subject)?.DisplayName ?? subject;

    /// <summary>Somebody known.</summary>
    /// <param name="Subject">The identifier that the identity provider gives them for ever.</param>
    /// <param name="DisplayName">What others call them.</param>
    /// <param name="Groups">The groups they are in.</param>
    /// <param name="Roles">The roles they may act under.</param>
    public sealed record KnownPerson(string Subject, string DisplayName, ImmutableSortedSet<string> Groups, ImmutableArray<RoleArn> Roles);
}
