using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>
/// A running session: one data channel, the last of its output, and the pages that show it. It does not end when the
/// last page goes. Thread-safe.
/// </summary>
public sealed class LiveSession : IServedSession, IDataChannelListener
{
    private readonly Lock _gate = new();
    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OutputHistory _history;
    private readonly Func<Task<string?>> _findReason;
    private readonly ISessionTap? _tap;
    private readonly PagesOfSession _pages;
    private readonly ITimer? _leftTimer;
    private DataChannelClient _client = null!;
    private TaskCompletionSource? _room;
    private ChannelStatus _status = ChannelStatus.Connecting;
    private DateTimeOffset? _endsAt;
    private string? _reasonToEnd;
    private long _seen;
    private long _lastActivity;

    private LiveSession(Guid id, Func<Task<string?>> findReason, LiveRules rules, ISessionTap? tap, GatewayOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HistoryBytes, 1024 * 1024);
        Id = id;
        _findReason = findReason;
        _tap = tap;
        _pages = new PagesOfSession(rules);
        _lastActivity = time.GetTimestamp();
        _options = options;
        _time = time;
        _logger = logger;
        _history = new OutputHistory(options.HistoryBytes);
        LeftAt = time.GetUtcNow();
        if (options.EndWhenLeftFor is { } wait)
            _leftTimer = time.CreateTimer(_ => _ = EndAsync("Nobody was in the session any more."), null, wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The session's id in this application.</summary>
    public Guid Id { get; }

    /// <summary>How it ended, as soon as it has; null while it runs.</summary>
    public TerminalEnd? End { get; private set; }

    /// <summary>Completes when the session has ended; never with an exception.</summary>
    public Task<TerminalEnd> Completion { get; private set; } = null!;

    /// <summary>When the last page went, or the session began without one; null while a page is open.</summary>
    public DateTimeOffset? LeftAt { get; private set; }

    /// <summary>For how long nobody has typed and nothing has come out.</summary>
    public TimeSpan IdleFor => _time.GetElapsedTime(Volatile.Read(ref _lastActivity));

    internal static LiveSession Start(
        Guid id,
        DataChannelAddress address,
        Func<CancellationToken, Task<DataChannelAddress?>> resume,
        Func<Task<string?>> findReason,
        LiveRules rules,
        ISessionTap? tap,
        GatewayOptions options,
        DataChannelOptions channelOptions,
        TimeProvider time,
        ILogger logger)
    {
        LiveSession session = new(id, findReason, rules, tap, options, time, logger);
        session._client = DataChannelClient.Start(address, resume, session, channelOptions, time);
        session.Completion = session.WatchAsync();
        return session;
    }

    /// <summary>Ends the session here and tells the pages why. The caller ends it at AWS.</summary>
    public async Task EndAsync(string reason)
    {
        lock (_gate)
            _reasonToEnd ??= reason;
        await _client.DisposeAsync();
        await Completion;
    }

    /// <summary>Stops serving the session, which goes on at AWS.</summary>
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await Completion;
    }

    /// <summary>Shows a line to the person, in the terminal.</summary>
    public void Notify(string text) => _pages.TellAll(ControlMessage.Notice(text));

    /// <summary>Sets when the session ends at the latest; the countdown of open pages follows.</summary>
    public void MoveEnd(DateTimeOffset endsAt)
    {
        lock (_gate)
            _endsAt = endsAt;
        _pages.TellAll(ControlMessage.EndsAtTime(endsAt));
    }

    /// <summary>From now on the session is held to these rules.</summary>
    public void Follow(LiveRules rules) => _pages.Follow(rules);

    /// <summary>Serves a page until it goes or the session ends.</summary>
    /// <param name="socket">The page's WebSocket.</param>
    /// <param name="from">Offset of the first byte of output that the page wants.</param>
    /// <param name="page">The page's own name; empty for one that has none.</param>
    /// <param name="watcher">The name of whoever watches; null for the person who works in it.</param>
    /// <param name="cancellationToken">Lets the page go.</param>
    internal async Task ServeAsync(System.Net.WebSockets.WebSocket socket, long from, string page, string? watcher, CancellationToken cancellationToken)
    {
        BrowserConnection browser = new(this, socket, from, page, watcher, _options.WindowBytes);
        Attach(browser);
        try
        {
            await browser.RunAsync(cancellationToken);
        }
        finally
        {
            Detach(browser);
        }
    }

    /// <summary>Whether a page of this name has been here.</summary>
    internal bool Knows(string page) => _pages.Knows(page);

    /// <summary>Takes keystrokes from the page that writes; those of others go nowhere.</summary>
    internal ValueTask SendAsync(BrowserConnection from, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (!_pages.MayType(from))
            return ValueTask.CompletedTask;
        Volatile.Write(ref _lastActivity, _time.GetTimestamp());
        _tap?.OnInput(input.Span);
        return _client.SendAsync(input, cancellationToken);
    }

