using System.Collections.Concurrent;

namespace JitAccess.Sandbox.Aws;

/// <summary>The nodes as they are now.</summary>
internal sealed class NodeFleet(IEnumerable<EmulatedNode> nodes)
{
    private readonly ConcurrentDictionary<string, EmulatedNode> nodes = new(nodes.ToDictionary(node => node.Id));

    public IEnumerable<EmulatedNode> In(string accountId, string region) =>
        nodes.Values.Where(node => node.AccountId == accountId && node.Region == region);

    public EmulatedNode? Find(string accountId, string region, string id) =>
        nodes.TryGetValue(id, out EmulatedNode? node) && node.AccountId == accountId && node.Region == region ? node : null;

    /// <summary>A machine that was not there before.</summary>
    public void Add(EmulatedNode node)
    {
        if (!nodes.TryAdd(node.Id, node))
            throw new ArgumentException($"There is a node {node.Id} already.", nameof(node));
    }

    public void Change(string id, Func<EmulatedNode, EmulatedNode> change)
    {
        while (true)
        {
            if (!nodes.TryGetValue(id, out EmulatedNode? node))
                throw new ArgumentException($"There is no node {id}.", nameof(id));
            if (nodes.TryUpdate(id, change(node), node))
                return;
        }
    }
}
