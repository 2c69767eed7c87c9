using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>A statement with the places of its parts in the policy's text.</summary>
internal sealed class SourceStatement
{
    private SourceStatement(PolicyStatement statement, CedarToken[] tokens, ImmutableArray<SourceClause> clauses) =>
        (Syntax, Span, Tokens, Clauses) = (statement.Syntax, statement.Span, tokens, clauses);

    public Statement Syntax { get; }

    public SourceSpan Span { get; }

    /// <summary>Its tokens without comments, placed in the policy's text.</summary>
    public IReadOnlyList<CedarToken> Tokens { get; }

    /// <summary>Its <c>when</c> and <c>unless</c> clauses; none if the text is laid out in a way that is not understood here.</summary>
    public ImmutableArray<SourceClause> Clauses { get; }

    public static SourceStatement Of(PolicyStatement statement, string text)
    {
        CedarToken[] tokens =
        [
            .. CedarToken.Read(statement.Text).Where(token => token.Kind != CedarTokenKind.Comment)
                .Select(token => token with { Start = token.Start + statement.Span.Start, End = token.End + statement.Span.Start }),
        ];
        return new SourceStatement(statement, tokens, ClausesOf(tokens, text, statement.Syntax.Conditions));
    }

    /// <summary>Every text in quotes with this content.</summary>
    public IEnumerable<CedarToken> TextsOf(string content, string text) =>
        Tokens.Where(token => token.Kind == CedarTokenKind.Text && token.Of(text).SequenceEqual(new Expression.Literal(content).ToString()));

    private static ImmutableArray<SourceClause> ClausesOf(CedarToken[] tokens, string text, ImmutableArray<Condition> conditions)
    {
        ImmutableArray<SourceClause>.Builder clauses = ImmutableArray.CreateBuilder<SourceClause>();
        for (int index = 0; index + 1 < tokens.Length; index++)
        {
            if (tokens[index].Of(text) is not ("when" or "unless") || tokens[index + 1].Of(text) is not "{") continue;
            int close = SourceExpression.CloseOf(tokens, text, index + 1);
            if (close == tokens.Length || close == index + 2 || clauses.Count == conditions.Length) return [];
            Condition condition = conditions[clauses.Count];
            clauses.Add(new SourceClause(condition.IsUnless, tokens[index].Start, SourceExpression.Read(tokens.AsSpan(index + 2, close - index - 2), text, condition.Body)));
            index = close;
        }
        return clauses.Count == conditions.Length ? clauses.ToImmutable() : [];
    }
}

/// <summary>A <c>when</c> or <c>unless</c> clause.</summary>
/// <param name="IsUnless">True for <c>unless</c>.</param>
/// <param name="Start">Where its word begins.</param>
/// <param name="Body">What stands in its braces.</param>
internal sealed record SourceClause(bool IsUnless, int Start, SourceExpression Body);
