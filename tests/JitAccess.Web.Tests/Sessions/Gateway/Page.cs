using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace JitAccess.Web.Tests.Sessions.Gateway;

/// <summary>What the terminal page does, without a browser: takes output in order and says how far it came.</summary>
internal sealed class Page : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly bool _isSlow;
    private Task _reading = Task.CompletedTask;

    private Page(bool isSlow) => _isSlow = isSlow;

    /// <summary>Offset of the next byte of output.</summary>
    public long Offset { get; private set; }

    public long Lost { get; private set; }

    public ConcurrentQueue<JsonElement> Controls { get; } = new();

    public bool IsClosed => _reading.IsCompleted;

    public string Output
    {
        get
        {
            lock (_gate)
                return Encoding.UTF8.GetString(_output.WrittenSpan);
        }
    }

    public int OutputLength
    {
        get
        {
            lock (_gate)
                return _output.WrittenCount;
        }
    }

    /// <param name="address">The server's http address.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="from">Offset wanted.</param>
    /// <param name="isSlow">Whether the page never says how far it came.</param>
    /// <param name="name">The page's own name.</param>
    /// <param name="isWatcher">Whether it watches.</param>
    public static async Task<Page> OpenAsync(Uri address, Guid sessionId, long from = 0, bool isSlow = false, string name = "", bool isWatcher = false)
    {
        Page page = new(isSlow);
        page._socket.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
        page._socket.Options.SetRequestHeader(SignInByHeader.Header, isWatcher ? "auditor" : "requester");
        UriBuilder uri = new(address) { Scheme = "ws", Path = $"/sessions/{sessionId}/socket", Query = $"from={from}&page={name}{(isWatcher ? "&watch" : "")}" };
        await page._socket.ConnectAsync(uri.Uri, TestContext.Current.CancellationToken);
        page._reading = page.ReadAsync();
        return page;
    }

    public Task TypeAsync(string text) => SendAsync([0, .. Encoding.UTF8.GetBytes(text)]);

    public Task ResizeAsync(ushort columns, ushort rows) =>
        SendAsync([1, (byte)(columns >> 8), (byte)columns, (byte)(rows >> 8), (byte)rows]);

    public Task SeenAsync(long offset)
    {
        byte[] message = new byte[9];
        message[0] = 2;
        BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(1), offset);
        return SendAsync(message);
    }

    public Task SendAsync(byte[] message) => _socket.SendAsync(message, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);

    public IEnumerable<string?> Texts(string type) =>
        Controls.Where(c => c.GetProperty("type").GetString() == type).Select(c => c.TryGetProperty("text", out JsonElement text) ? text.GetString() : null);

    /// <summary>The network fails.</summary>
    public async Task CutAsync()
    {
        _socket.Abort();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[128 * 1024];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
                int length = received.Count;
                while (!received.EndOfMessage)
                {
                    received = await _socket.ReceiveAsync(buffer.AsMemory(length), TestContext.Current.CancellationToken);
                    length += received.Count;
                }

                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
                    return;
                }

                if (buffer[0] == 1)
                    TakeControl(buffer.AsMemory(1, length - 1));
                else
                    await TakeOutputAsync(buffer.AsMemory(1, length - 1));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException || (e is InvalidOperationException && _socket.State != WebSocketState.Open))
        {
            // Cut by the test or by the server; the framework words a cut between two messages in its own way.
        }
    }

    private void TakeControl(ReadOnlyMemory<byte> json)
    {
        JsonElement control = JsonElement.Parse(json.Span);
        if (control.GetProperty("type").GetString() == "resumed")
        {
            Offset = control.GetProperty("offset").GetInt64();
            Lost += control.GetProperty("lost").GetInt64();
        }

        Controls.Enqueue(control);
    }

    private async Task TakeOutputAsync(ReadOnlyMemory<byte> message)
    {
        if (BinaryPrimitives.ReadInt64BigEndian(message.Span) != Offset)
            throw new InvalidOperationException("The server skipped or repeated output.");
        lock (_gate)
            _output.Write(message.Span[8..]);
        Offset += message.Length - 8;
        if (!_isSlow)
            await SeenAsync(Offset);
    }
}
