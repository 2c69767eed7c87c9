namespace JitAccess.Domain.Requests;

/// <summary>Where a request stands.</summary>
public enum RequestStatus
{
    /// <summary>Waits for reviews of its open level.</summary>
    Pending,

    /// <summary>Fully approved; the grant lives its own life.</summary>
    Approved,

    /// <summary>One approver rejected it.</summary>
    Rejected,

    /// <summary>The requester took it back.</summary>
    Cancelled,

    /// <summary>Nobody answered in time.</summary>
    TimedOut,
}
