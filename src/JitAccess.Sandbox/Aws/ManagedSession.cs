using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>A session as Systems Manager sees it: whose it is, how it goes, and the token for its data channel.</summary>
internal abstract class ManagedSession : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    // Guards everything that changes, here and below; Monitor, because programs' threads wait on it for room.
    protected readonly object gate = new();
    protected readonly TimeProvider clock;
    protected readonly ILogger logger;
    protected SessionStatus status = SessionStatus.Connecting;
    protected DateTimeOffset? endedAt;

    private readonly string documentName;
    private readonly string? reason;
    private readonly DateTimeOffset startedAt;
    private string? token;

    protected ManagedSession(EmulatedNode node, AwsCaller owner, string documentName, string? reason, TimeProvider clock, ILogger logger)
    {
        Node = node;
        OwnerArn = owner.Arn;
        this.documentName = documentName;
        this.reason = reason;
        this.clock = clock;
        this.logger = logger;
        startedAt = clock.GetUtcNow();
        string prefix = owner.SessionName ?? owner.Arn[(owner.Arn.LastIndexOf('/') + 1)..];
        SessionId = $"{prefix}-{RandomNumberGenerator.GetHexString(17, lowercase: true)}";
    }

    public string SessionId { get; }

    public EmulatedNode Node { get; }

    public string OwnerArn { get; }

    public bool IsOver
    {
        get
        {
            lock (gate)
                return endedAt is not null;
        }
    }

    public SessionDescription Describe()
    {
        lock (gate)
            return new(SessionId, Node.Id, status, startedAt, endedAt, documentName, OwnerArn, reason);
    }

    /// <summary>A new token, good for one connection; one that was not used yet is void.</summary>
    public string IssueToken()
    {
        lock (gate)
            return token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(96));
    }

    /// <summary>The token that was not used yet is void.</summary>
    public void VoidToken()
    {
        lock (gate)
            token = null;
    }

    /// <summary>Uses the token up, if it is the right one.</summary>
    public bool Redeem(string presented)
    {
        lock (gate)
        {
            if (token is null
                || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(presented)))
                return false;
            token = null;
            return true;
        }
    }

    /// <summary>Serves one connection of the client until it breaks, another one takes over, or the session ends.</summary>
    public abstract Task ServeAsync(ClientSocket socket, CancellationToken cancellationToken);

    /// <summary>Drops the client's connection; the session stays.</summary>
    public abstract void CutClient();

    /// <summary>Ends the session now, whatever the node is doing.</summary>
    public abstract void Terminate();

    public abstract ValueTask DisposeAsync();

    /// <summary>Reads and writes until either stops.</summary>
    protected async Task CarryAsync(
        ClientSocket socket, Func<CancellationToken, Task> read, Func<ReadOnlyMemory<byte>?> takeDue, Action onBroken, CancellationToken cancellationToken)
    {
        using CancellationTokenSource connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = read(connection.Token);
        Task writing = socket.WriteAsync(takeDue, connection.Token);
        await Task.WhenAny(reading, writing);
        onBroken();
        socket.Complete();
        connection.CancelAfter(GoodbyeTimeout);
        await UntilBrokenAsync(writing);
        await UntilBrokenAsync(reading);
    }

    protected AgentMessage? Parse(byte[] frame)
    {
        if (AgentMessage.TryParse(frame, out AgentMessage? message, out FrameDefect defect))
            return message;
        logger.LogWarning("Session {SessionId} received a message with a defect: {Defect}", SessionId, defect);
        // Nodes tolerate a wrong digest, and clients that send one exist.
        return defect == FrameDefect.Digest && AgentMessage.TryParse(frame, out message, out _, verifyDigest: false) ? message : null;
    }

    protected byte[] ClosedMessage(string message)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return new AgentMessage
        {
            MessageType = MessageTypes.ChannelClosed,
            CreatedDate = (ulong)now.ToUnixTimeMilliseconds(),
            Payload = PayloadJson.Write(new ChannelClosed(
                SessionId, message, Node.Id, Guid.NewGuid().ToString(), now.ToString("O", System.Globalization.CultureInfo.InvariantCulture))),
        }.ToArray();
    }

    private async Task UntilBrokenAsync(Task half)
    {
        try
        {
            await half;
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            logger.LogDebug("A peer of session {SessionId} is gone: {Reason}", SessionId, broken.Message);
        }
    }
}
