using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>
/// A running session for connections to a port: each WebSocket of the person is one connection through the node. It does not end with the last of them.
/// Nothing that goes through is recorded. Thread-safe.
/// </summary>
public sealed class PortSession : IServedSession
{
    // What a close frame holds, less its two bytes of status.
    private const int LongestReason = 123;
    private const int BufferLength = 32 * 1024;

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Func<Task<string?>> _findReason;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PortMultiplexer _ports;
    private string? _reasonToEnd;
    private long _lastActivity;

    private PortSession(Guid id, PortMultiplexer ports, Func<Task<string?>> findReason, TimeProvider time, ILogger logger)
    {
        (Id, _ports, _findReason, _time, _logger) = (id, ports, findReason, time, logger);
        _lastActivity = time.GetTimestamp();
        Completion = WatchAsync();
    }

    public Guid Id { get; }

    public TerminalEnd? End { get; private set; }

    public Task<TerminalEnd> Completion { get; }

    public TimeSpan IdleFor => _time.GetElapsedTime(Volatile.Read(ref _lastActivity));

    internal static PortSession Start(
        Guid id, DataChannelAddress address, Func<CancellationToken, Task<DataChannelAddress?>> resume, Func<Task<string?>> findReason, DataChannelOptions channelOptions, TimeProvider time, ILogger logger) =>
        new(id, PortMultiplexer.Start(address, resume, channelOptions, time), findReason, time, logger);

    public async Task EndAsync(string reason)
    {
        lock (_gate)
            _reasonToEnd ??= reason;
        await StopAsync();
    }

    public async Task StopAsync()
    {
        await _ports.DisposeAsync();
        await Completion;
    }

    // A connection has no place for words.
    public void Notify(string text)
    {
    }

    public void MoveEnd(DateTimeOffset endsAt)
    {
    }

    public void Follow(LiveRules rules)
    {
    }

    /// <summary>Carries one connection until either side or the session ends it.</summary>
    /// <param name="socket">The person's end: binary messages are bytes, closing its output says that no more will come.</param>
    /// <param name="cancellationToken">Breaks the connection off.</param>
    internal async Task ServeAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string? failure = null;
        Task toNode = Task.CompletedTask;
        try
        {
            await using PortStream stream = await _ports.OpenStreamAsync(stop.Token);
            toNode = ToNodeAsync(socket, stream, stop.Token);
            Task toPerson = ToPersonAsync(socket, stream, stop.Token);
            // The person's side may be done before the node's; a person's program that is gone ends both.
            if (await Task.WhenAny(toPerson, toNode) == toNode && !toNode.IsCompletedSuccessfully) await stop.CancelAsync();
            await toPerson;
        }
        catch (PortSessionException exception)
        {
            // When the session ends, its streams do; then the reason is the session's.
            failure = _ports.Completion.IsCompleted ? (await Completion).Reason : exception.Message;
        }
        catch (OperationCanceledException)
        {
            failure = End?.Reason ?? "The connection was broken off.";
        }
        catch (WebSocketException)
        {
            // The person's program went away.
            return;
        }
        await CloseAsync(socket, failure);
        // Until the person's program has taken our last message: a receive that is broken off takes the socket along.
        await Task.WhenAny(toNode, Task.Delay(ClosePatience, CancellationToken.None));
        await stop.CancelAsync();
        await toNode.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ToNodeAsync(WebSocket socket, PortStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await stream.CompleteWritesAsync();
                    return;
                }
                Volatile.Write(ref _lastActivity, _time.GetTimestamp());
                try
                {
                    await stream.WriteAsync(buffer.AsMemory(0, received.Count), cancellationToken);
                }
                catch (Exception exception) when (exception is PortSessionException or ObjectDisposedException)
                {
                    // The node's side is over, which whoever reads it tells. What still comes is let go until the person's program hears of it.
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task ToPersonAsync(WebSocket socket, PortStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            for (int length; (length = await stream.ReadAsync(buffer.AsMemory(0, BufferLength), cancellationToken)) > 0;)
            {
                Volatile.Write(ref _lastActivity, _time.GetTimestamp());
                await socket.SendAsync(buffer.AsMemory(0, length), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task CloseAsync(WebSocket socket, string? failure)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        using CancellationTokenSource deadline = new(ClosePatience);
        try
        {
            await socket.CloseOutputAsync(failure is null ? WebSocketCloseStatus.NormalClosure : WebSocketCloseStatus.InternalServerError, failure is null ? null : Cut(failure), deadline.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }

    private static string Cut(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > LongestReason) text = text[..^1];
        return text;
    }

    private async Task<TerminalEnd> WatchAsync()
    {
        ChannelEnd channelEnd = await _ports.Completion;
        bool stoppedHere = channelEnd.Reason == ChannelEndReason.Stopped || _reasonToEnd is not null;
        string? found = stoppedHere ? null : await _findReason();
        lock (_gate)
        {
            string? reason = _reasonToEnd ?? found;
            End = reason is not null ? new TerminalEnd(TerminalEndKind.EndedHere, reason)
                : channelEnd is { Reason: ChannelEndReason.Closed, Detail: "" } ? new TerminalEnd(TerminalEndKind.TerminatedByService, "The node ended the session.")
                : TerminalEnd.Of(channelEnd);
        }
        _logger.LogInformation("Port session {SessionId} ended: {Kind}, {Reason}", Id, End.Kind, End.Reason);
        return End;
    }
}
