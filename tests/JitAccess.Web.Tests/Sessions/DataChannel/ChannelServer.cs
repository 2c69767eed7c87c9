using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using JitAccess.Web.Sessions.DataChannel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>
/// A message gateway and a node behind it, on a real WebSocket. The node numbers, acknowledges and sends again as real
/// ones do; the way between can drop, double, delay and swap frames, and be cut.
/// </summary>
internal sealed class ChannelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _tokens = new();
    private readonly OutgoingStream _outgoing = new(MessageTypes.OutputStreamData, TimeProvider.System, MessageFlags.First);
    private readonly IncomingStream _incoming = new();
    private readonly Lock _gate = new();
    private readonly Lock _taking = new();
    private readonly ConcurrentQueue<byte[]> _late = new();
    private readonly ArrayBufferWriter<byte> _input = new();
    private readonly ConcurrentQueue<AgentMessage> _received = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebSocket? _socket;

    private ChannelServer(WebApplication app) => _app = app;

    /// <summary>What becomes of a frame on its way: how often it arrives (0, 1, 2), by default once.</summary>
    public Func<AgentMessage, int> Copies { get; set; } = _ => 1;

    /// <summary>How much later than others a frame arrives, by default not at all.</summary>
    public Func<AgentMessage, TimeSpan> Late { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Whether a frame to the client waits until the one after it was sent.</summary>
    public Func<AgentMessage, bool> Swapped { get; set; } = _ => false;

    /// <summary>Whether the gateway takes new connections.</summary>
    public bool IsReachable { get; set; } = true;

    public int Connections { get; private set; }

    /// <summary>Opening messages as they came.</summary>
    public ConcurrentQueue<OpenDataChannel> Openings { get; } = new();

    /// <summary>Stream messages that the node took, in order.</summary>
    public IEnumerable<AgentMessage> Received => _received;

    public int UnacknowledgedOutput => _outgoing.Unacknowledged;

    public int InputLength
    {
        get
        {
            lock (_gate)
                return _input.WrittenCount;
        }
    }

    public byte[] InputBytes
    {
        get
        {
            lock (_gate)
                return _input.WrittenSpan.ToArray();
        }
    }

    public string Input
    {
        get
        {
            lock (_gate)
                return Encoding.UTF8.GetString(_input.WrittenSpan);
        }
    }

    public static async Task<ChannelServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        ChannelServer server = new(builder.Build());
        server._app.UseWebSockets();
        server._app.Map("/v1/data-channel/s", server.HandleAsync);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>An address with a fresh token.</summary>
    public DataChannelAddress Address(ISessionKeys? keys = null)
    {
        string token = Guid.NewGuid().ToString();
        _tokens[token] = true;
        return new DataChannelAddress(new Uri(_app.Urls.Single().Replace("http", "ws", StringComparison.Ordinal) + "/v1/data-channel/s"), token) { Keys = keys };
    }

    public void Send(string output) => Send(PayloadType.Output, Encoding.UTF8.GetBytes(output));

    public void Send(PayloadType type, ReadOnlyMemory<byte> payload) => _outgoing.Enqueue(type, payload);

    /// <summary>Sends a message of the service itself, past all faults, as soon as a client has opened the channel.</summary>
    public async Task CloseChannelAsync(string output)
    {
        await _opened.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        AgentMessage closed = new()
        {
            MessageType = MessageTypes.ChannelClosed,
            CreatedDate = 1,
            Payload = PayloadJson.Write(new ChannelClosed("s", output)),
        };
        await _socket!.SendAsync(closed.ToArray(), WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends bytes that need not be a message.</summary>
    public Task SendRawAsync(byte[] bytes) => _socket!.SendAsync(bytes, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);

    /// <summary>Cuts the present connection without a good-bye.</summary>
    public void Cut() => _socket?.Abort();

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (!IsReachable)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            ValueWebSocketReceiveResult first = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            Assert.Equal(WebSocketMessageType.Text, first.MessageType);
            Assert.True(PayloadJson.TryRead(buffer.AsSpan(0, first.Count), out OpenDataChannel? open));
            if (!_tokens.TryRemove(open.TokenValue, out _))
                return;
            Openings.Enqueue(open);
            Connections++;
            _socket = socket;
            _opened.TrySetResult();
            _outgoing.SendAllAgain();

            using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            ConcurrentQueue<AgentMessage> acknowledgements = new();
            Task pump = PumpAsync(socket, acknowledgements, cut.Token);
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), cut.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                Assert.True(received.EndOfMessage);
                AgentMessage message = Parse(buffer.AsMemory(0, received.Count));
                int copies = Copies(message);
                if (copies > 0 && Late(message) is { Ticks: > 0 } late)
                {
                    AgentMessage kept = message.WithPayload(message.Payload.ToArray());
                    _ = LaterAsync(late, () => Take(kept, acknowledgements));
                    continue;
                }

                for (; copies > 0; copies--)
                    Take(message, acknowledgements);
            }

            await cut.CancelAsync();
            await pump;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The test cut the connection.
        }
    }

    private void Take(AgentMessage message, ConcurrentQueue<AgentMessage> acknowledgements)
    {
        if (message.MessageType == MessageTypes.Acknowledge)
        {
            Assert.True(PayloadJson.TryRead(message.Payload.Span, out Acknowledge? acknowledge));
            _outgoing.Acknowledge(acknowledge, out _);
            return;
        }

        lock (_taking)
        {
            if (_incoming.Accept(message) == Arrival.InOrder)
            {
                Deliver(message);
                while (_incoming.TryGetExpected(out AgentMessage? next))
                    Deliver(next);
            }
        }

        acknowledgements.Enqueue(AgentMessage.Acknowledging(message, DateTimeOffset.UtcNow));
    }

    private void Deliver(AgentMessage message)
    {
        if (message.PayloadType == PayloadType.Output)
        {
            lock (_gate)
                _input.Write(message.Payload.Span);
        }

        _received.Enqueue(message.WithPayload(message.Payload.ToArray()));
        _incoming.Advance();
    }

    private async Task PumpAsync(WebSocket socket, ConcurrentQueue<AgentMessage> acknowledgements, CancellationToken cancellationToken)
    {
        byte[]? held = null;
        using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(5));
        while (await tick.WaitForNextTickAsync(cancellationToken))
        {
            while (acknowledgements.TryDequeue(out AgentMessage? acknowledgement))
                await SendAsync(socket, acknowledgement.ToArray(), cancellationToken);
            while (_late.TryDequeue(out byte[]? late))
                await socket.SendAsync(late, WebSocketMessageType.Binary, true, cancellationToken);
            while (_outgoing.TryTakeDue(out ReadOnlyMemory<byte> frame))
            {
                if (held is null && Swapped(Parse(frame)))
                {
                    held = frame.ToArray();
                    continue;
                }

                await SendAsync(socket, frame, cancellationToken);
                if (held is not null)
                    await SendAsync(socket, held, cancellationToken);
                held = null;
            }
        }
    }

    private async Task SendAsync(WebSocket socket, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        AgentMessage message = Parse(frame);
        int copies = Copies(message);
        if (copies > 0 && Late(message) is { Ticks: > 0 } late)
        {
            byte[] kept = frame.ToArray();
            _ = LaterAsync(late, () => _late.Enqueue(kept));
            return;
        }

        for (; copies > 0; copies--)
            await socket.SendAsync(frame, WebSocketMessageType.Binary, true, cancellationToken);
    }

    private static async Task LaterAsync(TimeSpan late, Action arrive)
    {
        await Task.Delay(late);
        arrive();
    }

    private static AgentMessage Parse(ReadOnlyMemory<byte> frame)
    {
        Assert.True(AgentMessage.TryParse(frame, out AgentMessage? message, out _));
        return message;
    }
}
