using JitAccess.Domain.Requests;
using JitAccess.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Requests;

/// <summary>Where a request stands.</summary>
public sealed partial class RequestPill
{
    [Parameter, EditorRequired] public AccessRequest Request { get; set; } = null!;

    private (Tone Tone, Glyph Glyph) Shown => Request.Status switch
    {
        RequestStatus.Approved when Request.BrokeGlass => (Tone.Bad, Glyph.Alarm),
        RequestStatus.Pending => (Tone.Warn, Glyph.Hourglass),
        RequestStatus.Approved => (Tone.Ok, Glyph.Check),
        RequestStatus.Rejected => (Tone.Bad, Glyph.XCircle),
        RequestStatus.Cancelled => (Tone.Idle, Glyph.Minus),
        RequestStatus.TimedOut => (Tone.Idle, Glyph.Clock),
    };
}
