using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Grants;

/// <summary>A grant never ends alone: its live sessions end in the same save. What AWS must do for it follows from that state.</summary>
internal static class GrantEnding
{
    /// <summary>Ends the grant's live sessions and records the end. The grant itself is ended by the caller, before.</summary>
    public static async Task RecordEndAsync(this JitAccessDbContext database, Grant grant, Actor? actor, AuditAction action, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Session> sessions = await database.Sessions.Where(session => session.GrantId == grant.Id && session.EndedAt == null).ToListAsync(cancellationToken);
        foreach (Session session in sessions) session.Finish(SessionEnd.GrantEnded, why, now);
        database.Record(new AuditEntry(actor, action, grant.Id.ToString(), sessions.Count == 0 ? why : $"{why} {sessions.Count} live {(sessions.Count == 1 ? "session" : "sessions")} ended.", now)
        {
            NodeId = grant.NodeId.Value,
        });
    }

    /// <summary>Writes the end of a grant whose time is over.</summary>
    public static Task ExpireAsync(this JitAccessDbContext database, Grant grant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        grant.Expire(now);
        return database.RecordEndAsync(grant, null, AuditAction.GrantExpired, "The access window is over.", now, cancellationToken);
    }
}
