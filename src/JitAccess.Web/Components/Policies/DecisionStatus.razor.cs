using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies;

/// <summary>A decision in a few words, with its colour and icon.</summary>
public sealed partial class DecisionStatus
{
    [Parameter, EditorRequired] public Decision Decision { get; set; } = null!;

    [Parameter] public bool Pill { get; set; }

    private (Tone Tone, Glyph Glyph) Shown => Decision.Outcome switch
    {
        DecisionOutcome.Automatic => (Tone.Ok, Glyph.Bolt),
        DecisionOutcome.NeedsApproval => (Tone.Info, Glyph.People),
        DecisionOutcome.Refused => (Tone.Bad, Glyph.ShieldX),
        DecisionOutcome.NotCovered => (Tone.Idle, Glyph.Minus),
    };
}
