namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// The client's side of a port session: gives a stream for each connection that is to go through it. Whoever has a TCP connection
/// copies between that and the stream.
/// </summary>
/// <remarks>A stream whose reader does not read holds up the others: the protocol has no windows, so that the session stops being read.</remarks>
public sealed class PortMultiplexer : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(10);

    // Agents up to here know no multiplexing, and agents up to there want to hear something every half minute.
    private static readonly Version LastWithoutMultiplexing = new(3, 0, 196, 0);
    private static readonly Version LastWithKeepAlive = new(3, 1, 1511, 0);

    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<IPortCarrier> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DataChannelClient _client;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _room = Task.CompletedTask;
    private string? _damage;
    private int _isDisposed;

    private PortMultiplexer(
        DataChannelAddress address, Func<CancellationToken, Task<DataChannelAddress?>> resume, DataChannelOptions options, TimeProvider time)
    {
        _time = time;
        _client = DataChannelClient.Start(
            address, resume, new Listener(this), options with { AcceptedSessionTypes = new HashSet<string> { SessionTypes.Port } }, time);
        Completion = WatchAsync();
    }

    /// <summary>Completes, never with an exception, when the session has ended for good; all streams have then.</summary>
    public Task<ChannelEnd> Completion { get; }

    /// <summary>Starts to connect.</summary>
    /// <param name="address">The answer of StartSession with a document for ports.</param>
    /// <param name="resume">Asks for a fresh address after a cut (ResumeSession); null when the session is over.</param>
    /// <param name="options">Times and tries.</param>
    /// <param name="time">The clock.</param>
    public static PortMultiplexer Start(
        DataChannelAddress address, Func<CancellationToken, Task<DataChannelAddress?>> resume, DataChannelOptions options, TimeProvider time) =>
        new(address, resume, options, time);

    /// <summary>A new connection to the session's port; waits for the node's handshake. Whether the port answers shows on the stream.</summary>
    /// <exception cref="PortSessionException">The session has ended or cannot carry one more connection.</exception>
    public async Task<PortStream> OpenStreamAsync(CancellationToken cancellationToken)
    {
        IPortCarrier carrier = await _ready.Task.WaitAsync(cancellationToken);
        PortStream stream = await carrier.OpenAsync(cancellationToken);
        if (Completion.IsCompleted)
            stream.Fail(Ended(await Completion));
        return stream;
    }

    /// <summary>Ends the session, its node's side too, as far as the node answers within two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            if (_ready.Task.IsCompletedSuccessfully && !Completion.IsCompleted)
            {
                _client.SendFlag(ChannelFlag.TerminateSession);
                // What nobody reads any more must not keep the node's answer from being read.
                if (_ready.Task.Result is { } carrier)
                    carrier.End(new PortSessionException("The port session was ended here."), isOrderly: false);
                await Task.WhenAny(Completion, Task.Delay(GoodbyeTimeout, _time));
            }

            await _client.DisposeAsync();
            await _stop.CancelAsync();
        }

        await Completion;
    }

    private async Task<ChannelEnd> WatchAsync()
    {
        ChannelEnd end = await _client.Completion;
        if (_damage is not null)
            end = new ChannelEnd(ChannelEndReason.HandshakeRefused, _damage);
        PortSessionException failure = Ended(end);
        if (_ready.TrySetException(failure))
            _ = _ready.Task.Exception; // Whoever waits for a stream sees it; perhaps nobody does.
        else
            (await _ready.Task).End(failure, isOrderly: end is { Reason: ChannelEndReason.Closed, Detail: "" });
        return end;
    }

    private void Begin(SessionOpening opening)
    {
        if (opening.SessionType != SessionTypes.Port)
        {
            Break("The node began a shell where connections to a port were asked for.");
            return;
        }

        bool isForwarding = opening.Properties is { ValueKind: System.Text.Json.JsonValueKind.Object } properties
            && properties.TryGetProperty("type", out System.Text.Json.JsonElement type)
            && type.ValueEquals("LocalPortForwarding");
        _ = Version.TryParse(opening.AgentVersion, out Version? agent);
        if (!isForwarding || agent is null || agent <= LastWithoutMultiplexing)
        {
            _ready.TrySetResult(new SingleCarrier(SendAsync, () => _client.SendFlag(ChannelFlag.DisconnectToPort)));
            return;
        }

        SmuxCarrier carrier = new(SendAsync, _time);
        if (agent <= LastWithKeepAlive)
            _ = KeepAliveAsync(carrier);
        _ready.TrySetResult(carrier);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            // Half a frame would ruin all that follow, so what has begun is not cancelled.
            await _client.SendAsync(bytes, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task KeepAliveAsync(SmuxCarrier carrier)
    {
        using PeriodicTimer timer = new(KeepAliveInterval, _time);
        try
        {
            while (!Completion.IsCompleted && await timer.WaitForNextTickAsync(_stop.Token))
                await carrier.KeepAliveAsync();
        }
        catch (OperationCanceledException)
        {
            // The session was ended here.
        }
    }

    private void Break(string damage)
    {
        _damage = damage;
        // Not waited for: this is the channel's own reader.
        _ = _client.DisposeAsync().AsTask();
    }

    private static PortSessionException Ended(ChannelEnd end) => new(
        end.Detail.Length > 0 ? $"The port session has ended: {end.Detail}" : "The port session has ended.");

    private sealed class Listener(PortMultiplexer owner) : IDataChannelListener
    {
        public async ValueTask OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
        {
            // First the room, then the bytes: a cut while waiting leaves none of them taken, and they come again.
            await owner._room.WaitAsync(cancellationToken);
            if (owner._damage is not null || !owner._ready.Task.IsCompletedSuccessfully)
                return;
            IPortCarrier carrier = await owner._ready.Task;
            if (carrier.Take(output.Span) is { } room)
                owner._room = room;
            else
                owner.Break("The node sent something that is no stream of connections.");
        }

        public async ValueTask OnFlagAsync(ChannelFlag flag, CancellationToken cancellationToken)
        {
            if (!owner._ready.Task.IsCompletedSuccessfully)
                return;
            IPortCarrier carrier = await owner._ready.Task;
            if (flag == ChannelFlag.ConnectToPortError)
                carrier.Refuse();
            else if (flag == ChannelFlag.DisconnectToPort)
                carrier.Disconnect();
        }

        public void OnReady(SessionOpening opening) => owner.Begin(opening);

        public void OnMessage(string text)
        {
            // A line for a terminal; there is none.
        }

        public void OnStatus(ChannelStatus status)
        {
            // Streams wait while the channel is cut.
        }

        public void OnDefect(FrameDefect defect)
        {
            // Dropped; the node sends it again.
        }
    }
}
