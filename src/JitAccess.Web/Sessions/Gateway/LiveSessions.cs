using System.Collections.Concurrent;
using JitAccess.Web.Sessions.DataChannel;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>The sessions that this process serves, by their id in this application.</summary>
public sealed class LiveSessions(IOptions<GatewayOptions> options, TimeProvider time, ILogger<LiveSession> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, LiveSession> _sessions = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>All sessions, including those that ended a short time ago.</summary>
    public ICollection<LiveSession> All => _sessions.Values;

    /// <summary>The session with this id; also for some time after its end, so that a returning page gets the rest and the reason.</summary>
    public LiveSession? Find(Guid sessionId) => _sessions.GetValueOrDefault(sessionId);

    /// <summary>Begins to serve a session that was started at AWS.</summary>
    /// <param name="sessionId">Its id in this application, not used before.</param>
    /// <param name="address">The answer of StartSession.</param>
    /// <param name="resume">Asks AWS to resume it (ResumeSession); null when it is over.</param>
    /// <param name="findReason">Finds why this application ended it, null when it did not; asked when AWS closes it. Does not throw.</param>
    /// <param name="rules">What it is held to.</param>
    /// <param name="tap">Hears everything that passes; null for nobody.</param>
    /// <param name="channelOptions">Times and tries; the defaults when null.</param>
    /// <exception cref="InvalidOperationException">The session is served already.</exception>
    public LiveSession Open(
        Guid sessionId,
        DataChannelAddress address,
        Func<CancellationToken, Task<DataChannelAddress?>> resume,
        Func<Task<string?>> findReason,
        LiveRules? rules = null,
        ISessionTap? tap = null,
        DataChannelOptions? channelOptions = null)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        Lazy<LiveSession> started = new(() =>
            LiveSession.Start(sessionId, address, resume, findReason, rules ?? new LiveRules(), tap, options.Value, channelOptions ?? new DataChannelOptions(), time, logger));
        LiveSession session = _sessions.GetOrAdd(sessionId, _ => started.Value);
        if (!started.IsValueCreated || session != started.Value)
            throw new InvalidOperationException($"Session {sessionId} is served already.");
        _ = ForgetAfterEndAsync(session);
        return session;
    }

    /// <summary>Lets go of all sessions. They go on at AWS.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_sessions.Values.Select(s => s.StopAsync()));
    }

    private async Task ForgetAfterEndAsync(LiveSession session)
    {
        await session.Completion;
        await Task.Delay(options.Value.KeepEndedFor, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sessions.TryRemove(session.Id, out _);
    }
}
