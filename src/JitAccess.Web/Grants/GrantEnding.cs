using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Requests;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Grants;

/// <summary>A grant never ends alone: in the same save its live sessions end, or go on in another grant that covers them, and a request for more time on it ends. What AWS must do follows from that state.</summary>
internal static class GrantEnding
{
    /// <summary>Ends or moves the grant's live sessions, ends a pending request for more time, and records the end. The grant itself is ended by the caller, before.</summary>
    public static async Task RecordEndAsync(this JitAccessDbContext database, Grant grant, Actor? actor, AuditAction action, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Session> sessions = await database.Sessions.Where(session => session.GrantId == grant.Id && session.EndedAt == null).ToListAsync(cancellationToken);
        string happened = why;
        if (sessions.Count > 0)
        {
            string live = $"{sessions.Count} live {(sessions.Count == 1 ? "session" : "sessions")}";
            if (await database.FindCoveringAsync(grant, now, cancellationToken) is { } covering)
            {
                foreach (Session session in sessions) session.MoveTo(covering, now);
                long number = await database.Requests.IgnoreAutoIncludes().Where(request => request.Id == covering.RequestId).Select(request => request.Number).SingleAsync(cancellationToken);
                happened = $"{why} {live} moved to the grant of request {number}, which covers the node until {covering.EndsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.";
            }
            else
            {
                foreach (Session session in sessions) session.Finish(SessionEnd.GrantEnded, why, now);
                happened = $"{why} {live} ended.";
            }
        }
        database.Record(new AuditEntry(actor, action, grant.Id.ToString(), happened, now) { NodeId = grant.NodeId.Value });
        await database.EndExtensionAsync(grant, actor, now, cancellationToken);
    }

    /// <summary>Writes the end of a grant whose time is over.</summary>
    public static Task ExpireAsync(this JitAccessDbContext database, Grant grant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        grant.Expire(now);
        return database.RecordEndAsync(grant, null, AuditAction.GrantExpired, "The access window is over.", now, cancellationToken);
    }

    /// <summary>The grant of the same person for the same node that lasts longest of those that are active; null if this was the only one.</summary>
    private static async Task<Grant?> FindCoveringAsync(this JitAccessDbContext database, Grant ended, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Grant? covering = await database.Grants
            .Where(grant => grant.Holder == ended.Holder && grant.NodeId == ended.NodeId && grant.Id != ended.Id && grant.EndedAt == null && grant.ActivatedAt != null && grant.StartsAt <= now && grant.EndsAt > now)
            .OrderByDescending(grant => grant.EndsAt).FirstOrDefaultAsync(cancellationToken);
        // Two at once in one save: what was just ended in memory still stands in the store.
        if (covering?.IsActive(now) != true) return null;
        // Whoever ends that grant at the same instant has not seen these sessions. Its row moves too, so that the two collide and the later is done anew.
        database.Entry(covering).Property(grant => grant.EndsAt).IsModified = true;
        return covering;
    }

    private static async Task EndExtensionAsync(this JitAccessDbContext database, Grant grant, Actor? actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        AccessRequest? extension = await database.Requests.SingleOrDefaultAsync(request => request.Extends == grant.Id && request.Status == RequestStatus.Pending, cancellationToken);
        if (extension is null) return;
        string before = RequestState.Of(extension);
        bool isTooLate = extension.IsOverdue(now);
        if (isTooLate) extension.TimeOut(now);
        else extension.CancelWithGrant(now);
        database.Record(new AuditEntry(isTooLate ? null : actor, isTooLate ? AuditAction.RequestTimedOut : AuditAction.RequestCancelled, extension.Id.ToString(), isTooLate ? "Nobody decided before the grant ended." : extension.CancelReason, now)
        {
            NodeId = extension.NodeId.Value,
            PolicySetVersion = extension.Decision.PolicySetVersion,
            Before = before,
            After = RequestState.Of(extension),
        });
    }
}
