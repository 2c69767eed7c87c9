using System.Collections.Immutable;
using JitAccess.Cedar;

namespace JitAccess.Domain.Policies;

/// <summary>What one Cedar statement of a policy said, kept as part of the explanation of a decision.</summary>
/// <param name="Number">The statement's number in the policy's text, from 1.</param>
/// <param name="Text">The statement.</param>
/// <param name="Outcome">Whether it matched.</param>
/// <param name="Clauses">Its clauses with the values seen.</param>
public sealed record StatementAnswer(int Number, string Text, ExplainedOutcome Outcome, ImmutableArray<ClauseExplanation> Clauses)
{
    /// <summary>What each clause found, in plain English and in the order of <see cref="Clauses"/>: <c>tag env is dev, not prod</c>.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <inheritdoc />
    public bool Equals(StatementAnswer? other) => other is not null && Number == other.Number && Text == other.Text && Outcome == other.Outcome;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Number, Text, Outcome);
}
