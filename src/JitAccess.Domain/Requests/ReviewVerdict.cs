namespace JitAccess.Domain.Requests;

/// <summary>What a review says.</summary>
public enum ReviewVerdict
{
    /// <summary>Yes.</summary>
    Approve,

    /// <summary>No; it ends the request.</summary>
    Reject,
}
