using JitAccess.Domain.Audit;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Data.Configurations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace JitAccess.Web.Sessions;

/// <summary>
/// The process that serves a session renews a lease on it. A session whose lease nobody renews any more has lost its process, and any other ends it.
/// Whether it is renewed is watched, not read off a clock: two machines whose clocks differ do not take sessions from each other.
/// </summary>
internal sealed class SessionLeases(TimeProvider time)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Guid, Seen> _others = [];
    private long? _renewedAt;

    /// <summary>Says that this process holds the session from now on.</summary>
    public static void Take(EntityEntry<Session> session, DateTimeOffset now) =>
        session.Property<DateTimeOffset?>(SessionConfiguration.HeldUntil).CurrentValue = now + LeaseTime;

    /// <summary>Renews the leases of this process's own sessions and ends those that others have left, when it is time for that.</summary>
    public async Task KeepAsync(JitAccessDbContext database, IReadOnlyCollection<Guid> own, CancellationToken cancellationToken)
    {
        if (_renewedAt is { } before && time.GetElapsedTime(before) < RenewalPeriod) return;
        DateTimeOffset now = time.GetUtcNow();
        if (own.Count > 0)
        {
            await database.Sessions.Where(session => own.Contains(session.Id))
                .ExecuteUpdateAsync(update => update.SetProperty(session => EF.Property<DateTimeOffset?>(session, SessionConfiguration.HeldUntil), now + LeaseTime), cancellationToken);
        }
        await EndLeftAsync(database, own, now, cancellationToken);
        _renewedAt = time.GetTimestamp();
    }

    private async Task EndLeftAsync(JitAccessDbContext database, IReadOnlyCollection<Guid> own, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string why = "The connection to the session was lost when JitAccess stopped. Connect again.";
        var others = await database.Sessions.AsNoTracking().Where(session => session.EndedAt == null && !own.Contains(session.Id))
            .Select(session => new { session.Id, HeldUntil = EF.Property<DateTimeOffset?>(session, SessionConfiguration.HeldUntil) }).ToListAsync(cancellationToken);
        foreach (Guid gone in _others.Keys.Except(others.Select(session => session.Id)).ToList()) _others.Remove(gone);
        List<Guid> left = [];
        foreach (var session in others)
        {
            if (!_others.TryGetValue(session.Id, out Seen? seen) || seen.HeldUntil != session.HeldUntil) _others[session.Id] = new Seen(session.HeldUntil, time.GetTimestamp());
            else if (time.GetElapsedTime(seen.At) >= LeaseTime) left.Add(session.Id);
        }
        foreach (Session session in await database.Sessions.Where(session => left.Contains(session.Id) && session.EndedAt == null).ToListAsync(cancellationToken))
        {
            session.Finish(SessionEnd.Failed, why, now);
            database.Record(new AuditEntry(null, AuditAction.SessionEnded, session.Id.ToString(), why, now) { NodeId = session.NodeId.Value });
        }
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A lease as it was first seen to stand, and when by this process's own measure of time.</summary>
    private sealed record Seen(DateTimeOffset? HeldUntil, long At);
}
