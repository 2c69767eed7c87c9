namespace JitAccess.Domain;

/// <summary>Why an act is refused, for whoever must translate it (a screen, an HTTP status).</summary>
public enum RefusalKind
{
    /// <summary>The person may not do this, whatever they enter.</summary>
    Forbidden,

    /// <summary>The thing does not exist, or not for this person: both look the same.</summary>
    NotFound,

    /// <summary>What was entered is not valid.</summary>
    Invalid,

    /// <summary>The thing has moved on: too late, twice, or changed by somebody else meanwhile.</summary>
    Conflict,

    /// <summary>The thing is not any more as the caller saw it, and they asked to act on that alone.</summary>
    Changed,

    /// <summary>Something outside does not answer now; trying again may help.</summary>
    Unavailable,
}
