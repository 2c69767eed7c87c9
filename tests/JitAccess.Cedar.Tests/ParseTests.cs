namespace JitAccess.Cedar.Tests;

public sealed class ParseTests
{
    [Theory]
    [InlineData("auto-approval.cedar", 3, Effect.Permit)]
    [InlineData("deny-access.cedar", 3, Effect.Forbid)]
    [InlineData("deny-access-old.cedar", 3, Effect.Forbid)]
    [InlineData("comment.cedar", 1, Effect.Permit)]
    [InlineData("multiple-clauses.cedar", 1, Effect.Permit)]
    [InlineData("reserved-characters.cedar", 1, Effect.Permit)]
    public void Parse_OfAwsSamples_FindsTheirStatements(string file, int count, Effect effect)
    {
        var text = NodeAccess.Sample(file);

        var result = NodeAccess.Engine.Parse(text);

        Assert.Empty(result.Errors);
        Assert.Equal(count, result.Statements.Count);
        Assert.All(result.Statements, statement =>
        {
            Assert.Equal(effect, statement.Effect);
            Assert.Equal(statement.Text, text[statement.Span.Start..statement.Span.End]);
        });
    }

    [Fact]
    public void Parse_WithAWrongActionUid_PointsAtIt()
    {
        var text = NodeAccess.Sample("multiple-clauses.invalid.cedar");

        var error = Assert.Single(NodeAccess.Engine.Parse(text).Errors);

        Assert.Equal("expected an entity uid, found name `AWS::SSM::getTokenForInstanceAccess`", error.Message);
        Assert.Equal("try including an identifier string if you intended this name to be an entity uid", error.Help);
        Assert.Equal("AWS::SSM::getTokenForInstanceAccess", text[error.Span!.Value.Start..error.Span.Value.End]);
        Assert.Equal((4, 29), (error.Span.Value.Line, error.Span.Value.Column));
    }

    [Fact]
    public void Parse_WithoutTheLastSemicolon_SaysWhatIsMissingAndWhere()
    {
        var error = Assert.Single(NodeAccess.Engine.Parse(NodeAccess.Sample("reserved-characters.invalid.cedar")).Errors);

        Assert.Equal("unexpected end of input: expected `;` or identifier", error.Message);
        Assert.Equal((8, 2), (error.Span!.Value.Line, error.Span.Value.Column));
    }

    [Fact]
    public void Parse_WithoutASemicolonBetweenStatements_PointsAtTheNextOne()
    {
        var error = Assert.Single(NodeAccess.Engine.Parse("permit (principal, action, resource)\nforbid (principal, action, resource);").Errors);

        // To the parser "forbid" could still open a when-like clause; it stumbles over what follows.
        Assert.Equal("unexpected token `(`: expected `{`", error.Message);
        Assert.Equal((2, 8), (error.Span!.Value.Line, error.Span.Value.Column));
    }

    [Fact]
    public void Parse_OfAMethodThatIsNotCedar_IsAnError()
    {
        var text = NodeAccess.Permit("resource.hasTag(\"a\") && [\"x\"].exists(\"x\")");

        var error = Assert.Single(NodeAccess.Engine.Parse(text).Errors);

        Assert.Contains("`exists` is not a valid method", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAnErrorBehindNonAsciiText_CountsCharactersAndNotBytes()
    {
        var text = "// 東京 🗼\r\n" + NodeAccess.Permit("\"🗼\" == context.é");

        var error = Assert.Single(NodeAccess.Engine.Parse(text).Errors);

        Assert.Equal(text.IndexOf('é', StringComparison.Ordinal), error.Span!.Value.Start);
        Assert.Equal(2, error.Span.Value.Line);
    }

    [Fact]
    public void Parse_WithSemicolonsInStringsAndComments_SplitsAtTheOthers()
    {
        const string First = "@id(\"a;\\\";b\") @checked permit (principal, action, resource) // one; two\n when { \"//;\" == \"\\\\\" };";
        const string Second = "forbid (principal, action, resource);";

        var result = NodeAccess.Engine.Parse($"// {Second}\n\t{First} // {Second}\r\n{Second}//;");

        Assert.Equal([First, Second], result.Statements.Select(statement => statement.Text));
        Assert.Equal([Effect.Permit, Effect.Forbid], result.Statements.Select(statement => statement.Effect));
        Assert.Equal("a;\";b", result.Statements[0].Annotations["id"]);
        Assert.Equal("", result.Statements[0].Annotations["checked"]);
        Assert.Empty(result.Statements[1].Annotations);
        Assert.Equal((4, 1), (result.Statements[1].Span.Line, result.Statements[1].Span.Column));
    }

    [Fact]
    public void Parse_OfManyStatements_KeepsTheirOrder()
    {
        var texts = Enumerable.Range(0, 25).Select(number => NodeAccess.Permit($"{number} == 0")).ToArray();

        var result = NodeAccess.Engine.Parse(string.Concat(texts));

        Assert.Equal(texts, result.Statements.Select(statement => statement.Text));
        Assert.Equal(texts[12], result.ToPolicySet().Policies["policy12"]);
    }

    [Fact]
    public void Parse_OfATemplate_IsAnErrorAtItsSlot()
    {
        const string Text = "permit (principal, action, resource);\nforbid (principal == ?principal, action, resource);";

        var result = NodeAccess.Engine.Parse(Text);

        var error = Assert.Single(result.Errors);
        Assert.Empty(result.Statements);
        Assert.Contains("template", error.Message, StringComparison.Ordinal);
        Assert.Equal("?principal", Text[error.Span!.Value.Start..error.Span.Value.End]);
        Assert.Equal(2, error.Span.Value.Line);
        Assert.Throws<InvalidOperationException>(result.ToPolicySet);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("// nothing here;")]
    public void Parse_OfATextWithoutStatements_IsValidAndEmpty(string text)
    {
        var result = NodeAccess.Engine.Parse(text);

        Assert.True(result.IsValid);
        Assert.Empty(result.Statements);
    }

    [Fact]
    public void Parse_OfTooLongAText_IsAnError()
    {
        var result = NodeAccess.Engine.Parse(new string(' ', 64 * 1024 + 1));

        Assert.Equal("The text is too long: 65537 characters, where 65536 are allowed.", Assert.Single(result.Errors).Message);
    }

    [Fact]
    public void Parse_OfHalfACharacter_IsAnErrorAtItsPlace()
    {
        var error = Assert.Single(NodeAccess.Engine.Parse("// 🗼\n\ud83d permit").Errors);

        Assert.Contains("half a character", error.Message, StringComparison.Ordinal);
        Assert.Equal((2, 1), (error.Span!.Value.Line, error.Span.Value.Column));
    }

    [Fact]
    public void Format_OfAnUntidyText_LaysItOutAndKeepsItsMeaning()
    {
        var text = NodeAccess.Sample("deny-access-old.cedar");

        var result = NodeAccess.Engine.Format(text);

        Assert.True(result.IsValid);
        Assert.StartsWith("forbid (\n  principal in\n", result.Text, StringComparison.Ordinal);
        Assert.Equal(3, NodeAccess.Engine.Parse(result.Text).Statements.Count);
        Assert.Equal(result.Text, NodeAccess.Engine.Format(result.Text).Text);
    }

    [Fact]
    public void Format_OfABrokenText_SaysWhere()
    {
        var result = NodeAccess.Engine.Format("permit (\n");

        Assert.False(result.IsValid);
        Assert.Equal("unexpected end of input: expected `)` or identifier", Assert.Single(result.Errors).Message);
    }
}
