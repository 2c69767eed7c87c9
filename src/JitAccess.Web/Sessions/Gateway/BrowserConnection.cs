using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>One open page: one loop takes its keystrokes, one sends it output at the pace at which it shows it.</summary>
internal sealed class BrowserConnection(LiveSession session, WebSocket socket, long from, string page, string? watcher, int window)
{
    private const int LongestOutput = 64 * 1024;
    private const int LeastOutput = 16 * 1024;
    private const int MostControlMessages = 256;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<ControlMessage> _control = Channel.CreateBounded<ControlMessage>(MostControlMessages);
    private long _sent;
    private long _seen;

    /// <summary>The page's own name: one that comes back after a cut has the same.</summary>
    public string Page => page;

    /// <summary>The name of whoever watches; null for the person who works in the session.</summary>
    public string? Watcher => watcher;

    /// <summary>Lets go of a connection that its page has given up.</summary>
    public void Abort() => socket.Abort();

    /// <summary>Something changed in the session.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Queues a control message; a page that takes none for long is let go.</summary>
    public void Tell(ControlMessage message)
    {
        if (!_control.Writer.TryWrite(message))
            socket.Abort();
        Wake();
    }

    /// <summary>Serves the page until it leaves or the session ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reader = ReadAsync(gone.Token);
        Task writer = WriteAsync(gone.Token);
        Task first = await Task.WhenAny(reader, writer);
        if (first == writer && writer.IsCompletedSuccessfully)
            await CloseAsync(reader);
        await gone.CancelAsync();

        // A page that goes away shows as a broken or cancelled socket; that is how pages go, and no error.
        await Task.WhenAll(reader, writer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (Exception e in new[] { reader, writer }.SelectMany(t => t.Exception?.InnerExceptions ?? []))
            if (e is not (WebSocketException or OperationCanceledException))
                throw e;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(TerminalProtocol.LongestFromPage);
        try
        {
            for (int length = 0; ;)
            {
                if (length == buffer.Length)
                    throw new WebSocketException(WebSocketError.Faulted, "The page sent too long a message.");
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                    return;
                length += received.Count;
                if (!received.EndOfMessage)
                    continue;
                await TakeAsync(buffer.AsMemory(0, length), cancellationToken);
                length = 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (message.IsEmpty)
            return;
        ReadOnlyMemory<byte> body = message[1..];
        switch (message.Span[0])
        {
            case TerminalProtocol.Input:
                await session.SendAsync(this, body, cancellationToken);
                break;
            case TerminalProtocol.TakeKeyboard:
                session.TakeKeyboard(this);
                break;
            case TerminalProtocol.Resize when body.Length == 4:
                session.Resize(this, BinaryPrimitives.ReadUInt16BigEndian(body.Span), BinaryPrimitives.ReadUInt16BigEndian(body.Span[2..]));
                break;
            case TerminalProtocol.Seen when body.Length == sizeof(long):
                // Nobody has seen what was not sent.
                long seen = Math.Min(BinaryPrimitives.ReadInt64BigEndian(body.Span), Volatile.Read(ref _sent));
                Volatile.Write(ref _seen, Math.Max(seen, _seen));
                if (watcher is null) session.MarkSeen(seen);
                Wake();
                break;
            case TerminalProtocol.Ping:
                Tell(ControlMessage.Alive);
                break;
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(TerminalProtocol.OutputHeader + LongestOutput);
        try
        {
            await ResumeAtAsync(from, cancellationToken);
            while (true)
            {
                while (_control.Reader.TryRead(out ControlMessage? message))
                    await SendAsync(message.ToFrame(), cancellationToken);

                // The end must be read before the output: what is missing then will never come.
                TerminalEnd? end = session.End;
                int room = window - (int)(_sent - Volatile.Read(ref _seen));
                int length = Math.Min(room, LongestOutput);
                // Room comes back in as small pieces as were sent: without a least piece, small ones would go on for ever.
                bool isWorthIt = room >= Math.Min(LeastOutput, window / 4) || session.OutputBehind(_sent) <= room;
                if (length > 0 && isWorthIt && await SendOutputAsync(buffer, length, cancellationToken))
                    continue;
                if (end is not null && length > 0 && session.OutputBehind(_sent) == 0)
                {
                    await SendAsync(ControlMessage.Ended(end.Reason).ToFrame(), cancellationToken);
                    return;
                }

                await _wake.Reader.ReadAsync(cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends the next output; false when there is none.</summary>
    private async ValueTask<bool> SendOutputAsync(byte[] buffer, int most, CancellationToken cancellationToken)
    {
        if (!session.TryReadOutput(_sent, buffer.AsSpan(TerminalProtocol.OutputHeader, most), out int length))
        {
            // The history went on without this page.
            await ResumeAtAsync(_sent, cancellationToken);
            return true;
        }

        if (length == 0)
            return false;
        buffer[0] = TerminalProtocol.Output;
        BinaryPrimitives.WriteInt64BigEndian(buffer.AsSpan(1), _sent);
        Volatile.Write(ref _sent, _sent + length);
        await SendAsync(buffer.AsMemory(0, TerminalProtocol.OutputHeader + length), cancellationToken);
        return true;
    }

    private async ValueTask ResumeAtAsync(long offset, CancellationToken cancellationToken)
    {
        (long start, long lost, long shown) = session.FindOutput(offset);
        Volatile.Write(ref _seen, start);
        Volatile.Write(ref _sent, start);
        await SendAsync(ControlMessage.Resumed(start, lost, shown).ToFrame(), cancellationToken);
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    private async Task CloseAsync(Task reader)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(5));
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);

            // Until the page has answered: a socket dropped with unread bytes in it takes our last message along.
            await reader.WaitAsync(deadline.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }
}
