using System.Collections.Concurrent;
using JitAccess.Web.Sessions.DataChannel;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>The sessions that this process serves, by their id in this application.</summary>
public sealed class LiveSessions(IOptions<GatewayOptions> options, TimeProvider time, ILogger<LiveSession> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, IServedSession> _sessions = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>All sessions, including those that ended a short time ago.</summary>
    public ICollection<IServedSession> All => _sessions.Values;

    /// <summary>The session with this id; also for some time after its end, so that a returning page gets the rest and the reason.</summary>
    public LiveSession? Find(Guid sessionId) => _sessions.GetValueOrDefault(sessionId) as LiveSession;

    /// <summary>The session for connections to a port with this id.</summary>
    public PortSession? FindPort(Guid sessionId) => _sessions.GetValueOrDefault(sessionId) as PortSession;

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
        return Serve(sessionId, () => LiveSession.Start(sessionId, address, resume, findReason, rules ?? new LiveRules(), tap, options.Value, channelOptions ?? new DataChannelOptions(), time, logger));
    }

    /// <summary>Begins to serve a session for connections to a port.</summary>
    /// <param name="sessionId">Its id in this application, not used before.</param>
    /// <param name="address">The answer of StartSession.</param>
    /// <param name="resume">Asks AWS to resume it; null when it is over.</param>
    /// <param name="findReason">Finds why this application ended it.</param>
    /// <param name="channelOptions">Times and tries; the defaults when null.</param>
    /// <exception cref="InvalidOperationException">The session is served already.</exception>
    public PortSession OpenPort(
        Guid sessionId, DataChannelAddress address, Func<CancellationToken, Task<DataChannelAddress?>> resume, Func<Task<string?>> findReason, DataChannelOptions? channelOptions = null) =>
        Serve(sessionId, () => PortSession.Start(sessionId, address, resume, findReason, channelOptions ?? new DataChannelOptions(), time, logger));

    private T Serve<T>(Guid sessionId, Func<T> start) where T : class, IServedSession
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        Lazy<T> started = new(start);
        IServedSession session = _sessions.GetOrAdd(sessionId, _ => started.Value);
        if (!started.IsValueCreated || session != started.Value)
            throw new InvalidOperationException($"Session {sessionId} is served already.");
        _ = ForgetAfterEndAsync(session);
        return started.Value;
    }

    /// <summary>Lets go of all sessions. They go on at AWS.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_sessions.Values.Select(s => s.StopAsync()));
    }

    private async Task ForgetAfterEndAsync(IServedSession session)
    {
        await session.Completion;
        await Task.Delay(options.Value.KeepEndedFor, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sessions.TryRemove(session.Id, out _);
    }
}
