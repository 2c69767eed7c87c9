using Bunit;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Policies;
using JitAccess.Web.Components.Requests;
using MudBlazor.Services;

namespace JitAccess.Web.Tests.Components;

public sealed class ReasonFieldTests : BunitContext
{
    private static readonly ReasonRule Rule = new() { MinimumLength = 20, TicketPattern = @"OPS-\d+", TicketHint = "OPS-1234" };

    public ReasonFieldTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("INC-1", false)]
    [InlineData(" OPS-1 ", true)]
    public void TicketField_PolicyAsksForOne_SaysWhichBesideTheFieldAndWhetherItIsThere(string value, bool isMet)
    {
        IRenderedComponent<TicketField> field = Ticket(value, Decided("Production", Rule), Decided("Dev", null));

        Assert.Equal($"“Production” asks for a ticket such as OPS-1234.{(isMet ? " It is there." : "")}", field.Find(".help p").TextContent.Trim());
        Assert.Equal(isMet, field.Find(".help p").ClassList.Contains("ok"));
        Assert.Equal("Ticket", field.Find("label").TextContent.Trim());
        Assert.Equal("true", field.Find("#ticket").GetAttribute("aria-required"));
    }

    [Fact]
    public void TicketField_NobodyAsks_IsOptional()
    {
        IRenderedComponent<TicketField> field = Ticket("", Decided("Dev", null));

        Assert.Contains("optional", field.Find("label").TextContent, StringComparison.Ordinal);
        Assert.Equal("false", field.Find("#ticket").GetAttribute("aria-required"));
    }

    [Fact]
    public void TicketField_TooLong_SaysSo() =>
        Assert.StartsWith("The ticket has 65 characters", Ticket(new string('1', 65)).Find(".help .bad").TextContent, StringComparison.Ordinal);

    [Fact]
    public void TicketField_SeveralNodesOfOnePolicy_SaysItOnce()
    {
        Decision decision = Decided("Production", Rule);

        Assert.Single(Ticket("", decision, decision with { Sentence = "Another node." }).FindAll(".help p"));
    }

    [Theory]
    [InlineData("short", false)]
    [InlineData("long enough for this one", true)]
    public void ReasonAsked_AnyReason_SaysWhatIsAskedAndWhetherItIsThere(string reason, bool isMet)
    {
        IRenderedComponent<ReasonAsked> asked = Render<ReasonAsked>(parameters => parameters.Add(one => one.Reason, reason).Add(one => one.Decisions, [Decided("Production", Rule), Decided("Dev", null)]));

        Assert.Equal($"“Production” asks for at least 20 characters.{(isMet ? " It is there." : "")}", asked.Find("p").TextContent.Trim());
    }

    [Fact]
    public async Task ReasonRuleFields_Entered_BecomeTheRule()
    {
        ReasonRuleForm form = new();
        IRenderedComponent<ReasonRuleFields> fields = Render<ReasonRuleFields>(parameters => parameters.Add(one => one.Form, form)
            .Add(one => one.Problems, [new PolicyProblem("ReasonRule", "The ticket pattern is wrong."), new PolicyProblem("Name", "Another field's.")]));

        await fields.Find("#ticket-pattern").InputAsync(@"OPS-\d+");
        await fields.Find("#ticket-hint").InputAsync(" OPS-1234 ");
        await fields.Find("#reason-minimum").InputAsync("20");

        Assert.Equal(Rule, form.ToRule());
        Assert.Equal("The ticket pattern is wrong.", fields.Find("#reason-rule-problems p").TextContent.Trim());
    }

    [Fact]
    public void Forms_Rule_SurvivesAndNothingIsNoRule()
    {
        ReasonRule whole = Rule with { Pattern = "a.*", PatternHint = "begins with a" };
        ManualPolicy manual = new() { Id = Guid.NewGuid(), Name = "M", MaximumHours = 1, Target = NodeTarget.AllNodes, Levels = [], ReasonRule = whole };
        AutoApprovalPolicy auto = new() { Id = Guid.NewGuid(), Name = "A", Cedar = "permit (principal, action, resource);", ReasonRule = whole };

        Assert.Equal(whole, new ManualPolicyForm(manual).ToPolicy().ReasonRule);
        Assert.Equal(whole, Assert.IsType<AutoApprovalPolicy>(new CedarPolicyForm(auto).ToPolicy()).ReasonRule);
        Assert.Null(new ManualPolicyForm(manual with { ReasonRule = null }).ToPolicy().ReasonRule);
        Assert.Null(new ReasonRuleForm { Pattern = " ", TicketHint = "\t" }.ToRule());
    }

    private IRenderedComponent<TicketField> Ticket(string value, params Decision[] decisions) =>
        Render<TicketField>(parameters => parameters.Add(field => field.Value, value).Add(field => field.Decisions, decisions));

    private static Decision Decided(string policy, ReasonRule? rule) =>
        new() { Outcome = DecisionOutcome.NeedsApproval, Sentence = "Asks.", PolicySetVersion = 1, DecidedBy = Guid.NewGuid(), DecidedByName = policy, ReasonRule = rule };
}
