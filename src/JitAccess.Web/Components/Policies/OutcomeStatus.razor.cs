using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies;

/// <summary>An outcome with its colour and icon.</summary>
public sealed partial class OutcomeStatus
{
    [Parameter, EditorRequired] public DecisionOutcome Of { get; set; }

    /// <summary>The outcome in other words; null for its plain name.</summary>
    [Parameter] public string? Words { get; set; }

    [Parameter] public bool Pill { get; set; }

    private string Text => Words ?? NameOf(Of);

    private (Tone Tone, Glyph Glyph) Look => Of switch
    {
        DecisionOutcome.Automatic => (Tone.Ok, Glyph.Bolt),
        DecisionOutcome.NeedsApproval => (Tone.Info, Glyph.People),
        DecisionOutcome.Refused => (Tone.Bad, Glyph.ShieldX),
        DecisionOutcome.NotCovered => (Tone.Idle, Glyph.Minus),
    };

    /// <summary><c>needs approval</c></summary>
    public static string NameOf(DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.Automatic => "automatic",
        DecisionOutcome.NeedsApproval => "needs approval",
        DecisionOutcome.Refused => "refused",
        DecisionOutcome.NotCovered => "not covered",
    };
}
