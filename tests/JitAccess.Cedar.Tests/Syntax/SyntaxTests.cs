using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Tests.Syntax;

public sealed class SyntaxTests
{
    [Fact]
    public void Syntax_OfAStatement_HoldsItsParts()
    {
        var statement = Assert.Single(NodeAccess.Engine.Parse(NodeAccess.Sample("comment.cedar")).Statements).Syntax;

        Assert.Equal(Effect.Permit, statement.Effect);
        Assert.Equal(new Scope.In([new EntityUid("AWS::IdentityStore::Group", "d4q81745-r081-7079-d789-14da1EXAMPLE")]), statement.Principal);
        Assert.Equal(new Scope.Equal(NodeAccess.Request.Action), statement.Action);
        Assert.Equal(new Scope.Any(), statement.Resource);
        var condition = Assert.Single(statement.Conditions);
        Assert.False(condition.IsUnless);
        var last = Assert.IsType<Expression.And>(condition.Body).Right;
        Assert.Equal(
            new Expression.Binary(
                BinaryOperator.Equal,
                new Expression.GetAttribute(new Expression.Variable(RequestVariable.Principal), "organization"),
                new Expression.Literal("Platform")),
            last);
    }

    [Theory]
    [InlineData("1 + 2 - 3 * 4 == (1 + 2) - (3 - 4)", "1 + 2 - 3 * 4 == 1 + 2 - (3 - 4)")]
    [InlineData("(1 == 2) == (3 == 4)", "(1 == 2) == (3 == 4)")]
    [InlineData("true && (false || true) && (true && false)", "true && (false || true) && (true && false)")]
    [InlineData("(true && false) || true", "true && false || true")]
    [InlineData("- -1 == -(1)", "-(-1) == -(1)")]
    [InlineData("!!!(1 == 2)", "!(!(!(1 == 2)))")]
    [InlineData("-5.a == (-5).a", "-5.a == (-5).a")]
    [InlineData("(if true then 1 else 2) == 1", "(if true then 1 else 2) == 1")]
    [InlineData("context[\"if\"].b[\"c d\"] == context has \"has\"", null)]
    [InlineData("context[\"if\"].b[\"c d\"] == (context has \"has\")", "context[\"if\"].b[\"c d\"] == (context has \"has\")")]
    [InlineData("principal has a.b.c", "principal has a && principal.a has b && principal.a.b has c")]
    [InlineData("principal like \"a*b\\*c\\\\*\\u{41}\"", "principal like \"a*b\\*c\\\\*A\"")]
    [InlineData("principal is A::B in [C::\"\\u{1}\", D::\"é\"]", "principal is A::B in [C::\"\\u{1}\", D::\"é\"]")]
    [InlineData("ip(\"::1\").isInRange(ip(context.x)) && [].isEmpty()", "ip(\"::1\").isInRange(ip(context.x)) && [].isEmpty()")]
    [InlineData("resource.hasTag(\"a\") && [1, {b: 2, \"c d\": [3]}].containsAny([4])", "resource.hasTag(\"a\") && [1, {b: 2, \"c d\": [3]}].containsAny([4])")]
    public void Expression_AsText_HasTheParenthesesItNeeds(string text, string? expected)
    {
        var parsed = NodeAccess.Engine.Parse(NodeAccess.Permit(text));

        Assert.Equal(expected is not null, parsed.IsValid);
        if (expected is not null)
            Assert.Equal(expected, Assert.Single(parsed.Statements).Syntax.Conditions[0].Body.ToString());
    }

    [Fact]
    public void Statement_AsText_IsLaidOut()
    {
        var text = NodeAccess.Sample("reserved-characters.cedar").Trim();
        var statement = Assert.Single(NodeAccess.Engine.Parse(text).Statements).Syntax;

        Assert.Equal(
            """
            permit (
                principal,
                action == AWS::SSM::Action::"getTokenForInstanceAccess",
                resource
            )
            when {
                principal has employeeNumber &&
                principal.employeeNumber like "E-1*" &&
                resource.hasTag("Purpose") &&
                resource.getTag("Purpose") == "Testing"
            };
            """.ReplaceLineEndings("\n"),
            statement.ToString());
    }

    [Fact]
    public void Statement_AsText_ParsesBackToAnEqualOne()
    {
        var syntax = new RandomSyntax(new Random(4711));
        var statements = Enumerable.Range(0, 1_000).Select(_ => syntax.Statement()).ToArray();

        foreach (var some in statements.Chunk(100))
        {
            var parsed = NodeAccess.Engine.Parse(string.Join('\n', some.Select(statement => statement.ToString())));

            Assert.Empty(parsed.Errors);
            Assert.Equal(some.Length, parsed.Statements.Count);
            Assert.All(some, (statement, index) =>
            {
                Assert.Equal(statement, parsed.Statements[index].Syntax);
                Assert.Equal(statement.GetHashCode(), parsed.Statements[index].Syntax.GetHashCode());
            });
        }
    }

    [Theory]
    [InlineData(" || ")]
    [InlineData(" && ")]
    public void Statement_OfAThousandTerms_IsReadAndWritten(string separator)
    {
        var parsed = NodeAccess.Engine.Parse(NodeAccess.Permit(string.Join(separator, Enumerable.Repeat("true", 1_000))));

        var statement = Assert.Single(parsed.Statements).Syntax;

        Assert.Equal(statement, Assert.Single(NodeAccess.Engine.Parse(statement.ToString()).Statements).Syntax);
    }

    [Fact]
    public void Expression_NestedTooDeeply_IsRefused()
    {
        Expression deep = new Expression.Variable(RequestVariable.Context);
        for (var depth = 0; depth < 100_000; depth++)
            deep = new Expression.GetAttribute(deep, "a");

        Assert.Contains("nested too deeply", Assert.Throws<CedarEngineException>(deep.ToString).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_AsText_IsCedar() =>
        Assert.Equal(
            "{a: [1], \"b c\": \"x\\\"\", d: datetime(\"2026-11-24T08:00:00.000Z\"), e: A::\"b\"}",
            NodeAccess.Record(
                ("a", new CedarSet(1)),
                ("b c", "x\""),
                ("d", CedarExtension.DateTime(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero))),
                ("e", new EntityUid("A", "b"))).ToString());
}
