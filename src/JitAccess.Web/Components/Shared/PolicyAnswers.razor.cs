using JitAccess.Domain.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Shared;

/// <summary>Every policy's own answer to one question, in order of evaluation: the explanation of a decision.</summary>
public sealed partial class PolicyAnswers
{
    /// <summary>What the question was about, for people who hear the table.</summary>
    [Parameter, EditorRequired] public string For { get; set; } = "";
    [Parameter, EditorRequired] public IReadOnlyList<PolicyAnswer> Answers { get; set; } = [];

    private static bool Decides(PolicyVerdict verdict) =>
        verdict is PolicyVerdict.Decides or PolicyVerdict.ApprovesAutomatically or PolicyVerdict.Refuses;

    private static string NeedsOf(PolicyAnswer answer) => (answer.Kind, answer.Verdict) switch
    {
        (PolicyKind.DenyAccess, _) => "It would not stand in the way if:",
        (PolicyKind.Manual, PolicyVerdict.Decides) => "It could be met if:",
        _ when answer.WouldNeed.Length > 1 => "It would match if one of these were so:",
        _ => "It would match if:",
    };

    private static string KindOf(PolicyAnswer answer) => answer.Kind switch
    {
        PolicyKind.DenyAccess when answer.Verdict == PolicyVerdict.Refuses => "Deny-access, refuses",
        PolicyKind.DenyAccess => "Deny-access",
        PolicyKind.AutoApproval => "Auto-approval",
        PolicyKind.Manual => "Manual",
    };

    private static (Tone, Glyph, string) Shown(PolicyVerdict verdict) => verdict switch
    {
        PolicyVerdict.DoesNotMatch => (Tone.Idle, Glyph.Minus, "Does not match"),
        PolicyVerdict.BlocksAutomaticApproval => (Tone.Warn, Glyph.Alert, "Blocks automatic approval"),
        PolicyVerdict.Refuses => (Tone.Bad, Glyph.ShieldX, "Refuses"),
        PolicyVerdict.ApprovesAutomatically => (Tone.Ok, Glyph.Bolt, "Approves at once"),
        PolicyVerdict.WouldApproveButBlocked => (Tone.Idle, Glyph.Slash, "Would have matched, blocked"),
        PolicyVerdict.Decides => (Tone.Info, Glyph.Check, "Decides"),
        PolicyVerdict.OverlapsNotUsed => (Tone.Warn, Glyph.Alert, "Overlaps, not used"),
        PolicyVerdict.MatchesNotUsed => (Tone.Idle, Glyph.Slash, "Matches, not used"),
    };
}
