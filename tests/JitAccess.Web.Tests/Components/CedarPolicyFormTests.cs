using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Conditions;
using JitAccess.Web.Components.Policies;
using JitAccess.Web.Components.Policies.Forms;
using JitAccess.Web.Policies;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Components;

public sealed class CedarPolicyFormTests
{
    private const string HandLaidOut = """permit (principal in AWS::IdentityStore::Group::"engineering", action == AWS::SSM::Action::"getTokenForInstanceAccess", resource) when { resource.hasTag("env") && resource.getTag("env") == "dev" };""";

    private static readonly CedarQueries Queries = new(TestProcess.Engine);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NewPolicy_NothingIsChosen_IsNotForEverybodyEverywhere(bool isDeny)
    {
        CedarPolicyForm form = isDeny ? new(Deny("")) : new(Auto(""));

        Assert.True(form.IsInConditions);
        Assert.NotEmpty(form.Unfinished);
        Assert.Empty(form.Cedar);
    }

    [Fact]
    public async Task Rows_FilledIn_AreTheCedarThatReadsBackAsTheSameRows()
    {
        CedarPolicyForm form = new(Auto(""));
        form.Rows!.Who[0].Values.Add("engineering");
        NodeConditionRow node = form.Rows.Nodes[0];
        (node.Key, node.Test) = ("env", TextTest.Like);
        node.Values.Add("dev-*");
        form.Rows.When.Add(new TimeRow { Zone = "Europe/Berlin", From = new TimeOnly(8, 30), IsOutside = true });
        form.WriteRows();

        Assert.Empty(form.Unfinished);
        CedarPolicyForm again = await OpenAsync(Auto(form.Cedar));
        Assert.Equal(form.Rows.ToConditions(), again.Rows!.ToConditions());
        Assert.DoesNotContain(PolicyRules.ProblemsOf(form.ToPolicy(), TestProcess.Engine), problem => problem.Field == nameof(AutoApprovalPolicy.Cedar));
    }