    internal void TakeKeyboard(BrowserConnection browser) => _pages.TakeKeyboard(browser);

    internal void Resize(BrowserConnection from, int columns, int rows)
    {
        if (columns <= 0 || rows <= 0 || !_pages.IsWriter(from))
            return;
        _tap?.OnResize(columns, rows);
        _client.Resize(columns, rows);
    }

    /// <summary>Copies output from an offset on; false when that is not kept any more.</summary>
    internal bool TryReadOutput(long offset, Span<byte> target, out int length)
    {
        length = 0;
        lock (_gate)
        {
            if (offset < _history.Start)
                return false;
            length = _history.CopyTo(offset, target);
            return true;
        }
    }

    /// <summary>How many bytes of output there are from an offset on.</summary>
    internal long OutputBehind(long offset)
    {
        lock (_gate)
            return _history.End - offset;
    }

    /// <summary>The nearest offset that can be had, how many bytes lie between, and how far any page has shown the output.</summary>
    internal (long Start, long Lost, long Shown) FindOutput(long offset)
    {
        lock (_gate)
        {
            // An offset from the future is that of a page which showed another run of the session.
            if (offset < 0 || offset > _history.End)
                return (_history.Start, 0, _seen);
            long start = Math.Max(offset, _history.Start);
            return (start, start - offset, _seen);
        }
    }

    /// <summary>A page showed everything before this offset: newer output may take its place.</summary>
    internal void MarkSeen(long offset)
    {
        lock (_gate)
        {
            if (offset <= _seen)
                return;
            _seen = offset;
            _room?.TrySetResult();
            _room = null;
        }
    }

    async ValueTask IDataChannelListener.OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastActivity, _time.GetTimestamp());
        if (_tap is not null)
            await _tap.OnOutputAsync(output, cancellationToken);
        while (!TryAppend(output.Span, out Task? room))
            await room!.WaitAsync(cancellationToken);
        _pages.WakeAll();
    }

    void IDataChannelListener.OnMessage(string text) => Notify(text);

    void IDataChannelListener.OnStatus(ChannelStatus status)
    {
        lock (_gate)
        {
            if (_status == status)
                return;
            _status = status;
        }

        _logger.LogInformation("Session {SessionId}: data channel {Status}", Id, status);
        _pages.TellAll(ControlMessage.Of(status));
    }

    void IDataChannelListener.OnDefect(FrameDefect defect) =>
        _logger.LogWarning("Session {SessionId}: a frame was dropped, {Defect}", Id, defect);

    /// <summary>Output that no page has shown is never overwritten: without room the node has to wait.</summary>
    private bool TryAppend(ReadOnlySpan<byte> output, out Task? room)
    {
        lock (_gate)
        {
            if (_history.End + output.Length - _seen > _options.HistoryBytes)
            {
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
                return false;
            }

            _history.Append(output);
            room = null;
            return true;
        }
    }

    private async Task<TerminalEnd> WatchAsync()
    {
        ChannelEnd channelEnd = await _client.Completion;
        if (channelEnd.Cause is not null)
            _logger.LogWarning(channelEnd.Cause, "Session {SessionId}: the data channel could not be had again", Id);
        if (_leftTimer is not null)
            await _leftTimer.DisposeAsync();

        // AWS closes the channel of a session that another part of JitAccess ended, perhaps before that part came to say so
        // here: what closed is no shell that ended, and the person is told who ended it.
        bool stoppedHere = channelEnd.Reason == ChannelEndReason.Stopped;
        string? found = stoppedHere ? null : await _findReason();
        TerminalEnd end;
        lock (_gate)
        {
            string? reason = stoppedHere ? _reasonToEnd : found ?? _reasonToEnd;
            end = reason is null ? TerminalEnd.Of(channelEnd) : new TerminalEnd(TerminalEndKind.EndedHere, reason);
            End = end;
        }

        _logger.LogInformation("Session {SessionId} ended: {Kind}, {Reason}", Id, end.Kind, end.Reason);
        _pages.WakeAll();
        return end;
    }

    private void Attach(BrowserConnection browser)
    {
        lock (_gate)
        {
            browser.Tell(ControlMessage.Of(_status));
            if (_endsAt is { } endsAt)
                browser.Tell(ControlMessage.EndsAtTime(endsAt));
            _pages.Add(browser);
            if (browser.Watcher is not null)
                return;
            LeftAt = null;
            _leftTimer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Detach(BrowserConnection browser)
    {
        lock (_gate)
        {
            _pages.Remove(browser);
            if (_pages.HasWorker)
                return;
            LeftAt ??= _time.GetUtcNow();
            if (End is null && _options.EndWhenLeftFor is { } wait)
                _leftTimer?.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }
}
