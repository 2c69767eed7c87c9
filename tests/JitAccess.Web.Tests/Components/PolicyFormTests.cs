using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Policies;

namespace JitAccess.Web.Tests.Components;

public sealed class PolicyFormTests
{
    private static readonly ManualPolicy Production = new()
    {
        Id = Guid.NewGuid(),
        Order = 3,
        Name = "Production",
        Description = "What customers use",
        MaximumHours = 4,
        PendingTimeout = TimeSpan.FromMinutes(90),
        Target = new NodeTarget { Tags = [new TagPair("env", "prod")], Accounts = ["111111111111", "222222222222"] },
        Levels = [new ApprovalLevel([new Approver(ApproverKind.Role, "jit-approver"), new Approver(ApproverKind.Group, "leads")], 2)],
    };

    [Fact]
    public void ManualPolicyForm_NothingIsEdited_GivesTheSamePolicy()
    {
        ManualPolicy written = new ManualPolicyForm(Production).ToPolicy();

        Assert.Equal(Production with { Levels = written.Levels }, written);
        Assert.Equal(Production.Levels.AsEnumerable(), written.Levels);
    }

    [Fact]
    public void ManualPolicyForm_AllNodesIsChosen_KeepsTheFiltersAndDropsTheTags()
    {
        ManualPolicyForm form = new(Production) { IsByTags = false };

        Assert.False(form.ToPolicy().Target.IsByTags);
        Assert.Equal(["111111111111", "222222222222"], form.ToPolicy().Target.Accounts);
    }

    [Fact]
    public void ManualPolicyForm_ByTagsWithoutATag_IsNeverForAllNodes()
    {
        ManualPolicyForm form = new(Production);
        form.Tags.Clear();

        Assert.True(form.ToPolicy().Target.IsByTags);
    }

    [Theory]
    [InlineData(7 * 24 * 60, 7, "days")]
    [InlineData(36 * 60, 36, "hours")]
    [InlineData(5, 5, "minutes")]
    public void ManualPolicyForm_PendingTime_IsShownInTheLargestUnitThatFits(int minutes, int amount, string unit)
    {
        ManualPolicyForm form = new(Production with { PendingTimeout = TimeSpan.FromMinutes(minutes) });

        Assert.Equal((amount, unit), (form.PendingAmount, form.PendingUnit.Name));
    }

    [Fact]
    public void CedarPolicyForm_DenyPolicyIsEdited_KeepsItsIdentityAndPlace()
    {
        DenyAccessPolicy policy = new() { Id = Guid.NewGuid(), Order = 2, Name = "Old", Cedar = "forbid (principal, action, resource);" };
        CedarPolicyForm form = new(policy) { Name = " New ", Effect = DenyEffect.Refuse };

        Assert.Equal(policy with { Name = "New", Effect = DenyEffect.Refuse }, form.ToPolicy());
    }

    [Fact]
    public void CedarPolicyForm_AutoPolicyIsEdited_KeepsItsIdentityAndPlace()
    {
        AutoApprovalPolicy policy = new() { Id = Guid.NewGuid(), Order = 2, Name = "Auto", Cedar = "permit (principal, action, resource);" };
        CedarPolicyForm form = new(policy) { MaximumHours = 8, Enabled = false };

        Assert.Equal(policy with { MaximumHours = 8, Enabled = false }, form.ToPolicy());
    }
}
