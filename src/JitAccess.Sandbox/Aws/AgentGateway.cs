using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>
/// The Message Gateway Service for machines' own agents: control channels, and the agents' ends of data channels.
/// Agents sign with keys of their node's account.
/// </summary>
internal sealed class AgentGateway(NodeFleet fleet, NodeSessions sessions, AttachedAgents agents, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(10);

    // One for each node, good for one connection.
    private readonly ConcurrentDictionary<string, string> tokens = new();

    /// <summary>Gives a token for a control channel; throws <see cref="AwsError"/>.</summary>
    public AwsReply CreateControlChannel(AwsCaller caller, string region, string nodeId)
    {
        caller.Demand("ssmmessages:CreateControlChannel", "*");
        _ = Node(caller, region, nodeId);
        string token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(96));
        tokens[nodeId] = token;
        return Token("CreateControlChannelResult", token);
    }

    /// <summary>Gives the agent a token for its end of a session; throws <see cref="AwsError"/>.</summary>
    public AwsReply CreateDataChannel(AwsCaller caller, string region, string sessionId)
    {
        caller.Demand("ssmmessages:CreateDataChannel", "*");
        if (sessions.Find(caller.AccountId, region, sessionId) is not RelayedSession session
            || !MaySpeakFor(caller, session.Node.Id)
            || session.IssueAgentToken() is not { } token)
            throw new AwsError("ResourceNotFoundException", "Session is already terminated");
        return Token("CreateDataChannelResult", token);
    }

    /// <summary>Refuses whoever may not open the node's control channel; throws <see cref="AwsError"/>.</summary>
    public void DemandControl(AwsCaller caller, string region, string nodeId)
    {
        caller.Demand("ssmmessages:OpenControlChannel", "*");
        _ = Node(caller, region, nodeId);
    }

    /// <summary>Serves an agent's control channel until it breaks. While it stands, the node's sessions are the agent's.</summary>
    public async Task ServeControlChannelAsync(ClientSocket socket, string nodeId, CancellationToken cancellationToken)
    {
        using (CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            patience.CancelAfter(OpeningTimeout);
            if (await socket.ReadAsync(patience.Token) is not (WebSocketMessageType.Text, { } first) || !Redeem(nodeId, first))
                return;
        }

        agents.Attach(nodeId, socket);
        fleet.Change(nodeId, node => node with { PingStatus = PingStatus.Online });
        logger.LogInformation("The agent of {NodeId} is attached", nodeId);
        try
        {
            Task writing = socket.WriteAsync(() => null, cancellationToken);
            await Task.WhenAny(ReceiveAsync(socket, nodeId, cancellationToken), writing);
        }
        finally
        {
            if (agents.Detach(nodeId, socket))
                fleet.Change(nodeId, node => node with { PingStatus = PingStatus.ConnectionLost });
        }
    }

    private async Task ReceiveAsync(ClientSocket socket, string nodeId, CancellationToken cancellationToken)
    {
        while (await socket.ReadAsync(cancellationToken) is var (type, content))
        {
            if (type != WebSocketMessageType.Binary || !AgentMessage.TryParse(content, out AgentMessage? message, out _, verifyDigest: false))
                continue;
            if (message.MessageType != AgentTask.Complete || AgentTaskComplete.Read(message.Payload.Span) is not { } complete)
                continue;
            socket.Send(AgentTask.Acknowledged(message, complete, clock.GetUtcNow()));
            // Only of its own sessions.
            if (sessions.Find(complete.TaskId) is RelayedSession session && session.Node.Id == nodeId)
                session.Complete(complete.Output ?? "", hasFailed: complete.FinalTaskStatus is "Failed" or "TimedOut");
        }
    }

    private EmulatedNode Node(AwsCaller caller, string region, string nodeId) =>
        MaySpeakFor(caller, nodeId) && fleet.Find(caller.AccountId, region, nodeId) is { } node
            ? node
            : throw new AwsError("ResourceNotFoundException", $"{nodeId} is not registered.");

    // The credentials of a registered machine are named after it, and are good for it alone.
    private static bool MaySpeakFor(AwsCaller caller, string nodeId) =>
        caller.SessionName?.StartsWith("mi-", StringComparison.Ordinal) != true || caller.SessionName == nodeId;

    private bool Redeem(string nodeId, byte[] opening)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(opening);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("TokenValue", out JsonElement presented)
                && presented.ValueKind == JsonValueKind.String
                && tokens.TryRemove(nodeId, out string? token)
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(presented.GetString()!));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static AwsReply Token(string root, string token) => AwsReply.Xml(
        new XElement(root, new XElement("MessageSchemaVersion", "1.0"), new XElement("TokenValue", token)), HttpStatusCode.Created);
}