    [Fact]
    public async Task Text_ThatConditionsCanSay_IsNotLaidOutAnewUntilARowChanges()
    {
        CedarPolicyForm form = await OpenAsync(Auto(HandLaidOut));
        form.ShowConditions();
        form.WriteRows();
        Assert.Equal("engineering", Assert.Single(Assert.Single(form.Rows!.Who).Values));
        Assert.Equal(HandLaidOut, form.Cedar);

        form.Rows.Nodes[0].Values.Add("staging");
        form.WriteRows();

        Assert.NotEqual(HandLaidOut, form.Cedar);
        Assert.Contains("staging", form.Cedar, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("// why\n" + HandLaidOut)]
    [InlineData(HandLaidOut + "\n" + HandLaidOut)]
    [InlineData("permit (principal, action, resource")]
    [InlineData("permit (principal, action, resource) when { context.request.durationHours < 2 };")]
    [InlineData("forbid (principal, action, resource);")]
    public async Task Text_ThatSaysMoreThanConditionsCan_StaysAsItIsAndSaysWhy(string text)
    {
        CedarPolicyForm form = await OpenAsync(Auto(text));

        Assert.Null(form.Rows);
        Assert.NotEmpty(form.WhyNoRows);
        form.ShowConditions();
        form.WriteRows();
        form.ShowCedar();
        Assert.Equal(text, form.Cedar);
    }

    [Fact]
    public async Task Rows_NotFinished_StayWhenTheViewIsSwitchedAndLeaveTheText()
    {
        CedarPolicyForm form = await OpenAsync(Auto(HandLaidOut));
        form.ShowConditions();
        form.Rows!.Nodes.Add(new NodeConditionRow { Key = "team" });
        form.WriteRows();
        form.ShowCedar();

        Assert.Equal(HandLaidOut, form.Cedar);
        Assert.NotEmpty(form.Unfinished);
        Assert.False(form.IsToBeRead);
        Assert.Equal("team", form.Rows.Nodes[1].Key);
    }

    [Fact]
    public async Task Text_ChangedAfterTheRowsWereRead_IsReadAnewAndNeverOverwrittenByThem()
    {
        CedarPolicyForm form = await OpenAsync(Auto(HandLaidOut));
        string changed = HandLaidOut.Replace("\"dev\"", "\"test\"", StringComparison.Ordinal);
        form.Cedar = changed;

        form.WriteRows();
        Assert.Equal(changed, form.Cedar);
        Assert.True(form.IsToBeRead);

        form.Read(await Queries.ReadAsync(TestPeople.Admin, form.Cedar, form.StatementEffect, Cancellation));
        Assert.Equal(["test"], form.Rows!.Nodes[0].Values);
    }

    [Fact]
    public async Task Rows_OfAllKinds_AreTheSamePolicyInBothViews()
    {
        PolicyConditions conditions = new()
        {
            Who = [new PersonCondition.MemberOf(["a", "b"], IsNot: true), new PersonCondition.Attribute(PersonAttribute.Division, TextTest.NotLike, ["x*"])],
            Nodes = [new NodeCondition.Tag("data", TextTest.Absent, []), new NodeCondition.Property(NodeProperty.Region, TextTest.OneOf, ["eu-west-1"])],
            When = [new TimeCondition("Asia/Tokyo", [DayOfWeek.Saturday, DayOfWeek.Sunday], new TimeOnly(22, 0), new TimeOnly(6, 0))],
        };
        Assert.Equal(conditions, ConditionsForm.Of(conditions).ToConditions());

        CedarPolicyForm form = await OpenAsync(Deny(conditions.ToCedar(Effect.Forbid)));

        Assert.Equal(conditions, form.Rows!.ToConditions());
    }

    [Fact]
    public async Task NodesAlone_OfConditions_LeaveOutWhoAndWhen()
    {
        CedarPolicyForm form = await OpenAsync(Auto(HandLaidOut));

        AutoApprovalPolicy alone = Assert.IsType<AutoApprovalPolicy>(form.ForNodesAlone());

        Assert.DoesNotContain("engineering", alone.Cedar, StringComparison.Ordinal);
        Assert.Contains("\"dev\"", alone.Cedar, StringComparison.Ordinal);
        form.Cedar += " ";
        Assert.Null(form.ForNodesAlone());
    }

    [Fact]
    public void Mend_Taken_ChangesTheFormAndTheStateBeforeBringsItBack()
    {
        CedarPolicyForm form = new(Deny("forbid (principal, action, resource);")) { Name = "Mine", Effect = DenyEffect.Refuse };
        Policy before = form.ToPolicy();

        form.Take(((DenyAccessPolicy)before) with { Cedar = "mended" });
        Assert.Equal(("mended", "Mine", DenyEffect.Refuse), (form.Cedar, form.Name, form.Effect));

        form.Take(before);
        Assert.Equal(before, form.ToPolicy());
    }

    [Theory]
    [InlineData(Effect.Permit)]
    [InlineData(Effect.Forbid)]
    public void Examples_AreValidAndWithoutTraps(Effect effect)
    {
        IReadOnlyList<CedarExample> examples = CedarExample.For(effect, "Europe/Berlin");

        Assert.All(examples, example =>
            Assert.Empty(PolicyRules.ProblemsOf(effect == Effect.Permit ? Auto(example.Cedar) with { Name = "x" } : Deny(example.Cedar) with { Name = "x" }, TestProcess.Engine)));
    }

    private static async Task<CedarPolicyForm> OpenAsync(Policy policy)
    {
        CedarPolicyForm form = new(policy);
        Assert.True(form.IsToBeRead);
        form.Read(await Queries.ReadAsync(TestPeople.Auditor, form.Cedar, form.StatementEffect, Cancellation));
        return form;
    }

    private static AutoApprovalPolicy Auto(string cedar) => new() { Id = Guid.NewGuid(), Name = "", Cedar = cedar };

    private static DenyAccessPolicy Deny(string cedar) => new() { Id = Guid.NewGuid(), Name = "", Cedar = cedar };
}
