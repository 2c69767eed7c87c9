using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>The opposite of a part of a condition, as text.</summary>
internal static class SourceNegation
{
    /// <summary>The opposite, which can stand beside <c>&amp;&amp;</c>.</summary>
    public static string Of(SourceExpression part, SourceStatement statement, CedarDraft draft) =>
        OfComparison(part, statement, draft) ?? (part.Logic == SourceLogic.Not ? draft.Piece(part.Parts[0].Start, part.Parts[0].End) : $"!({draft.Piece(part.Start, part.End)})");

    /// <summary>The comparison with <c>!=</c> in place of <c>==</c>, or the other way round; null if the part is no such comparison.</summary>
    public static string? OfComparison(SourceExpression part, SourceStatement statement, CedarDraft draft)
    {
        if (part is not { Logic: SourceLogic.Term, Syntax: Expression.Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } comparison }) return null;
        string sign = comparison.Operator == BinaryOperator.Equal ? "==" : "!=";
        CedarToken[] signs = [.. statement.Tokens.Where(token => token.Kind == CedarTokenKind.Sign && token.Start >= part.Start && token.End <= part.End && token.Of(draft.Text).SequenceEqual(sign))];
        return signs is [var only] ? $"{draft.Piece(part.Start, only.Start)}{(sign == "==" ? "!=" : "==")}{draft.Piece(only.End, part.End)}" : null;
    }
}
