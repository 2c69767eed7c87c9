using JitAccess.Domain.Audit;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>
/// Compares with what AWS itself says: a session that AWS has ended, and whose channel told nobody, ends here; one that ended here and that AWS said it had
/// terminated, but shows alive, is terminated again.
/// </summary>
internal sealed class SessionReconciliation(IDbContextFactory<JitAccessDbContext> contexts, ISessionOpener aws, TimeProvider time, ILogger<SessionReconciliation> logger) : DueWork(time, logger)
{
    private const string EndedAtAws = "AWS has ended the session.";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // AWS's list follows its sessions with a delay.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    // Nothing is terminated again that ended so long ago: AWS keeps no session that long.
    private static readonly TimeSpan Recent = TimeSpan.FromDays(2);

    private readonly TimeProvider _time = time;
    private readonly HashSet<Guid> _missing = [];
    private long? _checkedAt;

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        if (_checkedAt is { } before && _time.GetElapsedTime(before) < Interval) return false;
        _checkedAt = _time.GetTimestamp();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow();
        DateTimeOffset settled = now - Settled, recent = now - Recent;
        var known = await (
            from session in database.Sessions
            join grant in database.Grants on session.GrantId equals grant.Id
            join request in database.Requests.IgnoreAutoIncludes() on grant.RequestId equals request.Id
            where session.AwsSessionId != null && session.StartedAt < settled
                && (session.EndedAt == null || (session.TerminationConfirmedAt < settled && session.EndedAt > recent))
            select new { Session = session, request.Account, request.Region }).ToListAsync(cancellationToken);
        foreach (var place in known.GroupBy(one => new AwsPlace(one.Account, one.Region), one => one.Session))
        {
            try
            {
                Compare(database, [.. place], await aws.LiveAsync(place.Key, cancellationToken), now);
            }
            catch (AwsException exception)
            {
                logger.LogWarning("AWS did not say which sessions live ({Reason}); trying again in {Interval}.", exception.Message, Interval);
            }
        }
        _missing.IntersectWith(known.Select(one => one.Session).Where(session => session.IsLive).Select(session => session.Id));
        await database.SaveChangesAsync(cancellationToken);
        return false;
    }

    private void Compare(JitAccessDbContext database, IReadOnlyList<Session> sessions, IReadOnlySet<string> live, DateTimeOffset now)
    {
        foreach (Session session in sessions)
        {
            bool isThere = live.Contains(session.AwsSessionId!);
            if (session.IsLive && isThere) _missing.Remove(session.Id);
            // Missing once may be the list's own delay; missing twice is gone.
            else if (session.IsLive && !_missing.Add(session.Id))
            {
                session.Finish(SessionEnd.EndedByNode, EndedAtAws, now);
                session.TerminationConfirmed(now);
                database.Record(new AuditEntry(null, AuditAction.SessionEnded, session.Id.ToString(), EndedAtAws, now) { NodeId = session.NodeId.Value });
            }
            else if (!session.IsLive && isThere)
            {
                logger.LogWarning("AWS shows session {Session} alive, which it had confirmed to be over; terminating it again.", session.Id);
                session.ShownAliveAgain();
            }
        }
    }
}
