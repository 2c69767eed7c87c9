using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies.Impact;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>A move as far as a filter lets it through.</summary>
public sealed class ImpactMatch
{
    private readonly IReadOnlySet<Actor>? _people;
    private readonly IReadOnlySet<Node>? _nodes;
    private readonly Lazy<(IReadOnlyCollection<Actor> People, IReadOnlyCollection<Node> Nodes)> _members;

    /// <summary>All pairs of the move.</summary>
    public ImpactMatch(ImpactMove move) => (Move, Pairs, _members) = (move, move.Pairs, new(Members));

    /// <summary>The pairs of one of these people or one of these nodes.</summary>
    public ImpactMatch(ImpactMove move, IReadOnlySet<Actor> people, IReadOnlySet<Node> nodes)
    {
        (Move, _people, _nodes, _members) = (move, people, nodes, new(Members));
        // The same groups come back in many blocks.
        Dictionary<object, long> chosen = new(ReferenceEqualityComparer.Instance);
        foreach ((IReadOnlyList<Actor> some, IReadOnlyList<Node> others) in move.Blocks)
        {
            if (!chosen.TryGetValue(some, out long ofPeople)) chosen[some] = ofPeople = some.Count(people.Contains);
            if (!chosen.TryGetValue(others, out long ofNodes)) chosen[others] = ofNodes = others.Count(nodes.Contains);
            Pairs += ofPeople * others.Count + ofNodes * some.Count - ofPeople * ofNodes;
        }
    }

    /// <summary>The move.</summary>
    public ImpactMove Move { get; }

    /// <summary>How many of its pairs.</summary>
    public long Pairs { get; }

    /// <summary>The people of these pairs, each once.</summary>
    public IReadOnlyCollection<Actor> People => _members.Value.People;

    /// <summary>The nodes of these pairs, each once.</summary>
    public IReadOnlyCollection<Node> Nodes => _members.Value.Nodes;

    /// <summary>The pairs, made as they are read: there can be millions.</summary>
    public IEnumerable<(Actor Person, Node Node)> EveryPair => _people is null || _nodes is null
        ? Move.EveryPair
        : Move.EveryPair.Where(pair => _people.Contains(pair.Person) || _nodes.Contains(pair.Node));

    private (IReadOnlyCollection<Actor>, IReadOnlyCollection<Node>) Members()
    {
        Chosen<Actor> people = new(_people);
        Chosen<Node> nodes = new(_nodes);
        foreach ((IReadOnlyList<Actor> some, IReadOnlyList<Node> others) in Move.Blocks)
        {
            // Somebody who fits brings all nodes of the block with them, and the other way round.
            (bool anybody, bool anything) = (people.Fits(some), nodes.Fits(others));
            people.Add(some, all: anything);
            nodes.Add(others, all: anybody);
        }
        return (people.Members, nodes.Members);
    }

    /// <summary>The members of groups, of which each is looked through once however many blocks it is in.</summary>
    private sealed class Chosen<T>(IReadOnlySet<T>? fitting) where T : class
    {
        private readonly HashSet<T> _seen = new(ReferenceEqualityComparer.Instance);
        private readonly HashSet<object> _whole = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<object, T[]> _parts = new(ReferenceEqualityComparer.Instance);

        public List<T> Members { get; } = [];

        public bool Fits(IReadOnlyList<T> group) => fitting is null || Part(group).Length > 0;

        public void Add(IReadOnlyList<T> group, bool all)
        {
            if (_whole.Contains(group)) return;
            all |= fitting is null;
            if (all) _whole.Add(group);
            foreach (T member in all ? group : Part(group))
            {
                if (_seen.Add(member)) Members.Add(member);
            }
        }

        private T[] Part(IReadOnlyList<T> group)
        {
            if (!_parts.TryGetValue(group, out T[]? part)) _parts[group] = part = [.. group.Where(member => fitting!.Contains(member))];
            return part;
        }
    }
}
