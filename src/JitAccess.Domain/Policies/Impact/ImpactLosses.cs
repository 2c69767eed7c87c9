using System.Collections.Immutable;
using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>Whether anybody can get a class of nodes, and who loses them.</summary>
internal struct Reach
{
    private Dictionary<(DecisionOutcome Before, DecisionOutcome After), long>? _lost;

    /// <summary>Whether somebody could get them before.</summary>
    public bool Before { get; set; }

    /// <summary>Whether somebody can get them after.</summary>
    public bool After { get; set; }

    /// <summary>The pairs that lose their access, by outcome.</summary>
    public readonly IEnumerable<KeyValuePair<(DecisionOutcome Before, DecisionOutcome After), long>> Lost => _lost ?? [];

    public void Lose(DecisionOutcome before, DecisionOutcome after, long pairs)
    {
        _lost ??= [];
        _lost[(before, after)] = _lost.GetValueOrDefault((before, after)) + pairs;
    }
}

/// <summary>Says what nobody can get any more by the tags that people know the nodes by.</summary>
internal static class ImpactLosses
{
    /// <summary>More sentences than this say less.</summary>
    private const int Most = 10;

    /// <param name="nodes">All nodes.</param>
    /// <param name="classes">The same in classes, with who can get them.</param>
    /// <param name="known">The tags that policies name: of several for the same nodes, the words that the admin thinks in.</param>
    public static ImmutableArray<ImpactLoss> Of(IReadOnlyList<Node> nodes, IReadOnlyList<(ImpactClass<Node> Nodes, Reach Reach)> classes, IReadOnlySet<TagPair> known)
    {
        Dictionary<InstanceId, (Node Node, Reach Reach, int Of)> lost = [];
        foreach ((ImpactClass<Node> members, Reach reach) in classes.Where(one => one.Reach is { Before: true, After: false }))
        {
            foreach (Node node in members) lost[node.Id] = (node, reach, members.Count);
        }
        if (lost.Count == 0) return [];

        // A tag tells a loss if every node that has it is lost; the tag of most nodes first, and each node is told once.
        var tags = nodes.SelectMany(node => node.Tags.Where(tag => tag.Key != "Name").Select(tag => (Tag: new TagPair(tag.Key, tag.Value), Node: node)))
            .GroupBy(one => one.Tag, one => one.Node).Where(tagged => tagged.Count() > 1 && tagged.All(node => lost.ContainsKey(node.Id)))
            .OrderByDescending(tagged => tagged.Count()).ThenByDescending(tagged => known.Contains(tagged.Key)).ThenBy(tagged => tagged.Key.Key, StringComparer.Ordinal).ThenBy(tagged => tagged.Key.Value, StringComparer.Ordinal);
        HashSet<InstanceId> told = [];
        List<ImpactLoss> losses = [];
        foreach (IGrouping<TagPair, Node> tagged in tags)
        {
            if (tagged.All(node => told.Contains(node.Id))) continue;
            told.UnionWith(tagged.Select(node => node.Id));
            losses.Add(Loss(tagged.Key, tagged));
        }
        Node[] others = [.. lost.Values.Select(one => one.Node).Where(node => !told.Contains(node.Id))];
        if (others.Length > 0) losses.Add(Loss(null, others));
        return [.. losses.OrderByDescending(loss => loss.Pairs.Sum(move => move.Pairs)).Take(Most)];

        ImpactLoss Loss(TagPair? tag, IEnumerable<Node> some)
        {
            Node[] all = [.. some];
            // The pairs of a class belong to its nodes in equal parts, because no policy can tell the nodes apart.
            return new ImpactLoss(tag, [.. all], [.. all.SelectMany(node => lost[node.Id].Reach.Lost.Select(entry => (entry.Key, Pairs: entry.Value / lost[node.Id].Of)))
                .GroupBy(entry => entry.Key).Select(group => (group.Key.Before, group.Key.After, group.Sum(entry => entry.Pairs))).OrderByDescending(move => move.Item3)]);
        }
    }
}
