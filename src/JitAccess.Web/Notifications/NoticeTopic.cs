namespace JitAccess.Web.Notifications;

/// <summary>What a notice is about, as people choose by it what reaches them.</summary>
public enum NoticeTopic
{
    /// <summary>Requests that wait for the person's review.</summary>
    WaitsForMe,

    /// <summary>The outcome of the person's own requests.</summary>
    MyRequests,

    /// <summary>The person's own access opens, or ends without their doing.</summary>
    MyAccess,

    /// <summary>The outcome of requests that the person may review, and the early end of access that they may have allowed.</summary>
    Reviewed,

    /// <summary>Policies were published.</summary>
    Policies,
}
