using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Shared;

/// <summary>The statements of one policy with what became of each of their clauses. Of many, those that matched or failed come first.</summary>
public sealed partial class PolicyStatements
{
    private const int More = 20;

    private int most = 5;

    [Parameter, EditorRequired] public PolicyAnswer Answer { get; set; } = null!;

    private ImmutableArray<StatementAnswer> Statements => Answer.Statements.IsDefault ? [] : Answer.Statements;

    private IReadOnlyList<StatementAnswer> Shown => Statements.Length <= most
        ? Statements
        : [.. Statements.OrderBy(statement => statement.Outcome is ExplainedOutcome.Held or ExplainedOutcome.Failed ? 0 : 1).ThenBy(statement => statement.Number).Take(most)];

    private static string? WordsOf(StatementAnswer statement, int clause) =>
        !statement.Words.IsDefaultOrEmpty && clause < statement.Words.Length && statement.Words[clause].Length > 0 ? statement.Words[clause] : null;

    private static Tone ToneOf(ExplainedOutcome outcome) => outcome switch
    {
        ExplainedOutcome.Held => Tone.Info,
        ExplainedOutcome.DidNotHold => Tone.Idle,
        ExplainedOutcome.Failed => Tone.Warn,
        ExplainedOutcome.NotReached => Tone.Idle,
    };

    private static Glyph GlyphOf(ExplainedOutcome outcome) => outcome switch
    {
        ExplainedOutcome.Held => Glyph.Check,
        ExplainedOutcome.DidNotHold => Glyph.XCircle,
        ExplainedOutcome.Failed => Glyph.Alert,
        ExplainedOutcome.NotReached => Glyph.Minus,
    };

    private static string OfStatement(ExplainedOutcome outcome) => outcome switch
    {
        ExplainedOutcome.Held => "matched",
        ExplainedOutcome.DidNotHold => "did not match",
        ExplainedOutcome.Failed => "could not be evaluated",
        ExplainedOutcome.NotReached => "not looked at",
    };

    private static string OfClause(ExplainedOutcome outcome) => outcome switch
    {
        ExplainedOutcome.Held => "held",
        ExplainedOutcome.DidNotHold => "did not hold",
        ExplainedOutcome.Failed => "could not be evaluated",
        ExplainedOutcome.NotReached => "not looked at",
    };
}
