using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Terminal;

/// <summary>How a connection ended.</summary>
/// <param name="Reason">In words.</param>
/// <param name="ExitCode">See <see cref="Cli.ExitCode"/>.</param>
/// <param name="IsLeft">Whether the person left, so that the session lives on until it is ended.</param>
internal sealed record LinkEnd(string Reason, int ExitCode, bool IsLeft = false);

/// <summary>
/// The WebSocket between a terminal and its session; comes back after every cut and goes on where it was. Binary messages, integers big-endian, first byte is the kind.
/// To the server: 0 input, 1 columns and rows (2 × 2 bytes), 2 shown up to this offset (8), 3 ping. From it: 0 offset (8) and output, 1 JSON.
/// </summary>
internal sealed class SessionLink(JitClient client, Uri address, ITerminal terminal, TimeProvider time)
{
    private const byte Output = 0;
    private const int LongestInput = 16 * 1024, SeenEvery = 32 * 1024;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250), LongestWait = TimeSpan.FromSeconds(5), PingEvery = TimeSpan.FromSeconds(10);

    private readonly OutgoingFrames _outgoing = new();
    private readonly TaskCompletionSource<LinkEnd> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _wasOnline = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Named, so that a connection that comes back takes the place of the one before, and its keys are taken.
    private readonly Guid _page = Guid.NewGuid();
    private readonly HashSet<string> _said = [];
    private string _watched = "";
    private long _offset;
    private long _reported;

    public async Task<LinkEnd> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void OnResize() => _ = _outgoing.SendAsync(OutgoingFrames.OfSize(terminal.Size), stop.Token);
        terminal.Resized += OnResize;
        // A thread of its own: reading keys cannot be broken off.
        new Thread(() => ReadKeys(stop.Token)) { IsBackground = true, Name = "keys" }.Start();
        Task<LinkEnd> linked = LinkAsync(stop.Token);
        LinkEnd end = await await Task.WhenAny(linked, _left.Task);
        terminal.Resized -= OnResize;
        await stop.CancelAsync();
        return end;
    }

    private async Task<LinkEnd> LinkAsync(CancellationToken cancellationToken)
    {
        string? refused = null;
        for (int failures = 0; ; failures++)
        {
            if (failures > 0) await Task.Delay(TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(failures - 1, 8))), time, cancellationToken);
            using ClientWebSocket socket = new();
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.KeepAliveInterval = socket.Options.KeepAliveTimeout = PingEvery;
            try
            {
                string token = await client.AccessTokenAsync(refused, cancellationToken);
                socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
                try
                {
                    await socket.ConnectAsync(new UriBuilder(address) { Scheme = address.Scheme == "https" ? "wss" : "ws", Query = $"from={_offset}&page={_page}" }.Uri, cancellationToken);
                }
                catch (WebSocketException) when (socket.HttpStatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
                {
                    if (socket.HttpStatusCode == HttpStatusCode.NotFound) return new LinkEnd("This session does not exist, or it is over.", ExitCode.Done);
                    if (socket.HttpStatusCode == HttpStatusCode.Forbidden) return new LinkEnd("The login does not include the scope connect. Run jit login again.", ExitCode.Refused);
                    if (refused is not null) return new LinkEnd("The server takes no token of this login. Run jit login.", ExitCode.NotSignedIn);
                    // There may be a better one; when there is none, the client says so.
                    refused = token;
                    continue;
                }
                refused = null;
                if (await ServeAsync(socket, () => failures = 0, cancellationToken) is { } end) return end;
            }
            catch (CliException exception)
            {
                return new LinkEnd(exception.Message, exception.Code);
            }
            catch (Exception exception) when (exception is WebSocketException or HttpRequestException or IOException)
            {
                // The network is away; the session is not.
                if (!_wasOnline.Task.IsCompleted) Say($"{exception.Message} Trying again; Ctrl-C leaves");
            }
            if (_outgoing.IsOnline) Say("connection lost, trying again; ENTER ~ . leaves");
            _outgoing.IsOnline = false;
        }
    }

    private async Task<LinkEnd?> ServeAsync(ClientWebSocket socket, Action onOnline, CancellationToken cancellationToken)
    {
        using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = Task.CompletedTask;
        try
        {
            using MemoryStream message = new();
            byte[] part = new byte[32 * 1024];
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(part.AsMemory(), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close) return null;
                message.Write(part, 0, received.Count);
                if (!received.EndOfMessage) continue;
                ReadOnlyMemory<byte> whole = message.GetBuffer().AsMemory(0, (int)message.Length);
                message.SetLength(0);
                if (whole.Length == 0) continue;
                if (whole.Span[0] == Output)
                {
                    if (!await ShowAsync(whole[1..], cancellationToken)) return null;
                    continue;
                }
                using JsonDocument control = JsonDocument.Parse(whole[1..]);
                switch (control.RootElement.GetProperty("type").GetString())
                {
                    case "resumed":
                        Resumed(control.RootElement);
                        if (_outgoing.IsOnline) break;
                        _outgoing.Clear();
                        _outgoing.IsOnline = true;
                        _wasOnline.TrySetResult();
                        onOnline();
                        await socket.SendAsync(OutgoingFrames.OfSize(terminal.Size), WebSocketMessageType.Binary, true, cancellationToken);
                        sending = _outgoing.PumpAsync(socket, cut.Token);
                        break;
                    case "notice": Say(control.RootElement.GetProperty("text").GetString() ?? ""); break;
                    case "recorded": SayOnce(control.RootElement.TryGetProperty("recordsInput", out JsonElement all) && all.GetBoolean() ? "this session is recorded with everything that you type, passwords too" : "this session is recorded"); break;
                    case "keyboard": if (!control.RootElement.GetProperty("mine").GetBoolean()) Say("another window of yours has the keyboard"); break;
                    case "watched": Watched(control.RootElement); break;
                    case "ended": return new LinkEnd(control.RootElement.GetProperty("text").GetString() ?? "The session ended.", ExitCode.Done);
                }
            }
        }
        finally
        {
            await cut.CancelAsync();
            await sending;
        }
    }

    /// <returns>False if output is missing between what was shown and this.</returns>
    private async Task<bool> ShowAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (BinaryPrimitives.ReadInt64BigEndian(message.Span) != _offset) return false;
        terminal.Write(message.Span[8..]);
        _offset += message.Length - 8;
        if (_offset - _reported >= SeenEvery)
        {
            _reported = _offset;
            await _outgoing.SendAsync(OutgoingFrames.OfShown(_offset), cancellationToken);
        }
        return true;
    }

    private void Resumed(JsonElement control)
    {
        (long offset, long lost) = (control.GetProperty("offset").GetInt64(), control.GetProperty("lost").GetInt64());
        if (_offset > 0 && offset < _offset) Say("the server was restarted; its output begins anew");
        else if (_offset > 0 && lost > 0) Say($"{lost} bytes of output are lost");
        _offset = _reported = offset;
    }

    private void ReadKeys(CancellationToken cancellationToken)
    {
        // What is typed ahead, or comes from a pipe, waits for the node.
        try
        {
            _wasOnline.Task.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Keys keys = new();
        byte[] buffer = new byte[LongestInput / 2];
        List<byte> forNode = [];
        while (!cancellationToken.IsCancellationRequested)
        {
            int count;
            try
            {
                count = terminal.Read(buffer);
            }
            catch (IOException)
            {
                count = 0;
            }
            forNode.Clear();
            // The end of a pipe is what ends a shell: Ctrl-D.
            if (count == 0) forNode.Add(4);
            else if (!keys.Take(buffer.AsSpan(0, count), forNode)) _left.TrySetResult(new LinkEnd("Left.", ExitCode.Done, IsLeft: true));
            if (forNode.Count > 0) _outgoing.SendAsync(OutgoingFrames.OfKeys([.. forNode]), cancellationToken).GetAwaiter().GetResult();
            if (count == 0) return;
        }
    }

    // A connection that comes back is told again.
    private void SayOnce(string text)
    {
        if (_said.Add(text)) Say(text);
    }

    private void Watched(JsonElement control)
    {
        string now = control.GetProperty("paused").GetBoolean() ? "what you type waits for a second person who watches"
            : control.GetProperty("watchers").GetArrayLength() is 0 ? "" : $"watched by {string.Join(", ", control.GetProperty("watchers").EnumerateArray().Select(name => name.GetString()))}";
        if (now == _watched) return;
        _watched = now;
        Say(now.Length > 0 ? now : "nobody watches any more");
    }

    // On a line of its own, whatever the node was writing.
    private void Say(string text) => terminal.Write(Encoding.UTF8.GetBytes($"\r\n[jit: {Commands.Texts.Printable(text)}]\r\n"));
}
