using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

public sealed class ApproverTests
{
    [Theory]
    [InlineData(ApproverKind.Person, "approver", true)]
    [InlineData(ApproverKind.Person, "platform-leads", false)]
    [InlineData(ApproverKind.Person, "Approver", false)]
    [InlineData(ApproverKind.Group, "platform-leads", true)]
    [InlineData(ApproverKind.Group, "approver", false)]
    [InlineData(ApproverKind.Group, "leads", false)]
    [InlineData(ApproverKind.Role, "jit-approver", true)]
    [InlineData(ApproverKind.Role, "arn:aws:iam::111111111111:role/jit-approver", true)]
    [InlineData(ApproverKind.Role, "arn:aws:iam::222222222222:role/jit-approver", false)]
    [InlineData(ApproverKind.Role, "jit-requester", false)]
    [InlineData(ApproverKind.Role, "approver", false)]
    public void Includes_OneEntry_NamesTheActorOrNot(ApproverKind kind, string id, bool includes) =>
        Assert.Equal(includes, new Approver(kind, id).Includes(Given.Approver));

    [Fact]
    public void Includes_RoleOfSomebodyNotUnderOne_IsFalse() =>
        Assert.False(Given.Role("jit-approver").Includes(Given.Approver with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/jit-approver") }));

    [Fact]
    public void KeysOf_Actor_HoldsPersonGroupsAndRoleBothWays() => Assert.Equal(
        ["group:platform-leads", "person:approver", "role:arn:aws:iam::111111111111:role/jit-approver", "role:jit-approver"],
        Approver.KeysOf(Given.Approver).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(ApproverKind.Role, "arn:aws:iam::111111111111:role/ops/jit-approver", "jit-approver")]
    [InlineData(ApproverKind.Role, "jit-approver", "jit-approver")]
    [InlineData(ApproverKind.Group, "arn:aws:iam::111111111111:role/jit-approver", "arn:aws:iam::111111111111:role/jit-approver")]
    public void Name_OfAnEntry_IsShortForRoles(ApproverKind kind, string id, string name) => Assert.Equal(name, new Approver(kind, id).Name);
}
