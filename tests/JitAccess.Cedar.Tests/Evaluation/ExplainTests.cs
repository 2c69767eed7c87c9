namespace JitAccess.Cedar.Tests.Evaluation;

public sealed class ExplainTests
{
    private const string Group = "AWS::IdentityStore::Group::\"ops\"";

    [Fact]
    public void Explain_OfAMatch_ShowsEveryClauseHeldWithItsValues()
    {
        var explanation = Explain(
            $"permit (principal in {Group}, action, resource is AWS::EC2::Instance) when {{ resource.hasTag(\"env\") && resource.getTag(\"env\") == \"dev\" }} unless {{ principal has division && principal.division == \"Finance\" }};",
            person: [("division", "Platform")], tags: [("env", "dev")], groups: "ops");

        Assert.Equal(ExplainedOutcome.Held, explanation.Outcome);
        Assert.Null(explanation.Error);
        AssertClauses(
            explanation,
            ($"principal in {Group}", ExplainedOutcome.Held, $"principal = {NodeAccess.Person}"),
            ("resource is AWS::EC2::Instance", ExplainedOutcome.Held, $"resource = {NodeAccess.Node}"),
            ("resource.hasTag(\"env\")", ExplainedOutcome.Held, "resource.getTag(\"env\") = \"dev\""),
            ("resource.getTag(\"env\") == \"dev\"", ExplainedOutcome.Held, "resource.getTag(\"env\") = \"dev\""),
            ("unless principal has division && principal.division == \"Finance\"", ExplainedOutcome.Held, "principal.division = \"Platform\""));
    }

    [Fact]
    public void Explain_OfSeveralUnmetDemands_ShowsThemAll()
    {
        var explanation = Explain(
            $"permit (principal in {Group}, action, resource) when {{ resource.hasTag(\"env\") && resource.getTag(\"env\") == \"dev\" && principal has costCenter && principal.costCenter == \"42\" && context.n > 3 }};",
            person: [("costCenter", "7")], tags: [("env", "prod")]);

        Assert.Equal(ExplainedOutcome.DidNotHold, explanation.Outcome);
        AssertClauses(
            explanation,
            ($"principal in {Group}", ExplainedOutcome.DidNotHold, $"principal = {NodeAccess.Person}"),
            ("resource.hasTag(\"env\")", ExplainedOutcome.Held, "resource.getTag(\"env\") = \"prod\""),
            ("resource.getTag(\"env\") == \"dev\"", ExplainedOutcome.DidNotHold, "resource.getTag(\"env\") = \"prod\""),
            ("principal has costCenter", ExplainedOutcome.Held, "principal.costCenter = \"7\""),
            ("principal.costCenter == \"42\"", ExplainedOutcome.DidNotHold, "principal.costCenter = \"7\""),
            ("context.n > 3", ExplainedOutcome.Held, "context.n = 5"));
    }

    [Fact]
    public void Explain_BehindAGuardThatDidNotHold_SaysNotReached()
    {
        var explanation = Explain(NodeAccess.Permit("resource.hasTag(\"env\") && resource.getTag(\"env\") like \"d*\" && principal has division"));

        Assert.Equal(ExplainedOutcome.DidNotHold, explanation.Outcome);
        Assert.Null(explanation.Error);
        AssertClauses(
            explanation,
            ("resource.hasTag(\"env\")", ExplainedOutcome.DidNotHold, "resource.getTag(\"env\") = absent"),
            ("resource.getTag(\"env\") like \"d*\"", ExplainedOutcome.NotReached, "resource.getTag(\"env\") = absent"),
            ("principal has division", ExplainedOutcome.DidNotHold, "principal.division = absent"));
    }

    [Fact]
    public void Explain_OfAFailure_SaysWhichClauseAndWhy()
    {
        var explanation = Explain(NodeAccess.Forbid("resource.getTag(\"env\") == \"prod\" && context.n == 5"));

        Assert.Equal(ExplainedOutcome.Failed, explanation.Outcome);
        Assert.Equal($"`{NodeAccess.Node}` does not have the tag `env`", explanation.Error);
        Assert.Equal(explanation.Error, explanation.Clauses[0].Error);
        AssertClauses(
            explanation,
            ("resource.getTag(\"env\") == \"prod\"", ExplainedOutcome.Failed, "resource.getTag(\"env\") = absent"),
            ("context.n == 5", ExplainedOutcome.Held, "context.n = 5"));
    }

    [Fact]
    public void Explain_OfPathsAndTimes_ShowsTheLongestPathOnce()
    {
        var explanation = Explain(NodeAccess.Permit("context.iam.principalTags.hasTag(\"team\") || context.time < datetime(\"2026-01-01\") || context.time.toTime() > duration(\"8h\")"));

        AssertClauses(
            explanation,
            ("context.iam.principalTags.hasTag(\"team\") || context.time < datetime(\"2026-01-01\") || context.time.toTime() > duration(\"8h\")",
                ExplainedOutcome.Held,
                "context.iam.principalTags.getTag(\"team\") = absent, context.time = datetime(\"2026-11-24T08:30:00.000Z\")"));
    }

    [Fact]
    public void Explain_OfAConditionThatIsNoTruthValue_Fails()
    {
        var explanation = Explain(NodeAccess.Permit("context.n"));

        Assert.Equal(ExplainedOutcome.Failed, explanation.Outcome);
        Assert.Equal("expected bool, found long", explanation.Error);
        Assert.Equal(ExplainedOutcome.Failed, Assert.Single(explanation.Clauses).Outcome);
    }

    [Fact]
    public void Explain_OfAPolicyWithoutDemands_HeldWithoutClauses()
    {
        var explanation = Explain("permit (principal, action, resource);");

        Assert.Equal(ExplainedOutcome.Held, explanation.Outcome);
        Assert.Empty(explanation.Clauses);
    }

    private static StatementExplanation Explain(
        string policy, (string Name, CedarValue Value)[]? person = null, (string Key, CedarValue Value)[]? tags = null, params string[] groups)
    {
        var compiled = CompiledPolicySet.Compile([KeyValuePair.Create("mine", Assert.Single(NodeAccess.Engine.Parse(policy).Statements).Syntax)]);
        var request = NodeAccess.Request with
        {
            Context = NodeAccess.Record(
                ("iam", NodeAccess.Record(("principalTags", new EntityUid("AWS::IAM::PrincipalTags", "person")))),
                ("n", 5),
                ("time", CedarExtension.DateTime(new DateTimeOffset(2026, 11, 24, 8, 30, 0, TimeSpan.Zero)))),
        };

        var explanation = Assert.Single(compiled.Explain(request, EntityStore.Of(NodeAccess.World(person, tags, groups))));

        Assert.Equal("mine", explanation.PolicyId);
        return explanation;
    }

    private static void AssertClauses(StatementExplanation explanation, params (string Text, ExplainedOutcome Outcome, string Seen)[] expected) =>
        Assert.Equal(
            expected,
            explanation.Clauses.Select(clause => (clause.Text, clause.Outcome, string.Join(", ", clause.Seen.Select(seen => $"{seen.Expression} = {seen.Value}")))));
}
