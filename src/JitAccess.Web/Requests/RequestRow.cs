using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Grants;

namespace JitAccess.Web.Requests;

/// <summary>A request in a list.</summary>
/// <param name="Request">The request.</param>
/// <param name="Known">What is known of those who have answered at the open level.</param>
/// <param name="CanReview">Whether the actor may answer it now.</param>
/// <param name="History">What the requester did with this node in the last 90 days.</param>
public sealed record RequestRow(AccessRequest Request, ApproverDirectory Known, Ruling CanReview, NodeHistory History)
{
    /// <summary>The seat from which the actor would answer; null if they have none.</summary>
    public Seat? Seat { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Next">Where the next page begins; null if this is the last.</param>
public sealed record RequestPage(IReadOnlyList<RequestRow> Rows, long? Next)
{
    /// <summary>With the first page of what waits for the actor: the requests by which glass was broken and which they can review, oldest first. They stay until somebody has.</summary>
    public IReadOnlyList<AccessRequest> BrokenGlass { get; init; } = [];
}

/// <summary>What one person did with one node in the last 90 days.</summary>
public sealed record NodeHistory(int Requests, int Approved, int NeverUsed, DateTimeOffset? LastSessionAt, TimeSpan? LastSessionLasted);

/// <summary>A session in a request's own page.</summary>
/// <param name="Session">The session.</param>
/// <param name="Recording">What is kept of it; null when nothing is, or it is not the reader's to see.</param>
/// <param name="CanEnd">Whether the reader may end it.</param>
/// <param name="CanWatch">Whether the reader may watch it while it lives.</param>
public sealed record RequestSession(Session Session, Recording? Recording, Ruling CanEnd, Ruling CanWatch);

/// <summary>A request for more time, as the page of the grant's own request tells it.</summary>
/// <param name="Request">The request.</param>
/// <param name="IsVisible">Whether the actor may open it.</param>
public sealed record Extension(AccessRequest Request, bool IsVisible);

/// <summary>The request of the grant that another one extends.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">Its number.</param>
/// <param name="IsVisible">Whether the actor may open it.</param>
public sealed record ExtendedRequest(Guid Id, long Number, bool IsVisible);

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
    /// <summary>Whether the actor may ask for more time on the grant.</summary>
    public required Ruling CanExtend { get; init; }

    /// <summary>Whether the actor may review that glass was broken.</summary>
    public required Ruling CanReviewBreakGlass { get; init; }

    /// <summary>The version of the request that is shown.</summary>
    public required RequestVersion Version { get; init; }

    /// <summary>The seat from which the actor would answer at the open level; null if they have none.</summary>
    public Seat? Seat { get; init; }

    /// <summary>The requests for more time on the grant, in the order they were made.</summary>
    public required IReadOnlyList<Extension> Extensions { get; init; }

    /// <summary>The request whose grant this one extends; null if it opens a grant of its own.</summary>
    public ExtendedRequest? Extended { get; init; }

    /// <summary>The grant that the approval opened; null without one.</summary>
    public Grant? Grant => Request.Grant;
}
