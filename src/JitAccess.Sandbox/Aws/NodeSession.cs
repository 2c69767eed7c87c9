using System.Net.WebSockets;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>
/// A session and its node's end of the data channel: a program that goes on while clients come and go.
/// </summary>
internal sealed class NodeSession : ManagedSession, INodeOutput
{
    // The program's output pauses while this many messages wait for their acknowledgement: the program then blocks.
    private const int MostUnacknowledged = 512;
    private const int MostUnconsumedInput = 1024 * 1024;

    // How long the last output of an ended program waits for a client to come back for it.
    private static readonly TimeSpan LastOutputPatience = TimeSpan.FromMinutes(5);

    private readonly AwsEmulatorOptions options;
    private readonly OutgoingStream outgoing;
    private readonly IncomingStream incoming = new();
    private readonly NodeProgram program;
    private readonly NodeHandshake handshake;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientSocket? client;
    private bool hasBegun;
    private bool isRunning;
    private ITimer? handshakeTimer;

    public NodeSession(
        EmulatedNode node, AwsCaller owner, string documentName, string? reason, NodeProgram program, KmsKeys keys, AwsEmulatorOptions options, ILogger logger)
        : base(node, owner, documentName, reason, options.Clock, logger)
    {
        this.program = program;
        this.options = options;
        outgoing = new OutgoingStream(MessageTypes.OutputStreamData, clock, MessageFlags.First);
        handshake = new NodeHandshake(node, SessionId, program, keys, clock);
    }

    public override async Task ServeAsync(ClientSocket socket, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (endedAt is not null)
                return;
            client?.Cut();
            client = socket;
            status = SessionStatus.Connected;
            outgoing.SendAllAgain();
            if (!hasBegun)
                Begin();
        }

