using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Shared;

/// <summary>One Cedar statement with its clauses: what each asked for, and what it found.</summary>
public sealed partial class StatementClauses
{
    [Parameter, EditorRequired] public StatementAnswer Of { get; set; } = null!;

    /// <summary>True if its policy has several statements.</summary>
    [Parameter] public bool Numbered { get; set; }

    private string? WordsOf(int index) => !Of.Words.IsDefaultOrEmpty && index < Of.Words.Length && Of.Words[index].Length > 0 ? Of.Words[index] : null;

    private static string OutcomeOf(ExplainedOutcome outcome) => outcome switch
    {
        ExplainedOutcome.Held => "matches",
        ExplainedOutcome.DidNotHold => "does not match",
        ExplainedOutcome.Failed => "could not be evaluated",
        ExplainedOutcome.NotReached => "was not looked at",
    };

    private static (Tone Tone, Glyph Glyph, string Word) Shown(ExplainedOutcome outcome) => outcome switch
    {
        ExplainedOutcome.Held => (Tone.Ok, Glyph.Check, "holds"),
        ExplainedOutcome.DidNotHold => (Tone.Idle, Glyph.X, "does not hold"),
        ExplainedOutcome.Failed => (Tone.Warn, Glyph.Alert, "could not be evaluated"),
        ExplainedOutcome.NotReached => (Tone.Idle, Glyph.Minus, "not looked at"),
    };
}
