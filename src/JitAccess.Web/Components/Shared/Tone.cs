namespace JitAccess.Web.Components.Shared;

/// <summary>What a status means, as a colour. Never alone: an icon and a word go with it.</summary>
public enum Tone
{
    Idle,
    Ok,
    Warn,
    Bad,
    Info,

    /// <summary>The chosen thing, in the accent colour.</summary>
    Mine,

    /// <summary>Solid: break-glass and recording only.</summary>
    Alarm,
}
