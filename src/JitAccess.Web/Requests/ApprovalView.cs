namespace JitAccess.Web.Requests;

/// <summary>Which requests the page of approvals shows.</summary>
public enum ApprovalView
{
    /// <summary>Those that the actor can answer now, oldest first.</summary>
    WaitingForMe,

    /// <summary>All pending ones that the actor may see, oldest first.</summary>
    AllPending,

    /// <summary>Those with an outcome that the actor may see, newest first.</summary>
    Decided,
}
