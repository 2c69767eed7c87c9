namespace JitAccess.Cedar.Tests;

public sealed class ValidationTests
{
    [Theory]
    [InlineData("auto-approval.cedar")]
    [InlineData("deny-access.cedar")]
    [InlineData("deny-access-old.cedar")]
    [InlineData("comment.cedar")]
    [InlineData("multiple-clauses.cedar")]
    [InlineData("reserved-characters.cedar")]
    public void Validate_OfAwsSamples_FindsNothing(string file)
    {
        var result = Validate(NodeAccess.Engine.Parse(NodeAccess.Sample(file)).ToPolicySet());

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Validate_OfAnUnguardedTag_PointsAtItForEachKindOfNode()
    {
        var text = NodeAccess.Permit("resource.getTag(\"env\") == \"demo\"");

        var result = Validate(("mine", text));

        Assert.False(result.IsValid);
        Assert.Equal(
            ["AWS::EC2::Instance", "AWS::SSM::ManagedInstance"],
            result.Errors.Select(error => error.Message.Split('`')[^2]));
        Assert.All(result.Errors, error =>
        {
            Assert.StartsWith("unable to guarantee safety of access to tag `\"env\"`", error.Message, StringComparison.Ordinal);
            Assert.Equal("try testing for the tag's presence with `.hasTag(\"env\") && ..`", error.Help);
            Assert.Equal("mine", error.PolicyId);
            Assert.Equal("resource.getTag(\"env\")", text[error.Span!.Value.Start..error.Span.Value.End]);
        });
    }

    [Fact]
    public void Validate_OfAnUnguardedOptionalAttribute_PointsAtIt()
    {
        var text = NodeAccess.Forbid("principal.division != \"Finance\"");

        var error = Assert.Single(Validate(("mine", text)).Errors);

        Assert.StartsWith("unable to guarantee safety of access to optional attribute `division`", error.Message, StringComparison.Ordinal);
        Assert.Equal("principal.division", text[error.Span!.Value.Start..error.Span.Value.End]);
    }

    [Fact]
    public void Validate_OfAnUnknownAttribute_SuggestsAKnownOne()
    {
        var error = Assert.Single(Validate(("mine", NodeAccess.Permit("principal has costCenter && principal.costcenter == \"1\""))).Errors);

        Assert.Contains("`costcenter`", error.Message, StringComparison.Ordinal);
        Assert.Contains("`costCenter`", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OfAnActionThatDoesNotExist_IsAnError()
    {
        var error = Assert.Single(Validate(("mine", "permit (principal, action == AWS::SSM::Action::\"startSession\", resource);")).Errors);

        Assert.Contains("unrecognized action `AWS::SSM::Action::\"startSession\"`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OfATagKeyWithItsValue_FindsNothingAndNeverMatches()
    {
        var policies = NodeAccess.Policies(("colon", NodeAccess.Permit("resource.hasTag(\"env:demo\")")));

        Assert.True(Validate(policies).IsValid);
        Assert.Equal(Decision.Deny, NodeAccess.Decide(policies, NodeAccess.World(tags: [("env", "demo")])).Decision);
    }

    [Fact]
    public void Validate_OfAPolicyThatCanNeverMatch_Warns()
    {
        var result = Validate(("never", NodeAccess.Permit("resource.hasTag(\"env\") && false")));

        Assert.True(result.IsValid);
        var warning = Assert.Single(result.Warnings);
        Assert.Equal("never", warning.PolicyId);
        Assert.Contains("policy is impossible", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OfSeveralPolicies_ReportsThemInTheirOrder()
    {
        var broken = Enumerable.Range(0, 12).Select(number => ($"policy {number}", NodeAccess.Permit("principal.division == \"x\" && principal.organization == \"y\""))).ToArray();

        var errors = Validate(broken).Errors;

        Assert.Equal(broken.SelectMany(policy => new[] { policy.Item1, policy.Item1 }), errors.Select(error => error.PolicyId));
        Assert.All(errors.Chunk(2), pair => Assert.True(pair[0].Span!.Value.Start < pair[1].Span!.Value.Start));
    }

    [Fact]
    public void Validate_OfPoliciesThatDoNotParse_NamesEach()
    {
        var result = Validate(("good", NodeAccess.Permit("true")), ("`odd` from string: ", "permit ("), ("two", "permit (principal, action, resource); permit (principal, action, resource);"));

        Assert.Equal(["`odd` from string: ", "two"], result.Errors.Select(error => error.PolicyId));
        Assert.Equal("unexpected end of input: expected `)` or identifier", result.Errors[0].Message);
        Assert.Equal(8, result.Errors[0].Span!.Value.Start);
        Assert.Contains("unexpected token `permit`", result.Errors[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_AgainstASchemaThatDoesNotParse_IsAnErrorOfNoPolicy()
    {
        var result = NodeAccess.Engine.Validate(NodeAccess.Policies(("good", NodeAccess.Permit("true"))), new Schema("entity ;"));

        var error = Assert.Single(result.Errors);
        Assert.Null(error.PolicyId);
        Assert.Contains("schema", error.Message, StringComparison.Ordinal);
    }

    private static ValidationResult Validate(params (string Id, string Text)[] policies) => Validate(NodeAccess.Policies(policies));

    private static ValidationResult Validate(PolicySet policies) => NodeAccess.Engine.Validate(policies, NodeAccess.Schema);
}
