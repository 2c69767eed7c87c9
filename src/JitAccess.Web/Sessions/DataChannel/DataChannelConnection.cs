using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>One WebSocket of a data channel, opened with its token. One reader and one writer at a time.</summary>
internal sealed class DataChannelConnection : IDisposable
{
    /// <summary>Real nodes send little more than 1 KiB at a time; whatever is far longer is no message.</summary>
    private const int LongestFrame = 1024 * 1024;

    // Kernel keep-alive notices a dead peer although we may, held back by a slow browser, not read for a long time.
    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler { ConnectCallback = ConnectWithKeepAliveAsync });

    private readonly ClientWebSocket _socket = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);

    private DataChannelConnection()
    {
        // More pings than AWS's own client sends (one at once, then every five minutes, with the payload "keepalive"): the framework
        // chooses payload and beginning, which no service looks at. Their answers are not waited for: see the keep-alive above.
        _socket.Options.KeepAliveInterval = TimeSpan.FromMinutes(1);
        _socket.Options.KeepAliveTimeout = TimeSpan.FromDays(1);
    }

    public static async Task<DataChannelConnection> OpenAsync(
        DataChannelAddress address, Guid clientId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        DataChannelConnection connection = new();
        try
        {
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(timeout);
            await connection._socket.ConnectAsync(address.StreamUrl, Http, deadline.Token);
            byte[] open = PayloadJson.Write(new OpenDataChannel(
                address.Token, Guid.NewGuid().ToString(), clientId.ToString(), DataChannelClient.ClientVersion));
            await connection._socket.SendAsync(open, WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    /// <summary>The next binary message, valid until the next call; null when the other side closed the connection.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        for (int length = 0; ;)
        {
            if (length == _buffer.Length)
                Grow();
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            length += received.Count;
            if (!received.EndOfMessage)
                continue;
            if (received.MessageType == WebSocketMessageType.Binary)
                return _buffer.AsMemory(0, length);
            length = 0;
        }
    }

    /// <summary>Says good-bye if the other side still listens.</summary>
    public async Task CloseAsync()
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(2));
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            _socket.Abort();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Grow()
    {
        if (_buffer.Length >= LongestFrame)
            throw new WebSocketException(WebSocketError.Faulted, "A message is longer than a data channel's can be.");
        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static async ValueTask<Stream> ConnectWithKeepAliveAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 20);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
