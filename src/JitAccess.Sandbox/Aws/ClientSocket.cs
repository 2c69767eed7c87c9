using System.Collections.Concurrent;
using System.Net.WebSockets;

namespace JitAccess.Sandbox.Aws;

/// <summary>
/// One connection of a session's client or agent. Queued frames go first, then the stream's messages as they become due;
/// the session only wakes the writer, so it never waits for a slow client. Faults on demand happen here.
/// </summary>
internal sealed class ClientSocket(WebSocket socket, ChannelWeather weather) : IDisposable
{
    // AWS's client sends pieces of a kilobyte; nothing on this channel is ever near this large.
    private const int LongestFrame = 256 * 1024;
    private static readonly TimeSpan ResendInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<byte[]> queue = new();
    private readonly SemaphoreSlim wake = new(0);
    private readonly ConcurrentQueue<byte[]> lateArrivals = new();
    private int carried;
    private volatile bool isComplete;

    /// <summary>Queues a frame that is not part of the stream.</summary>
    public void Send(byte[] frame)
    {
        queue.Enqueue(frame);
        wake.Release();
    }

    /// <summary>Takes back what was queued and not sent.</summary>
    public IEnumerable<byte[]> TakeUnsent()
    {
        while (queue.TryDequeue(out byte[]? frame))
            yield return frame;
    }

    /// <summary>There may be something due.</summary>
    public void Wake() => wake.Release();

    /// <summary>The writer sends what is queued and says good-bye.</summary>
    public void Complete()
    {
        isComplete = true;
        wake.Release();
    }

    /// <summary>Drops the connection without a word.</summary>
    public void Cut() => socket.Abort();

    /// <summary>Writes until <see cref="Complete"/>, then closes.</summary>
    /// <param name="takeDue">The stream's next message that is due, if there is one.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public async Task WriteAsync(Func<ReadOnlyMemory<byte>?> takeDue, CancellationToken cancellationToken)
    {
        while (true)
        {
            bool isLastRound = isComplete;
            while (true)
            {
                // The last word is not subject to faults: nobody would repeat it.
                if (queue.TryDequeue(out byte[]? queued))
                    await (isLastRound ? SendNowAsync(queued, cancellationToken) : SendAsync(queued, cancellationToken));
                else if (!isLastRound && takeDue() is { } due)
                    await SendAsync(due, cancellationToken);
                else
                    break;
            }

            if (isLastRound)
                break;
            // Messages become due by mere time too: when their acknowledgement is late.
            if (await wake.WaitAsync(ResendInterval, cancellationToken))
                while (wake.Wait(0, CancellationToken.None))
                {
                }
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }

    /// <summary>The next message, in memory of its own; null when the client closed or sent more than a frame may hold.</summary>
    public async Task<(WebSocketMessageType Type, byte[] Content)?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // What was late comes with what came after it.
            if (lateArrivals.TryDequeue(out byte[]? late))
                return (WebSocketMessageType.Binary, late);
            if (await ReceiveAsync(cancellationToken) is not var (type, content))
                return null;
            if (type != WebSocketMessageType.Binary)
                return (type, content);
            switch (NextFate())
            {
                case FrameFate.Arrives:
                    return (type, content);
                case FrameFate.ArrivesTwice:
                    lateArrivals.Enqueue(content);
                    return (type, content);
                case FrameFate.ArrivesLate:
                    _ = LaterAsync(() => lateArrivals.Enqueue(content));
                    break;
                case FrameFate.IsLost:
                    break;
                case FrameFate.Cuts:
                    Cut();
                    return null;
            }
        }
    }

    public void Dispose() => wake.Dispose();

    private async Task<(WebSocketMessageType Type, byte[] Content)?> ReceiveAsync(CancellationToken cancellationToken)
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

    private async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        switch (NextFate())
        {
            case FrameFate.ArrivesTwice:
                await SendNowAsync(frame, cancellationToken);
                break;
            case FrameFate.ArrivesLate:
                byte[] late = frame.ToArray();
                _ = LaterAsync(() => queue.Enqueue(late));
                return;
            case FrameFate.IsLost:
                return;
            case FrameFate.Cuts:
                Cut();
                return;
            case FrameFate.Arrives:
                break;
        }

        await SendNowAsync(frame, cancellationToken);
    }

    private ValueTask SendNowAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    private FrameFate NextFate() => weather.Next(Interlocked.Increment(ref carried));

    // The writer looks every tenth of a second by itself, and a reader that waits gets it with the next frame.
    private async Task LaterAsync(Action arrive)
    {
        await Task.Delay(weather.Faults?.DelayBy ?? TimeSpan.Zero);
        arrive();
    }
}