        await CarryAsync(socket, token => ReceiveAsync(socket, token), () => TakeDue(socket), () => Lose(socket), cancellationToken);
    }

    public override void CutClient()
    {
        lock (gate)
            client?.Cut();
    }

    public override void Terminate() => End("", SessionStatus.Terminated);

    public override async ValueTask DisposeAsync()
    {
        Terminate();
        await ended.Task;
    }

    bool INodeOutput.Send(PayloadType type, ReadOnlySpan<byte> content)
    {
        lock (gate)
        {
            if (!WaitUntil(() => outgoing.Unacknowledged < MostUnacknowledged, Timeout.InfiniteTimeSpan))
                return false;
            for (ReadOnlySpan<byte> rest = content; !rest.IsEmpty;)
            {
                ReadOnlySpan<byte> chunk = rest[..Math.Min(rest.Length, options.OutputChunkBytes)];
                rest = rest[chunk.Length..];
                Send(type, handshake.Cipher?.Encrypt(chunk) ?? chunk.ToArray());
            }

            return true;
        }
    }

    void INodeOutput.Finish(string message)
    {
        // The end is told only after the last output arrived.
        WaitUntil(() => outgoing.Unacknowledged == 0, LastOutputPatience);
        End(message, SessionStatus.Terminated);
    }

    // Called under the gate, for the first connection.
    private void Begin()
    {
        hasBegun = true;
        if (!handshake.IsNeeded)
        {
            StartProgram();
            return;
        }

        handshakeTimer = clock.CreateTimer(
            _ => End("Handshake timed out. Please ensure that you have the latest version of the session manager plugin.", SessionStatus.Failed),
            null, options.HandshakeTimeout, Timeout.InfiniteTimeSpan);
        (PayloadType type, byte[] request) = handshake.Begin();
        Send(type, request);
    }

    private void StartProgram()
    {
        try
        {
            program.Start(this);
            isRunning = true;
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "The program of session {SessionId} could not be started", SessionId);
            End($"The session could not be started: {failure.Message}", SessionStatus.Failed);
        }
    }

    // False when the session ended instead, or time was up.
    private bool WaitUntil(Func<bool> condition, TimeSpan patience)
    {
        lock (gate)
        {
            while (endedAt is null && !condition())
                if (!Monitor.Wait(gate, patience))
                    return false;
            return endedAt is null;
        }
    }

    private void Send(PayloadType type, ReadOnlyMemory<byte> payload)
    {
        outgoing.Enqueue(type, payload);
        client?.Wake();
    }

    private async Task ReceiveAsync(ClientSocket socket, CancellationToken cancellationToken)
    {
        while (await socket.ReadAsync(cancellationToken) is { } received)
        {
            if (received.Type != WebSocketMessageType.Binary || Parse(received.Content) is not { } message)
                continue;
            lock (gate)
            {
                if (client != socket || endedAt is not null)
                    continue;
                switch (message.MessageType)
                {
                    case MessageTypes.Acknowledge when PayloadJson.TryRead(message.Payload.Span, out Acknowledge? acknowledge):
                        outgoing.Acknowledge(acknowledge, out _);
                        // The message behind it may have been lost long ago.
                        if (outgoing.Unacknowledged > 0)
                            socket.Wake();
                        Monitor.PulseAll(gate);
                        break;
                    case MessageTypes.InputStreamData:
                        Receive(message, socket);
                        break;
                    default:
                        logger.LogDebug("Session {SessionId} ignores a message of type {Type}", SessionId, message.MessageType);
                        break;
                }
            }
        }
    }

    private void Lose(ClientSocket socket)
    {
        lock (gate)
        {
            if (client != socket)
                return;
            client = null;
            if (endedAt is null)
                status = SessionStatus.Disconnected;
        }
    }

    private void Receive(AgentMessage message, ClientSocket socket)
    {
        // A program that does not read makes the client wait: what is not acknowledged comes again.
        if (program.Unconsumed > MostUnconsumedInput)
            return;
        Arrival arrival = incoming.Accept(message);
        if (arrival == Arrival.Refused)
            return;
        socket.Send(AgentMessage.Acknowledging(message, clock.GetUtcNow()).ToArray());
        if (arrival != Arrival.InOrder)
            return;
        for (AgentMessage? next = message; next is not null && endedAt is null; incoming.TryGetExpected(out next))
        {
            Process(next);
            incoming.Advance();
        }
    }

    private void Process(AgentMessage message)
    {
        switch (message.PayloadType)
        {
            case PayloadType.HandshakeResponse or PayloadType.EncryptionChallengeResponse when hasBegun && !isRunning:
                GoOnWithHandshake(message);
                break;
            // Like the real agent: what comes before the handshake is done is thrown away.
            case PayloadType.Output when isRunning:
                TakeInput(message.Payload);
                break;
            case PayloadType.Size when isRunning && PayloadJson.TryRead(message.Payload.Span, out SizePayload? size):
                program.Resize((int)Math.Min(size.Columns, ushort.MaxValue), (int)Math.Min(size.Rows, ushort.MaxValue));
                break;
            case PayloadType.Flag when ChannelFlags.TryRead(message.Payload.Span, out ChannelFlag flag):
                if (flag == ChannelFlag.TerminateSession)
                    End("", SessionStatus.Terminated);
                else if (isRunning)
                    program.TakeFlag(flag);
                break;
            default:
                logger.LogDebug("Session {SessionId} ignores a payload of type {Type}", SessionId, message.PayloadType);
                break;
        }
    }

    private void TakeInput(ReadOnlyMemory<byte> payload)
    {
        if (handshake.Cipher is null)
            program.TakeInput(payload.ToArray());
        else if (handshake.Cipher.TryDecrypt(payload.Span, out byte[]? decrypted))
            program.TakeInput(decrypted);
        else
            End("The client sent something that is not encrypted with the session's key.", SessionStatus.Failed);
    }

    private void GoOnWithHandshake(AgentMessage message)
    {
        if (handshake.Take(message.PayloadType, message.Payload.Span) is var (type, payload))
            Send(type, payload);
        // Each answer has its own time.
        handshakeTimer?.Change(handshake.IsComplete ? Timeout.InfiniteTimeSpan : options.HandshakeTimeout, Timeout.InfiniteTimeSpan);
        if (handshake.Failure is { } failure)
            End(failure, SessionStatus.Failed);
        else if (handshake.IsComplete)
            StartProgram();
    }

    // Only the latest connection takes messages: what an abandoned one took would be late.
    private ReadOnlyMemory<byte>? TakeDue(ClientSocket socket)
    {
        lock (gate)
        {
            if (client == socket && outgoing.TryTakeDue(out ReadOnlyMemory<byte> frame))
                return frame;
            return null; // Not as "condition ? frame : null": there, null would convert to an empty frame.
        }
    }

    private void End(string message, SessionStatus final)
    {
        lock (gate)
        {
            if (endedAt is not null)
                return;
            endedAt = clock.GetUtcNow();
            status = final;
            VoidToken();
            if (client is not null)
            {
                client.Send(ClosedMessage(message));
                client.Complete();
            }

            handshakeTimer?.Dispose();
            Monitor.PulseAll(gate);
        }

        _ = Task.Run(async () =>
        {
            try
            {
                await program.DisposeAsync();
                handshake.Cipher?.Dispose();
                ended.SetResult();
            }
            catch (Exception failure)
            {
                logger.LogError(failure, "The program of session {SessionId} did not end", SessionId);
                ended.SetException(failure);
            }
        });
    }
}
