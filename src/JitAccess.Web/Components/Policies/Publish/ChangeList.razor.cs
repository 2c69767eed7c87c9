using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Publish;

/// <summary>What changes from one policy set to another, or what one policy set says.</summary>
public sealed partial class ChangeList
{
    [Parameter, EditorRequired] public IReadOnlyList<PolicyChange> Changes { get; set; } = [];

    /// <summary>True to describe policies as they are, where nothing is compared.</summary>
    [Parameter] public bool IsDescription { get; set; }

    private string TitleOf(PolicyChange change) => IsDescription || change.PolicyKind is null ? change.Name : change.Kind switch
    {
        PolicyChangeKind.Added => $"New: “{change.Name}”",
        PolicyChangeKind.Removed => $"Deleted: “{change.Name}”",
        PolicyChangeKind.Moved => $"Moved: “{change.Name}”",
        PolicyChangeKind.Changed => $"“{change.Name}”",
    };

    private static (Tone, Glyph, string) Shown(PolicyChange change) => change.PolicyKind is not { } kind ? (Tone.Idle, Glyph.Sliders, "Rule") : kind switch
    {
        PolicyKind.DenyAccess => (Tone.Warn, Glyph.Shield, "Deny-access"),
        PolicyKind.AutoApproval => (Tone.Ok, Glyph.Bolt, "Auto-approval"),
        PolicyKind.Manual => (Tone.Info, Glyph.People, "Manual"),
    };
}
