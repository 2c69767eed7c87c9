namespace JitAccess.Web.Components.Shared;

/// <summary>Where a grant's window stands, as the screen tells it.</summary>
public enum GrantPhase
{
    Scheduled,
    Active,

    /// <summary>Active, in its last 5 minutes.</summary>
    EndsSoon,
    Ended,
}
