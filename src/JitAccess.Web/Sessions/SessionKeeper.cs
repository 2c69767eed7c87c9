using System.Collections.Concurrent;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Sessions.Gateway;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>
/// Holds the sessions that this process serves to what is stored: a session that ended in the store ends here, one that ended here is stored,
/// and the end of the grant's time ends it even while the database is gone. Sessions whose process is gone are ended by any other.
/// </summary>
public sealed class SessionKeeper : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReasonPatience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Guid, Held> _held = new();
    private readonly LiveSessions _live;
    private readonly ISessionOpener _aws;
    private readonly IDbContextFactory<JitAccessDbContext> _contexts;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionKeeper> _logger;
    private readonly SessionLeases _leases;

    public SessionKeeper(LiveSessions live, ISessionOpener aws, IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<SessionKeeper> logger) =>
        (_live, _aws, _contexts, _time, _logger, _leases) = (live, aws, contexts, time, logger, new SessionLeases(time));

    /// <summary>Begins to serve a session that AWS opened.</summary>
    internal void Hold(Guid sessionId, OpenedSession opened, SessionOrder order)
    {
        LiveSession session = _live.Open(
            sessionId, opened.Address, cancellationToken => ResumeAsync(order, opened.AwsSessionId, cancellationToken), () => FindReasonAsync(sessionId));
        session.MoveEnd(order.EndsAt);
        _held[sessionId] = new Held(session, order.EndsAt);
    }

    /// <summary>Ends a session that this process serves; the pages are told why. Nothing happens if it serves no such session.</summary>
    internal async Task EndAsync(Guid sessionId, string why)
    {
        if (_held.TryGetValue(sessionId, out Held? held)) await held.Session.EndAsync(why);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // First what needs no database: the end of the time ends sessions whatever else is broken.
            foreach (Held held in _held.Values) await held.KeepTimeAsync(_time.GetUtcNow());
            try
            {
                await KeepInStepAsync(stoppingToken);
            }
            catch (Exception exception) when (DueWork.IsOutage(exception))
            {
                _logger.LogWarning("Sessions could not be kept in step with the database ({Reason}); trying again.", exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A defect here must not keep the clock above from ending sessions.
                _logger.LogError(exception, "Sessions could not be kept in step with the database; trying again.");
            }
        }
    }

    private async Task KeepInStepAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await _contexts.CreateDbContextAsync(cancellationToken);
        if (!_held.IsEmpty)
        {
            Guid[] ids = [.. _held.Keys];
            var ended = await database.Sessions.AsNoTracking().Where(session => ids.Contains(session.Id) && session.EndedAt != null)
                .Select(session => new { session.Id, session.EndReason }).ToListAsync(cancellationToken);
            foreach (var session in ended) await EndAsync(session.Id, session.EndReason);
            foreach (Held held in _held.Values.Where(held => held.Session.End is not null)) await StoreEndAsync(held.Session, cancellationToken);
        }
        await _leases.KeepAsync(database, [.. _held.Keys], cancellationToken);
    }

    /// <summary>Why the store says that the session ended; null when it says nothing, or nothing in time.</summary>
    private async Task<string?> FindReasonAsync(Guid sessionId)
    {
        using CancellationTokenSource patience = new(ReasonPatience, _time);
        try
        {
            await using JitAccessDbContext database = await _contexts.CreateDbContextAsync(patience.Token);
            return await database.Sessions.Where(session => session.Id == sessionId && session.EndedAt != null)
                .Select(session => session.EndReason).SingleOrDefaultAsync(patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException || DueWork.IsOutage(exception))
        {
            _logger.LogWarning("Session {SessionId}: why it ended could not be read ({Reason}); the channel's own words stand.", sessionId, exception.Message);
            return null;
        }
    }

    private async Task StoreEndAsync(LiveSession live, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await _contexts.CreateDbContextAsync(cancellationToken);
        Session session = await database.Sessions.SingleAsync(entity => entity.Id == live.Id, cancellationToken);
        if (session.IsLive)
        {
            DateTimeOffset now = _time.GetUtcNow();
            session.Finish(live.End!.Kind switch
            {
                TerminalEndKind.ShellEnded => SessionEnd.Closed,
                TerminalEndKind.EndedHere => SessionEnd.GrantEnded,
                TerminalEndKind.TerminatedByService or TerminalEndKind.Expired or TerminalEndKind.ConnectionLost => SessionEnd.EndedByNode,
                TerminalEndKind.Refused or TerminalEndKind.Stopped => SessionEnd.Failed,
            }, live.End.Reason, now);
            database.Record(new AuditEntry(null, AuditAction.SessionEnded, session.Id.ToString(), live.End.Reason, now) { NodeId = session.NodeId.Value });
            await database.SaveChangesAsync(cancellationToken);
        }
        _held.TryRemove(live.Id, out _);
    }

    private async Task<DataChannelAddress?> ResumeAsync(SessionOrder order, string awsSessionId, CancellationToken cancellationToken)
    {
        if (_time.GetUtcNow() >= order.EndsAt) return null;
        try
        {
            return await _aws.ResumeAsync(order, awsSessionId, cancellationToken);
        }
        catch (AwsException exception) when (exception.Failure == AwsFailure.NotFound)
        {
            return null;
        }
    }

    /// <summary>A session that is served here, with the time that it has.</summary>
    private sealed class Held(LiveSession session, DateTimeOffset endsAt)
    {
        private readonly Queue<TimeSpan> _warnings = new([TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)]);

        public LiveSession Session => session;

        public async Task KeepTimeAsync(DateTimeOffset now)
        {
            if (session.End is not null) return;
            TimeSpan left = endsAt - now;
            if (left <= TimeSpan.Zero)
            {
                await session.EndAsync("The access window is over.");
                return;
            }
            TimeSpan? due = null;
            while (_warnings.TryPeek(out TimeSpan warning) && left <= warning) due = _warnings.Dequeue();
            // A grant shorter than the warning begins with less time than it warns of; that is no news.
            if (due is { } minutes && left > minutes - TimeSpan.FromSeconds(10))
                session.Notify($"The grant ends in {(minutes.TotalMinutes == 1 ? "1 minute" : $"{minutes.TotalMinutes:0} minutes")}, and this session with it. Save your work.");
        }
    }
}
