using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>A part of a condition with its place in the text: the logic of a statement, down to terms that are not taken apart further.</summary>
internal sealed class SourceExpression
{
    private SourceExpression(SourceLogic logic, Expression syntax, int start, int end, SourceExpression[] parts)
    {
        (Logic, Syntax, Start, End, Parts) = (logic, syntax, start, end, parts);
        foreach (SourceExpression part in parts) part.Parent = this;
    }

    public SourceLogic Logic { get; }

    /// <summary>What the text means.</summary>
    public Expression Syntax { get; }

    /// <summary>Where it begins, in characters of the policy's text from 0.</summary>
    public int Start { get; }

    /// <summary>Where it has ended.</summary>
    public int End { get; }

    public IReadOnlyList<SourceExpression> Parts { get; }

    public SourceExpression? Parent { get; private set; }

    /// <summary>Whether an odd number of negations stands around it, so that where it is true the condition is less so.</summary>
    public bool IsUnderNot => Parent is { } parent && parent.IsUnderNot != (parent.Logic == SourceLogic.Not);

    /// <summary>The terms, in the order of the text.</summary>
    public IEnumerable<SourceExpression> Terms => Logic == SourceLogic.Term ? [this] : Parts.SelectMany(part => part.Terms);

    /// <summary>This part and all inside it.</summary>
    public IEnumerable<SourceExpression> All => Parts.SelectMany(part => part.All).Prepend(this);

    /// <summary>The parts that must all be true: those of <c>&amp;&amp;</c>, without parentheses around them; else itself alone.</summary>
    public IEnumerable<SourceExpression> Conjuncts => Logic is SourceLogic.And or SourceLogic.Group ? Parts.SelectMany(part => part.Conjuncts) : [this];

    /// <summary>Whether this is known to be true when a part that stands behind it is looked at.</summary>
    public bool HoldsFor(SourceExpression later)
    {
        for (SourceExpression around = this; ; around = around.Parent)
        {
            if (around.Start <= later.Start && later.End <= around.End) return true;
            if (around.Parent is not { Logic: SourceLogic.And or SourceLogic.Group }) return false;
        }
    }

    /// <summary>Reads the tokens between two places; where text and meaning cannot be told to be the same, it is one term.</summary>
    public static SourceExpression Read(ReadOnlySpan<CedarToken> tokens, string text, Expression syntax, int depth = 0)
    {
        // Parentheses nest deeper than syntax; the stack has an end.
        SourceExpression term = new(SourceLogic.Term, syntax, tokens[0].Start, tokens[^1].End, []);
        if (depth > 500) return term;
        if (tokens[0].Of(text) is "if") return term;
        if (ReadChain(tokens, text, "||", syntax, depth, out SourceExpression[]? parts)) return parts is null ? term : new(SourceLogic.Or, syntax, term.Start, term.End, parts);
        if (ReadChain(tokens, text, "&&", syntax, depth, out parts)) return parts is null ? term : new(SourceLogic.And, syntax, term.Start, term.End, parts);
        if (tokens.Length > 1 && tokens[0].Of(text) is "!" && syntax is Expression.Unary { Operator: UnaryOperator.Not } not)
            return new(SourceLogic.Not, syntax, term.Start, term.End, [Read(tokens[1..], text, not.Operand, depth + 1)]);
        return tokens.Length > 2 && tokens[0].Of(text) is "(" && CloseOf(tokens, text, 0) == tokens.Length - 1
            ? new(SourceLogic.Group, syntax, term.Start, term.End, [Read(tokens[1..^1], text, syntax, depth + 1)])
            : term;
    }

    /// <summary>The index of the token that closes the bracket at another; the number of tokens if none does.</summary>
    public static int CloseOf(ReadOnlySpan<CedarToken> tokens, string text, int open)
    {
        int depth = 0;
        for (int index = open; index < tokens.Length; index++)
        {
            depth += Nesting(tokens[index], text);
            if (depth == 0) return index;
        }
        return tokens.Length;
    }

    private static int Nesting(CedarToken token, string text) => token.Kind == CedarTokenKind.Sign
        ? text[token.Start] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 }
        : 0;

    /// <summary>True if the operator joins parts at the top; the parts are null if the meaning is built in another way.</summary>
    private static bool ReadChain(ReadOnlySpan<CedarToken> tokens, string text, string joiner, Expression syntax, int depth, out SourceExpression[]? parts)
    {
        List<(int First, int Length)> pieces = [];
        int first = 0;
        int nesting = 0;
        for (int index = 0; index < tokens.Length; index++)
        {
            // What follows "if" at the beginning of a part belongs to it up to the end.
            if (index == first && tokens[index].Of(text) is "if") break;
            nesting += Nesting(tokens[index], text);
            if (nesting != 0 || tokens[index].Kind != CedarTokenKind.Sign || !tokens[index].Of(text).SequenceEqual(joiner)) continue;
            pieces.Add((first, index - first));
            first = index + 1;
        }
        pieces.Add((first, tokens.Length - first));
        parts = null;
        if (pieces.Count == 1) return false;
        if (pieces.Any(piece => piece.Length == 0)) return true;

        Expression[] meanings = new Expression[pieces.Count];
        for (int index = pieces.Count - 1; index > 0; index--)
        {
            (Expression? left, Expression? right) = (joiner, syntax) switch
            {
                ("||", Expression.Or either) => (either.Left, either.Right),
                ("&&", Expression.And both) => (both.Left, both.Right),
                _ => ((Expression?)null, null),
            };
            if (left is null || right is null) return true;
            (syntax, meanings[index]) = (left, right);
        }
        meanings[0] = syntax;
        parts = new SourceExpression[pieces.Count];
        for (int index = 0; index < parts.Length; index++)
            parts[index] = Read(tokens.Slice(pieces[index].First, pieces[index].Length), text, meanings[index], depth + 1);
        return true;
    }
}

/// <summary>How the parts of a <see cref="SourceExpression"/> are joined.</summary>
internal enum SourceLogic
{
    /// <summary>It is not taken apart.</summary>
    Term,

    /// <summary>Parts joined by <c>&amp;&amp;</c>.</summary>
    And,

    /// <summary>Parts joined by <c>||</c>.</summary>
    Or,

    /// <summary><c>!</c> and one part.</summary>
    Not,

    /// <summary>One part in parentheses.</summary>
    Group,
}
