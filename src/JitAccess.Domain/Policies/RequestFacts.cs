namespace JitAccess.Domain.Policies;

/// <summary>What policies look at beside the person and the node.</summary>
[Flags]
public enum RequestFacts
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>The time, as an instant or on the clock of a zone.</summary>
    Time = 1,

    /// <summary>The reason given.</summary>
    Reason = 2,

    /// <summary>The duration asked for.</summary>
    Duration = 4,

    /// <summary>Whether the request breaks glass.</summary>
    BreakGlass = 8,

    /// <summary>All of it.</summary>
    All = Time | Reason | Duration | BreakGlass,
}
