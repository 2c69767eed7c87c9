namespace JitAccess.Cedar.Tests;

public sealed class AuthorizeTests
{
    private static readonly PolicySet AutoApproval = NodeAccess.Engine.Parse(NodeAccess.Sample("auto-approval.cedar")).ToPolicySet();

    [Fact]
    public void Authorize_OfAMatchingPermit_AllowsAndNamesIt()
    {
        var result = NodeAccess.Decide(AutoApproval, NodeAccess.World([("costCenter", "42")], [("CostCenter", "42")], NodeAccess.EngineeringGroup));

        Assert.Equal(Decision.Allow, result.Decision);
        Assert.Equal(["policy0"], result.Reasons);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void Authorize_WithoutAMatch_DeniesWithoutReasons()
    {
        var result = NodeAccess.Decide(AutoApproval, NodeAccess.World([("costCenter", "42")], [("CostCenter", "43")], NodeAccess.EngineeringGroup));

        Assert.Equal(Decision.Deny, result.Decision);
        Assert.Empty(result.Reasons);
    }

    [Fact]
    public void Authorize_ByNoPolicies_Denies() =>
        Assert.Equal(Decision.Deny, NodeAccess.Decide(PolicySet.Empty, NodeAccess.World()).Decision);

    [Fact]
    public void Authorize_OfSeveralPermits_NamesAllThatMatch()
    {
        var policies = NodeAccess.Policies(
            ("one", NodeAccess.Permit("true")),
            ("none", NodeAccess.Permit("resource.hasTag(\"x\")")),
            ("two", NodeAccess.Permit("principal is AWS::IdentityStore::User")));

        Assert.Equal(["one", "two"], NodeAccess.Decide(policies, NodeAccess.World()).Reasons.Order());
    }

    [Fact]
    public void Authorize_OfPermitAndForbid_DeniesAndNamesTheForbidsAlone()
    {
        var policies = NodeAccess.Policies(
            ("open", NodeAccess.Permit("true")),
            ("closed", NodeAccess.Forbid("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"")));

        var result = NodeAccess.Decide(policies, NodeAccess.World(tags: [("env", "prod")]));

        Assert.Equal(Decision.Deny, result.Decision);
        Assert.Equal(["closed"], result.Reasons);
    }

    [Theory]
    [InlineData("permit")]
    [InlineData("forbid")]
    public void Authorize_OfAPolicyThatErrs_ReportsItAndDoesNotMatchIt(string effect)
    {
        var policies = NodeAccess.Policies(
            ("open", NodeAccess.Permit("true")),
            ("errs", $"{effect} (principal, action, resource) when {{ resource.getTag(\"env\") == \"prod\" }};"));

        var result = NodeAccess.Decide(policies, NodeAccess.World());

        Assert.Equal(Decision.Allow, result.Decision);
        Assert.Equal(["open"], result.Reasons);
        var error = Assert.Single(result.Errors);
        Assert.Equal("errs", error.PolicyId);
        Assert.Contains("does not have the tag `env`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Authorize_OfAGroupInAGroup_FindsThePersonInBoth()
    {
        var inner = new EntityUid("AWS::IdentityStore::Group", "inner");
        var outer = new EntityUid("AWS::IdentityStore::Group", "outer");
        var policies = NodeAccess.Policies(("outer", $"permit (principal in {outer}, action, resource);"));

        var result = NodeAccess.Engine.Authorize(
            policies,
            new Entities(new Entity(NodeAccess.Person) { Parents = [inner] }, new Entity(inner) { Parents = [outer] }),
            NodeAccess.Request);

        Assert.Equal(Decision.Allow, result.Decision);
    }

    [Theory]
    [InlineData("E-1*", "E-1", true)]
    [InlineData("E-1*", "E-17", true)]
    [InlineData("E-1*", "TE-17", false)]
    [InlineData("*7", "E-17", true)]
    [InlineData("E*7*", "E-1-7-9", true)]
    [InlineData("\\\\*", "\\x", true)]
    [InlineData("E-\\*", "E-*", true)]
    [InlineData("E-\\*", "E-1", false)]
    [InlineData("*\\u{1F5FC}*", "a🗼b", true)]
    [InlineData("?", "x", false)]
    public void Like_WithWildcardsAndEscapes_MatchesAsCedarSays(string pattern, string text, bool matches)
    {
        var result = NodeAccess.Evaluate($"context.text like \"{pattern}\"", ("text", text));

        Assert.Empty(result.Errors);
        Assert.Equal(matches, result.Decision == Decision.Allow);
    }

    [Theory]
    [InlineData("context.n + 1 > 0", long.MaxValue)]
    [InlineData("context.n - 1 < 0", long.MinValue)]
    [InlineData("context.n * 2 > 0", long.MaxValue)]
    [InlineData("-context.n > 0", long.MinValue)]
    public void Arithmetic_Beyond64Bits_IsAnErrorOfThePolicy(string condition, long number)
    {
        var result = NodeAccess.Evaluate(condition, ("n", number));

        Assert.Equal(Decision.Deny, result.Decision);
        Assert.Contains("overflow", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9007199254740993)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue + 1)]
    public void Integers_BeyondTheExactDoubles_AreNotRounded(long number)
    {
        Assert.Equal(Decision.Allow, NodeAccess.Evaluate($"context.n == {number}", ("n", number)).Decision);
        Assert.Equal(Decision.Deny, NodeAccess.Evaluate($"context.n == {number}", ("n", number - 1)).Decision);

        var raw = Context.FromJson($"{{\"n\": {number}}}");
        var result = NodeAccess.Engine.Authorize(
            NodeAccess.Policies(("same", NodeAccess.Permit($"context.n == {number}"))), Entities.Empty, NodeAccess.Request with { Context = raw });
        Assert.Equal(Decision.Allow, result.Decision);
    }

    [Theory]
    [InlineData("context.time < datetime(\"2026-11-24T09:00:00Z\")", true)]
    [InlineData("context.time < datetime(\"2026-11-24T08:30:00.005Z\")", false)]
    [InlineData("context.time.toTime() >= duration(\"8h30m\")", true)]
    [InlineData("context.time.offset(duration(\"1d\")).toDate() == datetime(\"2026-11-25\")", true)]
    public void Datetime_FromAPointInTime_ComparesAsOne(string condition, bool matches)
    {
        var time = CedarExtension.DateTime(new DateTimeOffset(2026, 11, 24, 9, 30, 0, 5, TimeSpan.FromHours(1)));

        var result = NodeAccess.Evaluate(condition, ("time", time));

        Assert.Empty(result.Errors);
        Assert.Equal(matches, result.Decision == Decision.Allow);
    }

    [Theory]
    [InlineData("context.at.isInRange(ip(\"10.0.0.0/8\"))", "ip", "10.1.2.3")]
    [InlineData("context.at.lessThan(decimal(\"1.5\"))", "decimal", "1.4999")]
    public void Extensions_OfOtherKinds_Work(string condition, string function, string argument) =>
        Assert.Equal(Decision.Allow, NodeAccess.Evaluate(condition, ("at", new CedarExtension(function, argument))).Decision);

    [Fact]
    public void Sets_WithEqualValues_AreEqualWhateverTheirOrder() =>
        Assert.Equal(Decision.Allow, NodeAccess.Evaluate("context.set == [2, 1, 2]", ("set", new CedarSet(1, 2))).Decision);

    [Fact]
    public void Tags_NamedLikeTheFormatsOwnWords_AreTags()
    {
        var policies = NodeAccess.Policies(("tag", NodeAccess.Permit("resource.getTag(\"__entity\") == \"x\"")));
        var node = new Entity(NodeAccess.Node) { Tags = new Dictionary<string, CedarValue> { ["__entity"] = "x" } };

        Assert.Equal(Decision.Allow, NodeAccess.Engine.Authorize(policies, new Entities(node), NodeAccess.Request).Decision);
    }

    [Fact]
    public void Authorize_WithEntitiesThatDoNotFitTheSchema_IsRefused()
    {
        var exception = Assert.Throws<CedarEngineException>(() =>
            NodeAccess.Decide(NodeAccess.Policies(("open", NodeAccess.Permit("true"))), NodeAccess.World([("shoeSize", 43)])));

        Assert.Contains("`shoeSize`", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Authorize_WithAContextThatDoesNotFitTheSchema_IsRefused()
    {
        var exception = Assert.Throws<CedarEngineException>(() => NodeAccess.Engine.Authorize(
            NodeAccess.Policies(("open", NodeAccess.Permit("true"))), NodeAccess.World(), NodeAccess.Request with { Context = Context.Empty }, NodeAccess.Schema));

        Assert.Contains("`iam`", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":null},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":1.5},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":9223372036854775808},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{"x":{"__extn":{"fn":"datetime","arg":"today"}}},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":"a"},"attrs":{},"parents":[{"type":"A","id":"a"}]}]""")]
    public void Authorize_WithBadEntities_IsRefusedAndTheEngineGoesOn(string entities)
    {
        var policies = NodeAccess.Policies(("open", NodeAccess.Permit("true")));

        var exception = Assert.Throws<CedarEngineException>(() => NodeAccess.Engine.Authorize(policies, Entities.FromJson(entities), NodeAccess.Request));

        Assert.NotEmpty(exception.Message);
        Assert.DoesNotContain("wasm", exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Decision.Allow, NodeAccess.Decide(policies, NodeAccess.World()).Decision);
    }

    [Fact]
    public void Authorize_ByAPolicyThatDoesNotParse_IsRefusedEachTime()
    {
        var policies = NodeAccess.Policies(("open", NodeAccess.Permit("true")), ("broken", "permit ("));

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var exception = Assert.Throws<CedarEngineException>(() => NodeAccess.Decide(policies, NodeAccess.World()));
            Assert.Contains("`broken`", exception.Message, StringComparison.Ordinal);
        }
    }
}
