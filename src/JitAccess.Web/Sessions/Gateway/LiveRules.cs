namespace JitAccess.Web.Sessions.Gateway;

/// <summary>What a session is held to while it lives.</summary>
public sealed record LiveRules
{
    /// <summary>Whether keystrokes are taken only while somebody watches.</summary>
    public bool NeedsObserver { get; init; }

    /// <summary>Whether the person in the session sees who watches.</summary>
    public bool TellsWhenWatched { get; init; } = true;

    /// <summary>Whether keystrokes are recorded; the person is told.</summary>
    public bool RecordsInput { get; init; }

    /// <summary>Whether the session is recorded; shown to the person.</summary>
    public bool IsRecorded { get; init; }
}
