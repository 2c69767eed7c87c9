using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Requests;

// Breaking glass is a submit with other terms; what comes with it and after it stands here.
public sealed partial class RequestService
{
    /// <summary>Records somebody else's review after glass was broken.</summary>
    /// <exception cref="RefusedException">See <see cref="AccessRequest.CanReviewBreakGlass"/> and <see cref="AccessRequest.CanBeBreakGlassComment"/>.</exception>
    public Task ReviewBreakGlassAsync(Actor actor, SeenRequest seen, ReviewVerdict verdict, string comment, CancellationToken cancellationToken) =>
        ReviewAsync(actor, seen, (reviewer, request, _, now) =>
        {
            request.ReviewBreakGlass(reviewer, verdict, comment, now);
            return (AuditAction.GlassReviewed, $"{(verdict == ReviewVerdict.Approve ? "Found justified." : "Found not justified.")} {comment}");
        }, cancellationToken);

    // Whoever breaks glass waits no longer: what they waited for is not left behind for others to answer.
    private static async Task CancelForBreakGlassAsync(JitAccessDbContext database, Actor actor, Guid pendingId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        AccessRequest pending = await database.Requests.SingleAsync(request => request.Id == pendingId, cancellationToken);
        if (pending.Status != RequestStatus.Pending) return;
        string before = RequestState.Of(pending);
        pending.CancelForBreakGlass(actor, now);
        database.Record(new AuditEntry(actor, AuditAction.RequestCancelled, pending.Id.ToString(), pending.CancelReason, now)
        {
            NodeId = pending.NodeId.Value,
            PolicySetVersion = pending.Decision.PolicySetVersion,
            Before = before,
            After = RequestState.Of(pending),
        });
    }
}
