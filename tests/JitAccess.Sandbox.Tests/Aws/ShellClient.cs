using System.Net.WebSockets;
using System.Text;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Tests.Aws;

/// <summary>
/// A client of the data channel, straight on the wire: checks that messages are well-formed and in order, acknowledges
/// them, and collects what the terminal shows.
/// </summary>
internal sealed class ShellClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly Screen screen = new();
    private readonly List<AgentMessage> received = [];
    private readonly SortedDictionary<long, AgentMessage> early = [];
    private readonly SemaphoreSlim changed = new(0);
    private readonly SemaphoreSlim sending = new(1);
    private ClientWebSocket socket = new();
    private Task reading = Task.CompletedTask;
    private long expected;
    private long next;

    /// <summary>While false, what arrives is neither taken nor acknowledged.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>The messages of the stream so far, in order, each once.</summary>
    public IReadOnlyList<AgentMessage> Received
    {
        get
        {
            lock (gate)
                return [.. received];
        }
    }

    /// <summary>How many messages of the stream were neither taken nor acknowledged.</summary>
    public int Ignored { get; private set; }

    public ChannelClosed? Closed { get; private set; }

    public bool IsCut => reading.IsCompleted;

    public static async Task<ShellClient> OpenAsync(StartSessionResponse session)
    {
        ShellClient client = new();
        await client.ConnectAsync(session.StreamUrl, session.TokenValue);
        return client;
    }

    public async Task ConnectAsync(string streamUrl, string token)
    {
        await reading;
        socket.Dispose();
        socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(streamUrl), TestContext.Current.CancellationToken);
        byte[] opening = PayloadJson.Write(new OpenDataChannel(token, Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), "1.2.677.0"));
        await socket.SendAsync(opening, WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        reading = ReadAsync(socket);
    }

    public Task TypeAsync(string keys) => SendAsync(PayloadType.Output, Encoding.UTF8.GetBytes(keys));

    public Task ResizeAsync(uint columns, uint rows) => SendAsync(PayloadType.Size, PayloadJson.Write(new SizePayload(columns, rows)));

    /// <summary>A stream message; with a sequence number of the caller's to send one again or too early.</summary>
    public async Task SendAsync(PayloadType type, byte[] payload, long? sequence = null)
    {
        byte[] frame = new AgentMessage
        {
            MessageType = MessageTypes.InputStreamData,
            CreatedDate = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            SequenceNumber = sequence ?? next++,
            PayloadType = type,
            Payload = payload,
        }.ToArray();
        await SendAsync(socket, frame);
    }

    /// <summary>What the terminal has shown, once it shows what is waited for.</summary>
    public async Task<string> ShowsAsync(Func<string, bool> condition)
    {
        string text = "";
        await UntilAsync(
            () =>
            {
                text = screen.ToString();
                return condition(text);
            },
            () => $"The terminal shows: …{text[Math.Max(0, text.Length - 2000)..]}");
        return text;
    }

    public Task<string> ShowsAsync(string text) => ShowsAsync(shown => shown.Contains(text, StringComparison.Ordinal));

    public Task IsCutAsync() => UntilAsync(() => IsCut, () => "The connection is still there.");

    public async Task<ChannelClosed> ClosedAsync()
    {
        await UntilAsync(() => Closed is not null, () => "The channel was not closed.");
        return Closed!;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
        sending.Dispose();
    }

    private async Task UntilAsync(Func<bool> condition, Func<string> otherwise)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (!condition())
        {
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail(otherwise());
            }
        }
    }

    private async Task ReadAsync(ClientWebSocket from)
    {
        byte[] buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await from.ReceiveAsync(buffer.AsMemory(length), TestContext.Current.CancellationToken);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                Assert.Equal(WebSocketMessageType.Binary, part.MessageType);
                Assert.True(AgentMessage.TryParse(buffer.AsMemory(0, length).ToArray(), out AgentMessage? message, out FrameDefect defect), defect.ToString());
                await TakeAsync(message, from);
            }
        }
        catch (Exception cut) when (cut is WebSocketException or OperationCanceledException)
        {
            // By the emulator or by this client: for the test to judge.
        }
        finally
        {
            changed.Release();
        }
    }

    private async Task TakeAsync(AgentMessage message, ClientWebSocket from)
    {
        if (message.MessageType == MessageTypes.ChannelClosed)
        {
            Assert.True(PayloadJson.TryRead(message.Payload.Span, out ChannelClosed? closed));
            Closed = closed;
        }
        else if (message.MessageType == MessageTypes.OutputStreamData && !Acknowledges)
        {
            Ignored++;
        }
        else if (message.MessageType == MessageTypes.OutputStreamData)
        {
            lock (gate)
            {
                if (message.SequenceNumber >= expected)
                    early[message.SequenceNumber] = message;
                while (early.Remove(expected, out AgentMessage? inOrder))
                {
                    expected++;
                    received.Add(inOrder);
                    if (inOrder.PayloadType == PayloadType.Output)
                        screen.Show(inOrder.Payload.Span);
                }
            }

            await SendAsync(from, AgentMessage.Acknowledging(message, DateTimeOffset.UtcNow).ToArray());
        }

        changed.Release();
    }

    private async Task SendAsync(ClientWebSocket to, byte[] frame)
    {
        await sending.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await to.SendAsync(frame, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }
}
