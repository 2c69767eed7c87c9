using System.Net.WebSockets;
using System.Threading.Channels;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// The client's side of one session: delivers the node's output in order, each byte once, and brings input to the node,
/// across as many connections as it takes.
/// </summary>
/// <remarks>
/// One loop reads and one writes. The reader calls the listener and waits for it. Sequence numbers and unacknowledged
/// messages outlive a connection, so a cut loses and doubles nothing.
/// </remarks>
public sealed class DataChannelClient : IAsyncDisposable
{
    /// <summary>The protocol version announced to the service and to nodes.</summary>
    public const string ClientVersion = "1.2.677.0";

    /// <summary>Nodes expect no longer chunks of input.</summary>
    public const int LongestInput = 1024;

    private const int MostUnacknowledgedInputs = 256;
    private const int MostResends = 3000;
    private static readonly TimeSpan ResendCheck = TimeSpan.FromMilliseconds(100);

    private readonly Func<CancellationToken, Task<DataChannelAddress?>> _resume;
    private readonly IDataChannelListener _listener;
    private readonly DataChannelOptions _options;
    private readonly TimeProvider _time;
    private readonly Guid _clientId = Guid.NewGuid();
    private readonly CancellationTokenSource _stop = new();

    private readonly OutgoingStream _outgoing;
    private readonly IncomingStream _incoming = new();
    private readonly InputGate _input;
    private readonly StreamDelivery _delivery;
    private readonly Channel<byte[]> _acknowledgements = Channel.CreateBounded<byte[]>(1024);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _credits = new(MostUnacknowledgedInputs);

    private long _lastHeard;
    private bool _wasHeard;
    private volatile bool _hasEnded;

    private DataChannelClient(
        ISessionKeys? keys,
        Func<CancellationToken, Task<DataChannelAddress?>> resume,
        IDataChannelListener listener,
        DataChannelOptions options,
        TimeProvider time)
    {
        _resume = resume;
        _listener = listener;
        _options = options;
        _time = time;
        _outgoing = new OutgoingStream(MessageTypes.InputStreamData, time);
        _input = new InputGate(_outgoing);
        _delivery = new StreamDelivery(
            listener, _outgoing, _input, new Handshake(options.AcceptedSessionTypes, keys), options.HandshakeTimeout, time, Wake);
    }

    /// <summary>Completes, never with an exception, when the channel has ended for good.</summary>
    public Task<ChannelEnd> Completion { get; private set; } = null!;

    /// <summary>Starts to connect and goes on until the channel ends or is disposed.</summary>
    /// <param name="address">The answer of StartSession, with the keys for a node that wants encryption.</param>
    /// <param name="resume">Asks for a fresh address after a cut (ResumeSession); null when the session is over.</param>
    /// <param name="listener">Hears the output.</param>
    /// <param name="options">Times and tries.</param>
    /// <param name="time">The clock.</param>
    public static DataChannelClient Start(
        DataChannelAddress address,
        Func<CancellationToken, Task<DataChannelAddress?>> resume,
        IDataChannelListener listener,
        DataChannelOptions options,
        TimeProvider time)
    {
        DataChannelClient client = new(address.Keys, resume, listener, options, time);
        client.Completion = Task.Run(async () =>
        {
            ChannelEnd end = await client.RunAsync(address);
            client._hasEnded = true;
            client._delivery.Dispose();
            client._credits.Release(MostUnacknowledgedInputs);
            return end;
        });
        return client;
    }

