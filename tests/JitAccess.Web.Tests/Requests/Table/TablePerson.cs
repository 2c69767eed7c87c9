using JitAccess.Domain.People;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests.Table;

/// <summary>Somebody in relation to a request.</summary>
internal sealed record TablePerson(string Name, Func<Situation, Actor> In)
{
    /// <summary>Answers at level 1.</summary>
    public static readonly Actor Lead = InGroup("lead", "leads");

    /// <summary>Answers at level 2.</summary>
    public static readonly Actor Owner = InGroup("owner", "owners");

    /// <summary>Answers nowhere, but stands in for another of the group leads.</summary>
    public static readonly Actor Deputy = InGroup("deputy", "others");

    public static IReadOnlyList<TablePerson> All { get; } =
    [
        new("requester", situation => situation.Requester),
        new("requester as IAM user", situation => situation.Requester with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/iam-user") }),
        new("requester who is an approver and admin", situation => situation.Requester with { Person = situation.Requester.Person with { Groups = ["leads", "owners"] }, Roles = [ApplicationRole.Admin] }),
        new("approver of level 1", _ => Lead),
        new("another of level 1", _ => InGroup("lead2", "leads")),
        new("approver of level 2", _ => Owner),
        new("who stands in for one of level 1", _ => Deputy),
        new("admin", _ => TestPeople.Admin),
        new("auditor", _ => TestPeople.Auditor),
        new("anybody else", _ => TestPeople.Stranger),
    ];

    private static Actor InGroup(string subject, string group)
    {
        Actor actor = TestPeople.New(subject, "jit-approver");
        return actor with { Person = actor.Person with { Groups = [group] } };
    }
}
