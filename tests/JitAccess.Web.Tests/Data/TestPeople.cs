using JitAccess.Domain.People;

namespace JitAccess.Web.Tests.Data;

/// <summary>The demo's people as actors.</summary>
internal static class TestPeople
{
    public static readonly Actor Requester = New("requester", "jit-requester");
    public static readonly Actor Approver = New("approver", "jit-approver");
    public static readonly Actor Approver2 = New("approver2", "jit-approver");
    public static readonly Actor Admin = New("admin", "jit-admin") with { Roles = [ApplicationRole.Admin] };
    public static readonly Actor Auditor = New("auditor", "jit-auditor") with { Roles = [ApplicationRole.Auditor] };
    public static readonly Actor Stranger = New("stranger", "jit-requester");

    public static readonly Actor IamUser = New("iam-user", "none") with
    {
        Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/iam-user"),
        SuggestedRoles = [RoleArn.Parse("arn:aws:iam::111111111111:role/jit-requester")],
    };

    public static Actor New(string subject, string role) => new()
    {
        Person = new Person(subject, subject, $"{subject}@example.com", [], new PersonAttributes()),
        Identity = new ProvenIdentity.Role(RoleArn.Parse($"arn:aws:iam::111111111111:role/{role}")),
        Address = "192.0.2.7",
    };
}
