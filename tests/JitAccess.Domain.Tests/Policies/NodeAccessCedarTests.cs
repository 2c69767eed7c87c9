using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

/// <summary>What of a question reaches Cedar.</summary>
public sealed class NodeAccessCedarTests(SharedEngine engine)
{
    private static readonly AccessQuestion Asked = Given.Question(
        Given.Requester.WithAttributes(new PersonAttributes("E-17", "42", "Platform", "Finance")) with { PrincipalTags = Node.NoTags.Add("team", "payments") },
        Given.Node("env=prod", "CostCenter=42"),
        "INC-77: disk full",
        TimeSpan.FromMinutes(150));

    [Theory]
    [InlineData("principal == AWS::IdentityStore::User::\"requester\"", true)]
    [InlineData("principal in AWS::IdentityStore::Group::\"engineering\"", true)]
    [InlineData("principal in AWS::IdentityStore::Group::\"finance\"", false)]
    [InlineData("principal has employeeNumber && principal.employeeNumber like \"E-1*\"", true)]
    [InlineData("principal has costCenter && resource.hasTag(\"CostCenter\") && principal.costCenter == resource.getTag(\"CostCenter\")", true)]
    [InlineData("principal has organization && principal.organization == \"Platform\"", true)]
    [InlineData("principal has division && principal.division == \"Finance\"", true)]
    [InlineData("principal has division && principal.division == \"finance\"", false)]
    [InlineData("resource == AWS::EC2::Instance::\"i-0a1b2c3d4e5f60718\"", true)]
    [InlineData("resource is AWS::EC2::Instance", true)]
    [InlineData("resource is AWS::SSM::ManagedInstance", false)]
    [InlineData("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"", true)]
    [InlineData("resource.hasTag(\"Env\")", false)]
    [InlineData("resource.hasTag(\"env:prod\")", false)]
    [InlineData("resource.account == \"111111111111\" && resource.region == \"eu-west-1\" && resource.platform == \"Linux\"", true)]
    [InlineData("action == AWS::SSM::Action::\"getTokenForInstanceAccess\"", true)]
    [InlineData("context.iam.principalTags.hasTag(\"team\") && context.iam.principalTags.getTag(\"team\") == \"payments\"", true)]
    [InlineData("context.iam.principalTags.hasTag(\"Team\")", false)]
    [InlineData("context.request.time == datetime(\"2026-11-24T08:30:00Z\")", true)]
    [InlineData("context.request.time.toTime() < duration(\"8h\")", false)]
    [InlineData("context.request.reason like \"INC-*\"", true)]
    [InlineData("context.request.durationHours == 3", true)]
    [InlineData("context.request.breakGlass", false)]
    public void Cedar_AsksForAFact_SeesIt(string condition, bool matches) => Assert.Equal(matches, Matches(condition, Asked));

    [Theory]
    [InlineData("principal has employeeNumber")]
    [InlineData("principal has costCenter")]
    [InlineData("principal has organization")]
    [InlineData("principal has division")]
    [InlineData("resource.hasTag(\"env\")")]
    [InlineData("context.iam.principalTags.hasTag(\"team\")")]
    public void Cedar_FactIsNotKnown_SeesNone(string condition) => Assert.False(Matches(condition, Given.Question()));

    [Theory]
    [InlineData("resource is AWS::SSM::ManagedInstance", true)]
    [InlineData("resource == AWS::SSM::ManagedInstance::\"mi-0f1e2d3c4b5a69788\"", true)]
    [InlineData("resource is AWS::EC2::Instance", false)]
    [InlineData("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"edge\"", true)]
    public void Cedar_NodeIsHybrid_SeesAManagedInstance(string condition, bool matches) =>
        Assert.Equal(matches, Matches(condition, Given.Question(node: Given.Node("env=edge") with { Id = InstanceId.Parse("mi-0f1e2d3c4b5a69788") })));

    [Fact]
    public void Cedar_TimeIsOfAnotherOffset_SeesTheSameInstant() =>
        Assert.True(Matches("context.request.time == datetime(\"2026-11-24T08:30:00Z\")", Asked with { At = Given.Now.ToOffset(TimeSpan.FromHours(9)) }));

    [Theory]
    [InlineData(1, "context.request.durationHours == 1")]
    [InlineData(60, "context.request.durationHours == 1")]
    [InlineData(61, "context.request.durationHours == 2")]
    [InlineData(336 * 60, "context.request.durationHours == 336")]
    public void Cedar_DurationIsNoWholeHours_SeesItRoundedUp(int minutes, string condition) =>
        Assert.True(Matches(condition, Asked with { Duration = TimeSpan.FromMinutes(minutes) }));

    [Fact]
    public void Decide_DurationIsLeftOpen_IsJudgedByTheLongestAutomaticAccess()
    {
        AutoApprovalPolicy auto = Given.Auto(Given.Permit("true"), hours: 8);
        DenyAccessPolicy deny = Given.Deny(Given.Forbid("context.request.durationHours > 4"));

        Assert.Equal(DecisionOutcome.NeedsApproval, Outcome(null, auto, deny));
        Assert.Equal(DecisionOutcome.NeedsApproval, Outcome(TimeSpan.FromHours(5), auto, deny));
        Assert.Equal(DecisionOutcome.Automatic, Outcome(TimeSpan.FromHours(4), auto, deny));
        Assert.Equal(DecisionOutcome.Automatic, Outcome(null, auto with { MaximumHours = 4 }, deny));
    }

    [Fact]
    public void Decide_TwoPeopleAskAfterEachOther_EachIsJudgedByTheirOwnFacts()
    {
        PolicyEvaluator evaluator = new(new PolicySetVersion(1, Given.Set(Given.Auto("permit (principal in AWS::IdentityStore::Group::\"engineering\", action, resource);"))), engine.Cedar);

        Assert.Equal(DecisionOutcome.Automatic, evaluator.Decide(Given.Question(Given.Requester)).Outcome);
        Assert.Equal(DecisionOutcome.NotCovered, evaluator.Decide(Given.Question(Given.Approver)).Outcome);
        Assert.Equal(DecisionOutcome.Automatic, evaluator.Decide(Given.Question(Given.Requester)).Outcome);
    }

    private DecisionOutcome Outcome(TimeSpan? duration, params Policy[] policies) =>
        new PolicyEvaluator(new PolicySetVersion(1, Given.Set([.. policies, Given.AllNodes()])), engine.Cedar).Decide(Asked with { Duration = duration }).Outcome;

    private bool Matches(string condition, AccessQuestion question)
    {
        AutoApprovalPolicy policy = Given.Auto(Given.Permit(condition));
        Assert.DoesNotContain(PolicyRules.ProblemsOf(policy, engine.Cedar), problem => !problem.IsWarning);
        Decision decision = new PolicyEvaluator(new PolicySetVersion(1, Given.Set(policy)), engine.Cedar).Decide(question);
        Assert.DoesNotContain("could not be evaluated", Assert.Single(decision.Answers).Because, StringComparison.Ordinal);
        return decision.Outcome == DecisionOutcome.Automatic;
    }
}
