using System.Collections.Concurrent;

namespace JitAccess.Sandbox.Aws;

/// <summary>The control channels of machines' own agents, by node.</summary>
internal sealed class AttachedAgents
{
    private readonly ConcurrentDictionary<string, ClientSocket> channels = new();

    public bool IsAttached(string nodeId) => channels.ContainsKey(nodeId);

    /// <summary>A new channel; the node's old one is cut.</summary>
    public void Attach(string nodeId, ClientSocket socket)
    {
        channels.AddOrUpdate(nodeId, socket, (_, old) =>
        {
            old.Cut();
            return socket;
        });
    }

    /// <summary>False when another channel has taken over meanwhile.</summary>
    public bool Detach(string nodeId, ClientSocket socket) => channels.TryRemove(KeyValuePair.Create(nodeId, socket));

    /// <summary>Sends a frame to the node's agent; false when it is not attached.</summary>
    public bool Send(string nodeId, byte[] frame)
    {
        if (!channels.TryGetValue(nodeId, out ClientSocket? socket))
            return false;
        socket.Send(frame);
        return true;
    }
}
