using System.Net.WebSockets;
using System.Threading.Channels;

namespace JitAccess.Sandbox.Aws;

/// <summary>One connection of a session's client. Sending never waits; a writer of its own empties the queue.</summary>
internal sealed class ClientSocket(WebSocket socket)
{
    // AWS's client sends pieces of a kilobyte; nothing on this channel is ever near this large.
    private const int LongestFrame = 256 * 1024;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<byte[]> queue = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });

    /// <summary>Whether everything queued has gone out.</summary>
    public bool IsIdle => queue.Reader.Count == 0;

    public void Send(byte[] frame) => queue.Writer.TryWrite(frame);

    /// <summary>Sends what is queued, then says good-bye.</summary>
    public void Complete() => queue.Writer.TryComplete();

    /// <summary>Drops the connection without a word.</summary>
    public void Cut() => socket.Abort();

    /// <summary>Sends what is queued until <see cref="Complete"/>, then closes.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await foreach (byte[] frame in queue.Reader.ReadAllAsync(cancellationToken))
            await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(CloseTimeout);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }

    /// <summary>The next message, in memory of its own; null when the client closed or sent more than a frame may hold.</summary>
    public async Task<(WebSocketMessageType Type, byte[] Content)?> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close || length > LongestFrame)
                return null;
            if (part.EndOfMessage)
                return (part.MessageType, buffer[..length]);
            if (length == buffer.Length)
                Array.Resize(ref buffer, length * 2);
        }
    }
}
