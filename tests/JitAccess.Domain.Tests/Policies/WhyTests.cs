using System.Text.Json;
using JitAccess.Cedar;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using Decision = JitAccess.Domain.Policies.Decision;

namespace JitAccess.Domain.Tests.Policies;

/// <summary>Why a policy said what it said, and what would have to be true: the words that people read.</summary>
public sealed class WhyTests(SharedEngine engine)
{
    private const string Group = "AWS::IdentityStore::Group";
    private const string Clock = "context.request.clock.hasTag(\"Europe/Berlin\") && context.request.clock.getTag(\"Europe/Berlin\")";

    [Theory]
    [InlineData("principal in AWS::IdentityStore::Group::\"finance\"", "not in group finance", "Be in group finance.")]
    [InlineData("principal in [AWS::IdentityStore::Group::\"finance\", AWS::IdentityStore::Group::\"leads\"]", "not in one of the groups finance, leads", "Be in one of the groups finance, leads.")]
    [InlineData("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"", "tag env is dev, not prod", "The node would have tag env=prod.")]
    [InlineData("resource.hasTag(\"team\") && resource.getTag(\"team\") == \"red\"", "tag team is absent", "The node would have tag team=red.")]
    [InlineData("resource.hasTag(\"env\") && resource.getTag(\"env\") != \"dev\"", "tag env is dev", "The node would not have tag env=dev.")]
    [InlineData("resource.hasTag(\"env\") && (resource.getTag(\"env\") == \"prod\" || resource.getTag(\"env\") == \"test\")", "tag env is dev, none of prod or test", "The node would have tag env=prod or test.")]
    [InlineData("resource.hasTag(\"env\") && [\"prod\", \"test\"].contains(resource.getTag(\"env\"))", "tag env is dev, none of prod or test", "The node would have tag env=prod or test.")]
    [InlineData("resource.hasTag(\"Name\") && resource.getTag(\"Name\") like \"db-*\"", "tag Name is web-1, not like db-*", "The node would have tag Name like db-*.")]
    [InlineData("!resource.hasTag(\"env\")", "tag env is there", "The node would have no tag env.")]
    [InlineData("principal has division && principal.division == \"Finance\"", "division is Platform, not Finance", "Have division Finance.")]
    [InlineData("principal has organization && principal.organization == \"x\"", "organization is absent", "Have organization x.")]
    [InlineData("principal == AWS::IdentityStore::User::\"ann\"", "not ann", "Be ann.")]
    [InlineData("resource.account == \"222222222222\"", "account is 111111111111, not 222222222222", "The node would be in account 222222222222.")]
    [InlineData("resource.region like \"us-*\"", "Region is eu-west-1, not like us-*", "The node would be in Region like us-*.")]
    [InlineData("resource.platform == \"Windows\"", "platform is Linux, not Windows", "The node would run on Windows.")]
    [InlineData("resource is AWS::SSM::ManagedInstance", "not a hybrid node", "The node would be a hybrid node.")]
    [InlineData("context.request.durationHours <= 2", "the duration is 3 h, not at most 2 h", "Ask for at most 2 h.")]
    [InlineData("context.request.reason like \"CHG-*\"", "the reason is INC-1, not like CHG-*", "Give a reason like CHG-*.")]
    [InlineData(Clock + ".weekday == \"Mon\"", "the day in Europe/Berlin is Tue, not Mon", "Ask on Mon (Europe/Berlin).")]
    [InlineData(Clock + ".minute >= 600", "the time in Europe/Berlin is 09:30, not at least 10:00", "The time in Europe/Berlin would be at least 10:00.")]
    [InlineData("context.iam.principalTags.hasTag(\"team\") && context.iam.principalTags.getTag(\"team\") == \"blue\"", "session tag team is red, not blue", "Have session tag team=blue.")]
    [InlineData("principal in AWS::IdentityStore::Group::\"finance\" && resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"", "not in group finance, tag env is dev, not prod", "Be in group finance, and the node would have tag env=prod.")]
    public void Decide_APermitDoesNotMatch_SaysWhatItFoundAndWhatItWouldNeed(string condition, string found, string needs)
    {
        PolicyAnswer answer = Assert.Single(Decide(Given.Auto(Given.Permit(condition))).Answers);

        Assert.Equal($"no statement matches: {found}", answer.Because);
        Assert.Equal(needs, Assert.Single(answer.WouldNeed));
        StatementAnswer statement = Assert.Single(answer.Statements);
        Assert.Equal((1, ExplainedOutcome.DidNotHold, Given.Permit(condition)), (statement.Number, statement.Outcome, statement.Text));
        Assert.Equal(statement.Clauses.Length, statement.Words.Length);
        Assert.Contains(statement.Clauses, clause => clause.Outcome == ExplainedOutcome.DidNotHold && !clause.Seen.IsEmpty);
    }

    [Theory]
    [InlineData("principal in AWS::IdentityStore::Group::\"engineering\" && resource.hasTag(\"env\") && resource.getTag(\"env\") == \"dev\"",
        "in group engineering and tag env is dev", "Not be in group engineering, or the node would not have tag env=dev.")]
    [InlineData("principal has division && principal.division == \"Platform\"", "division is Platform", "Not have division Platform.")]
    [InlineData("resource is AWS::EC2::Instance", "an EC2 instance", "The node would not be an EC2 instance.")]
    public void Decide_APolicyRefuses_SaysBecauseOfWhatAndWhatWouldHaveToDiffer(string condition, string because, string needs)
    {
        Decision decision = Decide(Given.Deny(Given.Forbid(condition), "Stay out", DenyEffect.Refuse), Given.AllNodes());

        Assert.Equal($"Refused by “Stay out”: statement 1 matches, because {because}.", decision.Sentence);
        Assert.Equal(needs, Assert.Single(Assert.Single(decision.Openings).WouldNeed));
    }

    [Fact]
    public void Decide_TheStatementNamesTheAction_TheActionIsNothingThatAnybodyCouldChange()
    {
        const string statement = "forbid (principal, action == AWS::SSM::Action::\"getTokenForInstanceAccess\", resource)";

        Decision narrow = Decide(Given.Deny(statement + " when { resource is AWS::EC2::Instance };", "Stay out", DenyEffect.Refuse));
        Decision everything = Decide(Given.Deny(statement + ";", "Stay out", DenyEffect.Refuse));

        Assert.Equal(["The node would not be an EC2 instance."], Assert.Single(narrow.Answers).WouldNeed);
        Assert.Empty(Assert.Single(everything.Answers).WouldNeed);
    }

    [Fact]
    public void Decide_AnUnlessKeepsAStatementFromMatching_IsToldTheOtherWayRound()
    {
        PolicyAnswer answer = Assert.Single(Decide(Given.Auto($"permit (principal in {Group}::\"engineering\", action, resource) unless {{ resource.hasTag(\"env\") && resource.getTag(\"env\") == \"dev\" }};")).Answers);

        Assert.Equal("The node would not have tag env=dev.", Assert.Single(answer.WouldNeed));
        Assert.Equal([ExplainedOutcome.Held, ExplainedOutcome.DidNotHold], answer.Statements[0].Clauses.Select(clause => clause.Outcome));
        Assert.Equal(["in group engineering", "tag env is dev"], answer.Statements[0].Words);
    }

    [Fact]
    public void Decide_ForbidThatErrs_NeedsTheMissingTag()
    {
        Decision decision = Decide(Given.Deny(Given.Forbid("resource.getTag(\"team\") == \"red\""), "Red", DenyEffect.Refuse));

        PolicyAnswer answer = Assert.Single(decision.Openings);
        Assert.Equal("The node would have a tag team.", Assert.Single(answer.WouldNeed));
        Assert.Equal("tag team is absent, so it cannot be told", Assert.Single(answer.Statements[0].Words));
    }

    [Fact]
    public void Decide_SeveralStatements_EachSaysWhatItWouldNeed()
    {
        PolicyAnswer answer = Assert.Single(Decide(Given.Auto($"permit (principal in {Group}::\"a\", action, resource);\npermit (principal in {Group}::\"b\", action, resource);")).Answers);

        Assert.Equal(["Be in group a.", "Be in group b."], answer.WouldNeed);
        Assert.Equal([1, 2], answer.Statements.Select(statement => statement.Number));
    }

    [Fact]
    public void Decide_NothingApplies_EveryWayInIsToldWithWhatItTakes()
    {
        Decision decision = Decide(
            Given.Auto($"permit (principal in {Group}::\"oncall\", action, resource);", "On-call"),
            Given.ByTags("Production", "env=prod") with { Target = new NodeTarget { Tags = [Given.Tag("env=prod")], Regions = ["us-east-1"] } });

        Assert.Equal([("On-call", "Be in group oncall."), ("Production", "The node would have tag env=prod and be in Region us-east-1.")],
            decision.Openings.Select(answer => (answer.PolicyName, Assert.Single(answer.WouldNeed))));
    }

    [Fact]
    public void Decide_DenyBlocksWhatWouldBeAutomatic_BothAreInTheWay()
    {
        Decision decision = Decide(
            Given.Deny($"forbid (principal in {Group}::\"engineering\", action, resource);", "No engineers"),
            Given.Auto(Given.Permit("true"), "Everybody"),
            Given.AllNodes());

        Assert.Equal([("No engineers", "Not be in group engineering."), ("Everybody", "“No engineers” would not stand against it.")],
            decision.Openings.Select(answer => (answer.PolicyName, Assert.Single(answer.WouldNeed))));
    }

    [Theory]
    [InlineData("forbid (principal")]
    [InlineData("forbid (principal, action, resource) when { context.request.clock.getTag(\"Europe/Atlantis\").minute > 0 };")]
    public void Decide_AStoredDenyPolicyCannotBeRead_CountsAsAMatchAndSaysSo(string cedar)
    {
        PolicyEvaluator evaluator = new(new PolicySetVersion(1, Given.Set(Given.Deny(cedar, "Broken", DenyEffect.Refuse), Given.Auto(Given.Permit("true")))), engine.Cedar);

        Decision decision = evaluator.Decide(Given.Question());

        Assert.Equal((DecisionOutcome.Refused, "Broken"), (decision.Outcome, decision.DecidedByName));
        Assert.Contains("the policy cannot be read, which counts as a match", decision.Sentence, StringComparison.Ordinal);
        Assert.Equal("An admin of JitAccess would mend the policy, which cannot be read.", Assert.Single(decision.Answers[0].WouldNeed));
        Assert.Equal(DecisionOutcome.Refused, evaluator.DecideBriefly(Given.Question()).Outcome);
        Assert.Equal("Broken", Assert.Single(evaluator.Unreadable).Policy.Name);
    }

    [Theory]
    [InlineData("permit (principal")]
    [InlineData("permit (principal, action, resource) unless { context.request.clock.hasTag(\"Europe/Atlantis\") };")]
    public void Decide_AStoredAutoPolicyCannotBeRead_MatchesNobodyAndSaysSo(string cedar)
    {
        PolicyEvaluator evaluator = new(new PolicySetVersion(1, Given.Set(Given.Auto(cedar))), engine.Cedar);

        Decision decision = evaluator.Decide(Given.Question());

        Assert.Equal((DecisionOutcome.NotCovered, DecisionOutcome.NotCovered), (decision.Outcome, evaluator.DecideBriefly(Given.Question()).Outcome));
        Assert.StartsWith("the policy cannot be read, so it does not match", decision.Answers[0].Because, StringComparison.Ordinal);
    }

    [Fact]
    public void Decision_StoredAndReadBack_KeepsClausesAndWords()
    {
        Decision decision = Decide(Given.Auto(Given.Permit("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"")), Given.AllNodes());

        Decision read = JsonSerializer.Deserialize<Decision>(JsonSerializer.Serialize(decision))!;

        Assert.Equal(JsonSerializer.Serialize(decision), JsonSerializer.Serialize(read));
        Assert.Equal(["tag env is there", "tag env is dev, not prod"], read.Answers[0].Statements[0].Words);
    }

    [Fact]
    public void Decision_StoredBeforeClausesWereKept_IsStillRead()
    {
        const string stored = """
            {"Outcome":2,"Sentence":"Refused.","PolicySetVersion":3,"DecidedBy":null,"DecidedByName":null,"MaximumHours":0,"PendingTimeout":null,"Levels":[],
             "Answers":[{"PolicyId":"6e1a3f0e-0000-4000-8000-000000000001","PolicyName":"Old","Kind":0,"Verdict":2,"Because":"statement 1 matches","Statement":"forbid (principal, action, resource);"}],"Warnings":[]}
            """;

        Decision read = JsonSerializer.Deserialize<Decision>(stored)!;

        PolicyAnswer answer = Assert.Single(read.Answers);
        Assert.Equal(("Old", PolicyVerdict.Refuses, 0, 0), (answer.PolicyName, answer.Verdict, answer.Statements.Length, answer.WouldNeed.Length));
        Assert.Empty(read.Openings);
    }

    private Decision Decide(params Policy[] policies) => new PolicyEvaluator(new PolicySetVersion(1, Given.Set(policies)), engine.Cedar).Decide(Given.Question(
        Given.Requester.WithAttributes(new PersonAttributes(Division: "Platform")) with { PrincipalTags = Domain.Nodes.Node.NoTags.Add("team", "red") },
        Given.Node("env=dev", "Name=web-1"), duration: TimeSpan.FromHours(3)));
}
