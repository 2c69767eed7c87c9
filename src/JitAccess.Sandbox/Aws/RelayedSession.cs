using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>A session on a machine whose own agent is attached: frames pass between the agent and the client as they are.</summary>
internal sealed class RelayedSession(
    EmulatedNode node, AwsCaller owner, string documentName, string? reason, TimeProvider clock, ILogger logger, AttachedAgents agents)
    : ManagedSession(node, owner, documentName, reason, clock, logger)
{
    private readonly RelayEnd toClient = new();
    private readonly RelayEnd toAgent = new();
    private string? agentToken;
    private bool wasConnected;

    /// <summary>The token with which the agent opens its end, good for one connection.</summary>
    public string? IssueAgentToken()
    {
        lock (gate)
            return endedAt is null ? agentToken = Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)) : null;
    }

    /// <summary>Uses the agent's token up, if it is the right one.</summary>
    public bool RedeemAgent(string presented)
    {
        lock (gate)
        {
            if (agentToken is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(agentToken), Encoding.UTF8.GetBytes(presented)))
                return false;
            agentToken = null;
            return true;
        }
    }

    public override Task ServeAsync(ClientSocket socket, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (endedAt is not null)
                return Task.CompletedTask;
            toClient.Attach(socket);
            status = SessionStatus.Connected;
            if (wasConnected)
                toAgent.Send(Publication(MessageTypes.StartPublication));
            wasConnected = true;
        }

        return CarryAsync(socket, token => PassAsync(socket, toAgent, token), () => null, () => LoseClient(socket), cancellationToken);
    }

    /// <summary>Serves one connection of the agent.</summary>
    public Task ServeAgentAsync(ClientSocket socket, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (endedAt is not null)
                return Task.CompletedTask;
            toAgent.Attach(socket);
            // What it was told last may have been lost with its connection.
            if (wasConnected)
                toAgent.Send(Publication(toClient.Socket is null ? MessageTypes.PausePublication : MessageTypes.StartPublication));
        }

        return CarryAsync(socket, token => PassAsync(socket, toClient, token), () => null, () => LoseAgent(socket), cancellationToken);
    }

    /// <summary>The agent says that its side is over.</summary>
    public void Complete(string output, bool hasFailed) => End(output, hasFailed ? SessionStatus.Failed : SessionStatus.Terminated, tellsAgent: false);

    public override void CutClient()
    {
        lock (gate)
            toClient.Socket?.Cut();
    }

    public override void Terminate() => End("", SessionStatus.Terminated, tellsAgent: true);

    public override ValueTask DisposeAsync()
    {
        Terminate();
        return ValueTask.CompletedTask;
    }

    private async Task PassAsync(ClientSocket from, RelayEnd to, CancellationToken cancellationToken)
    {
        while (await from.ReadAsync(cancellationToken) is var (type, content))
        {
            // The agent's own state is for the service; nothing else than streams and acknowledgements is for the other end.
            if (type != WebSocketMessageType.Binary
                || Parse(content) is not { MessageType: MessageTypes.InputStreamData or MessageTypes.OutputStreamData or MessageTypes.Acknowledge })
                continue;
            lock (gate)
                if (endedAt is null)
                    to.Send(content);
        }
    }

    private void LoseClient(ClientSocket socket)
    {
        lock (gate)
        {
            if (!toClient.Detach(socket) || endedAt is not null)
                return;
            status = SessionStatus.Disconnected;
            // Until a client is there again the agent keeps its output.
            toAgent.Send(Publication(MessageTypes.PausePublication));
        }
    }

    private void LoseAgent(ClientSocket socket)
    {
        lock (gate)
            toAgent.Detach(socket);
    }

    private void End(string output, SessionStatus final, bool tellsAgent)
    {
        lock (gate)
        {
            if (endedAt is not null)
                return;
            endedAt = clock.GetUtcNow();
            status = final;
            VoidToken();
            agentToken = null;
            byte[] closed = ClosedMessage(output);
            toClient.Close(closed);
            toAgent.Close(closed);
            if (tellsAgent)
                agents.Send(Node.Id, closed);
        }
    }

    private byte[] Publication(string messageType) => new AgentMessage
    {
        MessageType = messageType,
        CreatedDate = (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds(),
    }.ToArray();
}
