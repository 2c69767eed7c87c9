using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Web.Requests;

/// <summary>A request in a list.</summary>
/// <param name="Request">The request.</param>
/// <param name="Known">What is known of those who have answered at the open level.</param>
/// <param name="CanReview">Whether the actor may answer it now.</param>
/// <param name="History">What the requester did with this node in the last 90 days.</param>
public sealed record RequestRow(AccessRequest Request, ApproverDirectory Known, Ruling CanReview, NodeHistory History);

/// <summary>A page of a list.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Next">Where the next page begins; null if this is the last.</param>
public sealed record RequestPage(IReadOnlyList<RequestRow> Rows, long? Next);

/// <summary>What one person did with one node in the last 90 days.</summary>
public sealed record NodeHistory(int Requests, int Approved, int NeverUsed, DateTimeOffset? LastSessionAt, TimeSpan? LastSessionLasted);

/// <summary>A session in a request's own page.</summary>
public sealed record RequestSession(Guid Id, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string EndReason);

/// <summary>A request with everything that its page shows and what the actor may do with it.</summary>
public sealed record RequestDetails(
    AccessRequest Request,
    Node? Node,
    IReadOnlyList<RequestSession> Sessions,
    NodeHistory History,
    ApproverDirectory Known,
    Ruling CanReview,
    Ruling CanCancel,
    Ruling CanConnect,
    Ruling CanReturn,
    Ruling CanRevoke,
    Ruling CanAskAgain,
    DateTimeOffset At)
{
    /// <summary>The grant that the approval opened; null without one.</summary>
    public Grant? Grant => Request.Grant;
}
