using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
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
    public static Task RecordEndAsync(this JitAccessDbContext database, Grant grant, Actor? actor, AuditAction action, string why, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.RecordEndsAsync([grant], actor, action, why, now, cancellationToken);

    /// <summary>Writes the end of grants whose time is over.</summary>
    public static Task ExpireAsync(this JitAccessDbContext database, IReadOnlyList<Grant> grants, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (Grant grant in grants) grant.Expire(now);
        return database.RecordEndsAsync(grants, null, AuditAction.GrantExpired, "The access window is over.", now, cancellationToken);
    }

    // Hundreds may end in the same second: what is asked of the store is asked for all at once.
    private static async Task RecordEndsAsync(this JitAccessDbContext database, IReadOnlyList<Grant> grants, Actor? actor, AuditAction action, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (grants.Count == 0) return;
        Guid[] ids = [.. grants.Select(grant => grant.Id)];
        ILookup<Guid, Session> live = (await database.Sessions.Where(session => ids.Contains(session.GrantId) && session.EndedAt == null).ToListAsync(cancellationToken)).ToLookup(session => session.GrantId);
        IReadOnlyList<Grant> others = await database.OthersOfSameAsync([.. grants.Where(grant => live.Contains(grant.Id))], now, cancellationToken);
        ILookup<Guid?, AccessRequest> extensions = (await database.Requests.Where(request => request.Extends != null && ids.Contains(request.Extends.Value) && request.Status == RequestStatus.Pending).ToListAsync(cancellationToken)).ToLookup(request => request.Extends);
        foreach (Grant grant in grants)
        {
            string happened = await database.EndSessionsAsync(grant, [.. live[grant.Id]], others, why, now, cancellationToken);
            database.Record(new AuditEntry(actor, action, grant.Id.ToString(), happened, now) { NodeId = grant.NodeId.Value });
            foreach (AccessRequest extension in extensions[grant.Id]) database.EndExtension(extension, actor, now);
        }
    }

    /// <summary>Ends the sessions, or moves them to the grant that lasts longest of those that cover them too; what happened, in words.</summary>
    private static async Task<string> EndSessionsAsync(
        this JitAccessDbContext database, Grant grant, IReadOnlyList<Session> sessions, IReadOnlyList<Grant> others, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (sessions.Count == 0) return why;
        string live = $"{sessions.Count} live {(sessions.Count == 1 ? "session" : "sessions")}";
        Grant? covering = others.Where(other => other.Id != grant.Id && other.Holder == grant.Holder && other.NodeId == grant.NodeId && other.IsActive(now)).MaxBy(other => other.EndsAt);
        if (covering is null)
        {
            foreach (Session session in sessions) session.Finish(SessionEnd.GrantEnded, why, now);
            return $"{why} {live} ended.";
        }
        // Whoever ends that grant at the same instant has not seen these sessions. Its row moves too, so that the two collide and the later is done anew.
        database.Entry(covering).Property(other => other.EndsAt).IsModified = true;
        foreach (Session session in sessions) session.MoveTo(covering, now);
        long number = await database.Requests.IgnoreAutoIncludes().Where(request => request.Id == covering.RequestId).Select(request => request.Number).SingleAsync(cancellationToken);
        return $"{why} {live} moved to the grant of request {number}, which covers the node until {covering.EndsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.";
    }

    /// <summary>Other grants of the same people for the same nodes that live in the store. What was just ended in memory is among them: whoever asks asks whether it is active.</summary>
    private static async Task<IReadOnlyList<Grant>> OthersOfSameAsync(this JitAccessDbContext database, IReadOnlyList<Grant> ended, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (ended.Count == 0) return [];
        string[] holders = [.. ended.Select(grant => grant.Holder).Distinct()];
        InstanceId[] nodes = [.. ended.Select(grant => grant.NodeId).Distinct()];
        return await database.Grants
            .Where(grant => holders.Contains(grant.Holder) && nodes.Contains(grant.NodeId) && grant.EndedAt == null && grant.ActivatedAt != null && grant.StartsAt <= now && grant.EndsAt > now)
            .ToListAsync(cancellationToken);
    }

    private static void EndExtension(this JitAccessDbContext database, AccessRequest extension, Actor? actor, DateTimeOffset now)
    {
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
