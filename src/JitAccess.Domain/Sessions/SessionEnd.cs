namespace JitAccess.Domain.Sessions;

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    /// <summary>The person ended it, or left the shell.</summary>
    Closed,

    /// <summary>The grant ended: its time was over, it was returned or revoked.</summary>
    GrantEnded,

    /// <summary>AWS or the node ended it.</summary>
    EndedByNode,

    /// <summary>It never came to life.</summary>
    Failed,
}
