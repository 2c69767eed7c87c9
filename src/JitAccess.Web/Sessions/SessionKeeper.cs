using System.Collections.Concurrent;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Sessions.Recordings;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>
/// Holds the sessions that this process serves to what is stored: a session that ended in the store ends here, one that ended here is stored,
/// and the end of the grant's time ends it even while the database is gone. Sessions whose process is gone are ended by any other.
/// </summary>
public sealed class SessionKeeper : BackgroundService
{
    private const int MostClosedAtOnce = 25;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReasonPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, HeldSession> _held = new();
    private readonly LiveSessions _live;
    private readonly ISessionOpener _aws;
    private readonly IDbContextFactory<JitAccessDbContext> _contexts;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionKeeper> _logger;
    private readonly SessionLeases _leases;
    private readonly RecordingService _recordings;

    internal SessionKeeper(LiveSessions live, ISessionOpener aws, IDbContextFactory<JitAccessDbContext> contexts, RecordingService recordings, TimeProvider time, ILogger<SessionKeeper> logger) =>
        (_live, _aws, _contexts, _recordings, _time, _logger, _leases) = (live, aws, contexts, recordings, time, logger, new SessionLeases(time));

    /// <summary>Begins to serve a session that AWS opened.</summary>
    internal void Hold(Guid sessionId, OpenedSession opened, SessionOrder order, SessionRules rules, Recorder? recorder, bool isPort)
    {
        Task<DataChannelAddress?> Resume(CancellationToken cancellationToken) => ResumeAsync(sessionId, order, opened.AwsSessionId, cancellationToken);
        IServedSession session = isPort
            ? _live.OpenPort(sessionId, opened.Address, Resume, () => FindReasonAsync(sessionId))
            : _live.Open(sessionId, opened.Address, Resume, () => FindReasonAsync(sessionId), HeldSession.LiveRulesOf(rules, recorder), recorder);
        session.MoveEnd(order.EndsAt);
        _held[sessionId] = new HeldSession(session, order.EndsAt, rules, recorder) { GoesOnUnrecorded = _recordings.WhenItFails == WhenRecordingFails.Continue };
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // The pages are gone by now; what was recorded is written to its end.
        foreach (HeldSession held in _held.Values)
            if (held.Recorder is { } recorder) await recorder.DisposeAsync();
    }

    /// <summary>Ends a session that this process serves; the pages are told why. Nothing happens if it serves no such session.</summary>
    internal async Task EndAsync(Guid sessionId, string why)
    {
        if (_held.TryGetValue(sessionId, out HeldSession? held)) await held.Session.EndAsync(why);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // First what needs no database: the end of the time ends sessions whatever else is broken.
            DateTimeOffset now = _time.GetUtcNow();
            if (_held.Values.Any(held => held.IsOver(now))) await AskForLaterEndsAsync(stoppingToken);
            await Task.WhenAll(_held.Values.Select(held => held.KeepTimeAsync(now)));
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
            await FollowGrantsAsync(database, cancellationToken);
            await StoreEndsAsync(database, [.. _held.Values.Where(held => held.Session.End is not null && !held.IsEndStored)], cancellationToken);
            // Files are closed after all ends are stored, and not all in one second: ends come first.
            foreach (HeldSession held in _held.Values.Where(held => held.IsEndStored).Take(MostClosedAtOnce)) await CloseRecordingAsync(held, cancellationToken);
            foreach ((Guid id, HeldSession held) in _held)
                if (held.Recorder?.TakeCommands() is { Count: > 0 } commands) await RecordingService.StoreCommandsAsync(database, id, commands, cancellationToken);
        }
        await _leases.KeepAsync(database, [.. _held.Keys], cancellationToken);
    }

    /// <summary>Ends here what ended in the store, and moves the ends of the others to those of the grants that they are in by now.</summary>
    private async Task FollowGrantsAsync(JitAccessDbContext database, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. _held.Keys];
        var stored = await (
            from session in database.Sessions.AsNoTracking()
            join grant in database.Grants.AsNoTracking() on session.GrantId equals grant.Id
            where ids.Contains(session.Id)
            select new { session.Id, HasEnded = session.EndedAt != null, session.EndReason, GrantHasEnded = grant.EndedAt != null, grant.EndsAt, grant.SessionRules }).ToListAsync(cancellationToken);
        foreach (var session in stored)
        {
            if (session.HasEnded) await EndAsync(session.Id, session.EndReason);
            // Its grant ended while it was being opened, and has not seen it.
            else if (session.GrantHasEnded) await EndAsync(session.Id, "The grant has ended.");
            else if (_held.TryGetValue(session.Id, out HeldSession? held))
            {
                held.MoveEnd(session.EndsAt);
                held.Follow(session.SessionRules);
            }
        }
    }

    /// <summary>A grant may have been extended in the last second. Whoever does not answer at once is not waited for: the end that is known stands.</summary>
    private async Task AskForLaterEndsAsync(CancellationToken stoppingToken)
    {
        using CancellationTokenSource end = new(EndPatience, _time);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, end.Token);
        try
        {
            await using JitAccessDbContext database = await _contexts.CreateDbContextAsync(patience.Token);
            await FollowGrantsAsync(database, patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException || DueWork.IsOutage(exception))
        {
            _logger.LogWarning("Whether sessions may go on could not be read ({Reason}); they end at the end that is known.", exception.Message);
        }
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

    private async Task StoreEndsAsync(JitAccessDbContext database, IReadOnlyList<HeldSession> ended, CancellationToken cancellationToken)
    {
        if (ended.Count == 0) return;
        Guid[] ids = [.. ended.Select(held => held.Session.Id)];
        Dictionary<Guid, Session> stored = await database.Sessions.Where(session => ids.Contains(session.Id)).ToDictionaryAsync(session => session.Id, cancellationToken);
        DateTimeOffset now = _time.GetUtcNow();
        foreach (HeldSession held in ended)
        {
            TerminalEnd end = held.Session.End!;
            if (stored[held.Session.Id] is not { IsLive: true } session) continue;
            session.Finish(held.OwnEnd ?? end.Kind switch
            {
                TerminalEndKind.ShellEnded => SessionEnd.Closed,
                TerminalEndKind.EndedHere => SessionEnd.GrantEnded,
                TerminalEndKind.TerminatedByService or TerminalEndKind.Expired or TerminalEndKind.ConnectionLost => SessionEnd.EndedByNode,
                TerminalEndKind.Refused or TerminalEndKind.Stopped => SessionEnd.Failed,
            }, end.Reason, now);
            database.Record(new AuditEntry(null, AuditAction.SessionEnded, session.Id.ToString(), end.Reason, now) { NodeId = session.NodeId.Value });
        }
        await database.SaveChangesAsync(cancellationToken);
        foreach (HeldSession held in ended) held.IsEndStored = true;
    }

    private async Task CloseRecordingAsync(HeldSession held, CancellationToken cancellationToken)
    {
        if (held.Recorder is { } recorder)
        {
            await using JitAccessDbContext database = await _contexts.CreateDbContextAsync(cancellationToken);
            Session session = await database.Sessions.AsNoTracking().SingleAsync(entity => entity.Id == held.Session.Id, cancellationToken);
            await _recordings.CloseAsync(database, session, recorder, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            await recorder.DisposeAsync();
        }
        _held.TryRemove(held.Session.Id, out _);
    }

    private async Task<DataChannelAddress?> ResumeAsync(Guid sessionId, SessionOrder order, string awsSessionId, CancellationToken cancellationToken)
    {
        if (_held.TryGetValue(sessionId, out HeldSession? held)) order = order with { EndsAt = held.EndsAt };
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
}
