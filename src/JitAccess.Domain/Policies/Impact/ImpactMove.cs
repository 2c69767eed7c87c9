using System.Collections.Immutable;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>All pairs of person and node that move in the same way at the same times.</summary>
public sealed class ImpactMove
{
    private readonly ImmutableArray<(ImpactClass<Actor> People, ImpactClass<Node> Nodes)> _blocks;

    internal ImpactMove(BriefDecision before, BriefDecision after, Policy? cause, ImmutableArray<DateTimeOffset> times, IEnumerable<(ImpactClass<Actor> People, ImpactClass<Node> Nodes)> blocks)
    {
        (Before, After, Cause, Times) = (before, after, cause, times);
        Kind = KindOf(before, after);
        _blocks = [.. blocks];
        Pairs = _blocks.Sum(block => (long)block.People.Count * block.Nodes.Count);
    }

    /// <summary>What it means for the people.</summary>
    public ImpactMoveKind Kind { get; }

    /// <summary>What they get before.</summary>
    public BriefDecision Before { get; }

    /// <summary>What they get after.</summary>
    public BriefDecision After { get; }

    /// <summary>The policy whose change makes the move; null when it cannot be told.</summary>
    public Policy? Cause { get; }

    /// <summary>The sampled times at which it holds; empty for at any time.</summary>
    public ImmutableArray<DateTimeOffset> Times { get; }

    /// <summary>How many pairs of person and node move.</summary>
    public long Pairs { get; }

    /// <summary>Groups of people and nodes that no policy can tell apart: everybody of the first with every one of the second.</summary>
    public IEnumerable<(IReadOnlyList<Actor> People, IReadOnlyList<Node> Nodes)> Blocks => _blocks.Select(block => ((IReadOnlyList<Actor>)block.People, (IReadOnlyList<Node>)block.Nodes));

    /// <summary>The pairs, made as they are read: there can be millions.</summary>
    public IEnumerable<(Actor Person, Node Node)> EveryPair => _blocks.SelectMany(block => block.People.SelectMany(person => block.Nodes.Select(node => (person, node))));

    /// <summary>What a change from one decision to another means for the person who asks.</summary>
    public static ImpactMoveKind KindOf(BriefDecision before, BriefDecision after) => (before.CanBeRequested, after.CanBeRequested) switch
    {
        _ when before.IsSameAs(after) => ImpactMoveKind.None,
        (true, false) => ImpactMoveKind.AccessLost,
        (false, true) => ImpactMoveKind.MoreAccess,
        (false, false) => ImpactMoveKind.OtherTerms,
        _ => Approvals(after).CompareTo(Approvals(before)) switch
        {
            > 0 => ImpactMoveKind.MoreSteps,
            < 0 => ImpactMoveKind.MoreAccess,
            _ => ImpactMoveKind.OtherTerms,
        },
    };

    private static int Approvals(BriefDecision decision) => decision.Levels.Sum(level => level.RequiredApprovals);
}
