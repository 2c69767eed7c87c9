namespace JitAccess.Domain.Policies;

/// <summary>What one policy said in a decision.</summary>
public enum PolicyVerdict
{
    /// <summary>The policy has nothing to say about this person and node.</summary>
    DoesNotMatch,

    /// <summary>A deny-access policy keeps the request from automatic approval.</summary>
    BlocksAutomaticApproval,

    /// <summary>A deny-access policy refuses the request.</summary>
    Refuses,

    /// <summary>An auto-approval policy matches and decides.</summary>
    ApprovesAutomatically,

    /// <summary>An auto-approval policy matches but a deny-access policy stands against it.</summary>
    WouldApproveButBlocked,

    /// <summary>A manual policy matches and decides.</summary>
    Decides,

    /// <summary>A manual policy by tags matches, but another stands before it.</summary>
    OverlapsNotUsed,

    /// <summary>The policy matches, but another kind or a more specific target decides.</summary>
    MatchesNotUsed,
}
