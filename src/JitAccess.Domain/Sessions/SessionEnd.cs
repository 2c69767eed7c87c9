namespace JitAccess.Domain.Sessions;

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    /// <summary>The person ended it, or left the shell.</summary>
    Closed,

    /// <summary>The grant ended: its time was over, it was returned or revoked.</summary>
    GrantEnded,

    /// <summary>An approver or an admin ended it.</summary>
    EndedByOthers,

    /// <summary>Nobody used it for as long as the policy allows.</summary>
    Idle,

    /// <summary>It could not be recorded any more.</summary>
    NotRecorded,

    /// <summary>AWS or the node ended it.</summary>
    EndedByNode,

    /// <summary>It never came to life.</summary>
    Failed,
}