    /// <summary>
    /// Queues input for the node. Waits while too much is unacknowledged. One caller at a time, or chunks may mix.
    /// Input after the end goes nowhere.
    /// </summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        while (!input.IsEmpty && !_hasEnded)
        {
            await _credits.WaitAsync(cancellationToken);
            ReadOnlyMemory<byte> chunk = input[..Math.Min(input.Length, LongestInput)];
            input = input[chunk.Length..];
            _input.Send(PayloadType.Output, chunk);
            Wake();
        }
    }

    /// <summary>Tells the node the terminal's size in characters, if it is a new one.</summary>
    public void Resize(int columns, int rows)
    {
        _input.Resize(new SizePayload((uint)columns, (uint)rows));
        Wake();
    }

    /// <summary>Raises a flag for the node, behind all input so far.</summary>
    public void SendFlag(ChannelFlag flag)
    {
        _input.Send(PayloadType.Flag, ChannelFlags.Write(flag));
        Wake();
    }

    /// <summary>Stops the channel. This does not end the session at AWS.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Completion;
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task<ChannelEnd> RunAsync(DataChannelAddress firstAddress)
    {
        DataChannelAddress? address = firstAddress;
        bool wasConnected = false;
        for (int failures = 0; ;)
        {
            try
            {
                _listener.OnStatus(wasConnected ? ChannelStatus.Interrupted : ChannelStatus.Connecting);
                address ??= await _resume(_stop.Token);
                if (address is null)
                    return new ChannelEnd(ChannelEndReason.Expired);

                using DataChannelConnection connection = await DataChannelConnection.OpenAsync(address, _clientId, _options.ConnectTimeout, _stop.Token);
                wasConnected = true;
                _listener.OnStatus(ChannelStatus.Connected);
                ChannelEnd? end = await UseAsync(connection);
                if (end is not null)
                    return end;
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return new ChannelEnd(ChannelEndReason.Stopped);
            }
            catch (Exception e)
            {
                // Whatever it was (network, TLS, AWS), the next try tells whether it lasts; the last one is reported.
                address = null;
                failures = _wasHeard ? 1 : failures + 1;
                _wasHeard = false;
                if (failures >= (wasConnected ? _options.ResumeTries : _options.FirstTries))
                    return new ChannelEnd(ChannelEndReason.ConnectionLost, "", e);
                if (!await WaitAsync(failures))
                    return new ChannelEnd(ChannelEndReason.Stopped);
            }
        }
    }

    private async Task<bool> WaitAsync(int failures)
    {
        TimeSpan delay = _options.FirstDelay * Math.Pow(2, Math.Min(failures - 1, 16));
        await Task.Delay(delay < _options.LongestDelay ? delay : _options.LongestDelay, _time, _stop.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_stop.IsCancellationRequested;
    }

    /// <summary>Reads and writes until the connection or the channel ends; null when only the connection did.</summary>
    private async Task<ChannelEnd?> UseAsync(DataChannelConnection connection)
    {
        _outgoing.SendAllAgain();
        _delivery.Reset();
        _lastHeard = _time.GetTimestamp();
        using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task<ChannelEnd?> reader = ReadAsync(connection, cut.Token);
        Task<ChannelEnd?> writer = WriteAsync(connection, cut.Token);

        Task<ChannelEnd?> first = await Task.WhenAny(reader, writer);
        if (first.IsCompletedSuccessfully || _stop.IsCancellationRequested)
            await connection.CloseAsync();
        await cut.CancelAsync();
        await ((Task)(first == reader ? writer : reader)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await first;
    }

    private async Task<ChannelEnd?> ReadAsync(DataChannelConnection connection, CancellationToken cancellationToken)
    {
        // A cut may have come between two deliveries, with messages kept that the node has seen acknowledged.
        await DeliverEarlyAsync(cancellationToken);
        while (await connection.ReceiveAsync(cancellationToken) is { } frame)
        {
            if (!AgentMessage.TryParse(frame, out AgentMessage? message, out FrameDefect defect))
            {
                _listener.OnDefect(defect);
                continue;
            }

            Volatile.Write(ref _lastHeard, _time.GetTimestamp());
            _wasHeard = true;
            switch (message.MessageType)
            {
                case MessageTypes.OutputStreamData:
                    await TakeAsync(message, cancellationToken);
                    break;
                case MessageTypes.Acknowledge:
                    TakeAcknowledgement(message);
                    break;
                case MessageTypes.ChannelClosed:
                    PayloadJson.TryRead(message.Payload.Span, out ChannelClosed? closed);
                    return _delivery.Refusal is { } refusal
                        ? new ChannelEnd(ChannelEndReason.HandshakeRefused, refusal)
                        : new ChannelEnd(ChannelEndReason.Closed, closed?.Output ?? "");
            }
        }

        return null;
    }

    private async ValueTask TakeAsync(AgentMessage message, CancellationToken cancellationToken)
    {
        Arrival arrival = _incoming.Accept(message);
        if (arrival == Arrival.Refused)
            return;
        if (arrival == Arrival.InOrder)
        {
            if (!await _delivery.DeliverAsync(message, cancellationToken))
                return;
            _incoming.Advance();
            await DeliverEarlyAsync(cancellationToken);
        }

        await _acknowledgements.Writer.WriteAsync(AgentMessage.Acknowledging(message, _time.GetUtcNow()).ToArray(), cancellationToken);
        Wake();
    }

    private async ValueTask DeliverEarlyAsync(CancellationToken cancellationToken)
    {
        while (_incoming.TryGetExpected(out AgentMessage? next) && await _delivery.DeliverAsync(next, cancellationToken))
            _incoming.Advance();
    }

    private void TakeAcknowledgement(AgentMessage message)
    {
        if (!PayloadJson.TryRead(message.Payload.Span, out Acknowledge? acknowledge))
            _listener.OnDefect(FrameDefect.Payload);
        else if (_outgoing.Acknowledge(acknowledge, out PayloadType payloadType))
        {
            if (payloadType == PayloadType.Output)
                _credits.Release();
            // The message behind it may have been lost long ago.
            if (_outgoing.Unacknowledged > 0)
                Wake();
        }
    }

    private async Task<ChannelEnd?> WriteAsync(DataChannelConnection connection, CancellationToken cancellationToken)
    {
        using ITimer resendCheck = _time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            if (_delivery.Failure is { } failure)
                return new ChannelEnd(ChannelEndReason.HandshakeRefused, failure);
            while (_acknowledgements.Reader.TryRead(out byte[]? acknowledgement))
                await connection.SendAsync(acknowledgement, cancellationToken);
            while (_outgoing.TryTakeDue(out ReadOnlyMemory<byte> frame))
                await connection.SendAsync(frame, cancellationToken);

            if (_outgoing.ResendsOfOldest > MostResends)
                return new ChannelEnd(ChannelEndReason.NodeSilent);
            if (_outgoing.Unacknowledged > 0)
            {
                if (!_delivery.IsListening && _time.GetElapsedTime(Volatile.Read(ref _lastHeard)) > _options.SilenceTimeout)
                    throw new WebSocketException(WebSocketError.Faulted, "Nothing was heard from the service.");
                resendCheck.Change(ResendCheck, Timeout.InfiniteTimeSpan);
            }

            await _wake.Reader.ReadAsync(cancellationToken);
        }
    }
}
