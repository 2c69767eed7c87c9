using JitAccess.Domain.Requests;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Requests;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Requests;

/// <summary>What became of a request for more time.</summary>
public sealed partial class ExtensionEntry
{
    [Parameter, EditorRequired] public Extension Of { get; set; } = null!;

    private AccessRequest Request => Of.Request;

    private (Tone Tone, Glyph Glyph, string Said, string Outcome) Shown => Request.Status switch
    {
        RequestStatus.Pending => (Tone.Warn, Glyph.Hourglass, "Asked to extend by", ", waits for approval"),
        RequestStatus.Approved => (Tone.Ok, Glyph.Extend, "Extended by", ""),
        RequestStatus.Rejected => (Tone.Bad, Glyph.XCircle, "Not extended by", ", rejected"),
        RequestStatus.Cancelled => (Tone.Idle, Glyph.Minus, "Not extended by", ", cancelled"),
        RequestStatus.TimedOut => (Tone.Idle, Glyph.Clock, "Not extended by", ", timed out"),
    };
}
