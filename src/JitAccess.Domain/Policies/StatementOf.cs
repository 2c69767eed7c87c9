using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies;

/// <summary>One Cedar statement of a policy.</summary>
/// <param name="PolicyId">The policy.</param>
/// <param name="Place">The policy's place among those of its kind, in order of evaluation.</param>
/// <param name="Number">The statement's number in the policy's text, from 1.</param>
/// <param name="Text">The statement.</param>
/// <param name="Syntax">The statement taken apart.</param>
internal sealed record StatementOf(Guid PolicyId, int Place, int Number, string Text, Statement Syntax)
{
    private ImmutableArray<ClauseWords.Clause> _clauses;

    /// <summary>What the compiled set calls it.</summary>
    public string Id { get; } = $"{PolicyId:N}.{Number}";

    // Two threads may both make it, which does no harm.
    private ImmutableArray<ClauseWords.Clause> Clauses => _clauses.IsDefault ? _clauses = ClauseWords.ClausesOf(Syntax) : _clauses;

    /// <summary>What each clause found, in words; empty when the explanation has other clauses than the text.</summary>
    public ImmutableArray<string> WordsFor(StatementExplanation explained) => Clauses.Length == explained.Clauses.Length
        ? [.. Clauses.Zip(explained.Clauses, ClauseWords.Found)]
        : [];

    /// <summary>What its clauses with an outcome found, where each alone made itself come out so; the guard before a comparison is left out.</summary>
    public IEnumerable<string> Reasons(StatementExplanation explained, ExplainedOutcome outcome)
    {
        if (Clauses.Length != explained.Clauses.Length) return [];
        string[] words = [.. Clauses.Zip(explained.Clauses).Where(one => one.Second.Outcome == outcome).Select(one => ClauseWords.Reason(one.First, one.Second)).OfType<string>().Distinct(StringComparer.Ordinal)];
        return words.Where(one => !one.EndsWith(" is there", StringComparison.Ordinal) || !words.Any(other => other != one && other.StartsWith(one[..^"there".Length], StringComparison.Ordinal)));
    }

    /// <summary>What would have to be true for it to match; null when nothing is missing.</summary>
    public string? ToMatch(StatementExplanation explained) => ClauseWords.AllOf(Told(explained, ExplainedOutcome.DidNotHold, ExplainedOutcome.Failed, ExplainedOutcome.NotReached));

    /// <summary>What would have to be true for it not to match; null when it matches everybody and everything.</summary>
    public string? NotToMatch(StatementExplanation explained) => explained.Outcome == ExplainedOutcome.Failed
        ? ClauseWords.PresenceFor(Told(explained, ExplainedOutcome.Failed))
        : ClauseWords.NotAllOf(Told(explained, ExplainedOutcome.Held));

    private IEnumerable<ClauseWords.Clause> Told(StatementExplanation explained, params ExplainedOutcome[] outcomes) =>
        Clauses.Length == explained.Clauses.Length ? Clauses.Where((clause, index) => !IsOfAction(clause) && outcomes.Contains(explained.Clauses[index].Outcome)) : [];

    /// <summary>Whether the clause asks for the action, which is the same for every request: nobody can change anything by it.</summary>
    private static bool IsOfAction(ClauseWords.Clause clause) => clause.Body is Expression.Binary { Left: Expression.Variable { Name: RequestVariable.Action } };
}
