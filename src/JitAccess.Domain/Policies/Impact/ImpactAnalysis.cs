using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>
/// Compares two versions of the policies over all people and all nodes. People, nodes and times that no policy of either version can tell apart
/// are asked about once, so that the work grows with what the policies distinguish and not with the size of the installation.
/// </summary>
public sealed class ImpactAnalysis
{
    private readonly PolicyEvaluator _before;
    private readonly PolicyEvaluator _after;
    private readonly IReadOnlyList<Actor> _people;
    private readonly IReadOnlyList<Node> _nodes;
    private readonly ImmutableArray<DateTimeOffset> _times;
    private readonly Dictionary<Guid, bool> _differs = [];
    private readonly Dictionary<Pair, ImpactMoveKind> _kinds = [];
    private readonly Dictionary<Way, List<(ImpactClass<Actor>, ImpactClass<Node>)>> _blocks = [];
    private readonly ImpactCounts _counts = new();

    private ImpactAnalysis(PolicyEvaluator before, PolicyEvaluator after, IReadOnlyList<Actor> people, IReadOnlyList<Node> nodes, ImmutableArray<DateTimeOffset> times) =>
        (_before, _after, _people, _nodes, _times) = (before, after, people, nodes, times);

    /// <summary>Compares.</summary>
    /// <param name="before">The version in force.</param>
    /// <param name="after">What it would be.</param>
    /// <param name="people">Everybody who may ask.</param>
    /// <param name="nodes">Everything that may be asked for.</param>
    /// <param name="times">When they ask: at least one time.</param>
    /// <param name="progress">Told the part that is done, from 0 to 1; null if nobody wants to know.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ImpactReport Run(PolicyEvaluator before, PolicyEvaluator after, IReadOnlyList<Actor> people, IReadOnlyList<Node> nodes, ImmutableArray<DateTimeOffset> times, IProgress<double>? progress, CancellationToken cancellationToken) =>
        new ImpactAnalysis(before, after, people, nodes, times).Run(progress, cancellationToken);

    private ImpactReport Run(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ImpactKeys keys = new(_before, _after);
        IReadOnlyList<ImpactClass<Actor>> people = ImpactClass<Actor>.Sorted(_people, person => Checked(person, keys.Of, cancellationToken));
        IReadOnlyList<ImpactClass<Node>> nodes = ImpactClass<Node>.Sorted(_nodes, node => Checked(node, keys.Of, cancellationToken));
        IReadOnlyList<ImpactClass<DateTimeOffset>> times = ImpactClass<DateTimeOffset>.Sorted(_times, keys.Of);
        Reach[] reach = new Reach[nodes.Count];
        (StatementTable before, StatementTable after) = (new StatementTable(_before), new StatementTable(_after));
        PreparedNode[] prepared = [.. nodes.Select(members => new PreparedNode(members[0]))];
        StatementTable.NodeAnswers[] nodesBefore = [.. prepared.Select(node => before.Answer(node, keys.Anybody, keys.AnyTime))];
        StatementTable.NodeAnswers[] nodesAfter = [.. prepared.Select(node => after.Answer(node, keys.Anybody, keys.AnyTime))];
        StatementTable.RequestAnswers[] timesBefore = [.. times.Select(members => before.Answer(_before.Prepare(members[0]), keys.Anybody, keys.Anything))];
        StatementTable.RequestAnswers[] timesAfter = [.. times.Select(members => after.Answer(_after.Prepare(members[0]), keys.Anybody, keys.Anything))];
        Pair[] pairs = new Pair[times.Count];

        for (int person = 0; person < people.Count; person++)
        {
            PreparedPerson one = new(people[person][0]);
            StatementTable.PersonAnswers personBefore = before.Answer(one, keys.Anything, keys.AnyTime);
            StatementTable.PersonAnswers personAfter = after.Answer(one, keys.Anything, keys.AnyTime);
            for (int node = 0; node < nodes.Count; node++)
            {
                if ((node & 63) == 0) cancellationToken.ThrowIfCancellationRequested();
                for (int time = 0; time < pairs.Length; time++)
                    pairs[time] = new Pair(before.Decide(personBefore, nodesBefore[node], timesBefore[time]), after.Decide(personAfter, nodesAfter[node], timesAfter[time]));
                Count(people[person], nodes[node], pairs, ref reach[node]);
            }
            progress?.Report((person + 1d) / people.Count);
        }
        return new ImpactReport
        {
            People = _people,
            Nodes = _nodes,
            Times = _times,
            Counts = _counts,
            Moves = Moves(times),
            Losses = ImpactLosses.Of(_nodes, [.. nodes.Select((members, index) => (members, reach[index]))], TagsInTargets()),
            LooksAt = _before.LooksAt | _after.LooksAt,
            PeopleClasses = people.Count,
            NodeClasses = nodes.Count,
        };
    }

    private HashSet<TagPair> TagsInTargets() => [.. _before.Version.Policies.Manual.Concat(_after.Version.Policies.Manual).SelectMany(policy => policy.Target.Tags)];

    private static TKey Checked<T, TKey>(T one, Func<T, TKey> key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return key(one);
    }

    /// <summary>Counts all pairs of two classes: once each, by their most serious move; and files every way in which they move, with its times.</summary>
    private void Count(ImpactClass<Actor> people, ImpactClass<Node> nodes, Pair[] byTime, ref Reach reach)
    {
        long size = (long)people.Count * nodes.Count;
        Pair worst = byTime[0];
        ImpactMoveKind worstKind = KindOf(worst);
        for (int time = 0; time < byTime.Length; time++)
        {
            Pair pair = byTime[time];
            reach.Before |= pair.Before.CanBeRequested;
            reach.After |= pair.After.CanBeRequested;
            ImpactMoveKind kind = KindOf(pair);
            if (kind == ImpactMoveKind.None) continue;
            if (kind > worstKind) (worst, worstKind) = (pair, kind);
            // The same pair at an earlier time has filed this one too.
            if (Array.IndexOf(byTime, pair, 0, time) >= 0) continue;
            Way way = new(pair, TimesOf(pair, byTime));
            ref List<(ImpactClass<Actor>, ImpactClass<Node>)>? blocks = ref CollectionsMarshal.GetValueRefOrAddDefault(_blocks, way, out _);
            (blocks ??= []).Add((people, nodes));
        }
        _counts.Add(worst.Before.Outcome, worst.After.Outcome, worstKind, size);
        if (worstKind == ImpactMoveKind.AccessLost) reach.Lose(worst.Before.Outcome, worst.After.Outcome, size);
    }

    private ImpactMoveKind KindOf(Pair pair)
    {
        ref ImpactMoveKind kind = ref CollectionsMarshal.GetValueRefOrAddDefault(_kinds, pair, out bool isKnown);
        if (!isKnown) kind = ImpactMove.KindOf(pair.Before, pair.After);
        return kind;
    }

    private static BigInteger TimesOf(Pair pair, Pair[] byTime)
    {
        BigInteger times = BigInteger.Zero;
        for (int time = 0; time < byTime.Length; time++)
        {
            if (byTime[time] == pair) times |= BigInteger.One << time;
        }
        return times;
    }

    private ImmutableArray<ImpactMove> Moves(IReadOnlyList<ImpactClass<DateTimeOffset>> times) =>
    [
        .. _blocks.Select(entry => new ImpactMove(entry.Key.Pair.Before, entry.Key.Pair.After, CauseOf(entry.Key.Pair), TimesIn(entry.Key.Times, times), entry.Value))
            .OrderByDescending(move => move.Kind).ThenByDescending(move => move.Pairs).ThenBy(move => move.Cause?.Name, StringComparer.Ordinal)
            .ThenBy(move => move.Before.By?.Name, StringComparer.Ordinal).ThenBy(move => move.After.By?.Name, StringComparer.Ordinal),
    ];

    private static ImmutableArray<DateTimeOffset> TimesIn(BigInteger chosen, IReadOnlyList<ImpactClass<DateTimeOffset>> times)
    {
        IEnumerable<ImpactClass<DateTimeOffset>> some = times.Where((_, index) => !(chosen >> index).IsEven);
        return some.Count() == times.Count ? [] : [.. some.SelectMany(members => members).Order()];
    }

    /// <summary>The changed policy that makes the move: the one that stands in the way or decides after it, else the one that did so before.</summary>
    private Policy? CauseOf(Pair pair)
    {
        Policy?[] candidates = [pair.After.Blocking, pair.After.By, pair.Before.Blocking, pair.Before.By];
        return candidates.OfType<Policy>().FirstOrDefault(policy => Differs(policy.Id)) ?? pair.After.By ?? pair.Before.By;
    }

    private bool Differs(Guid id)
    {
        if (_differs.TryGetValue(id, out bool differs)) return differs;
        return _differs[id] = !IsSame(_before.Version.Policies.Find(id), _after.Version.Policies.Find(id));
    }

    private static bool IsSame(Policy? one, Policy? other) => (one, other) switch
    {
        // Levels are compared by what is in them; a record would compare where they are kept.
        (ManualPolicy before, ManualPolicy after) => before.Levels.SequenceEqual(after.Levels) && before == after with { Levels = before.Levels },
        _ => one == other,
    };

    /// <summary>What two people and nodes get before and after.</summary>
    private readonly record struct Pair(BriefDecision Before, BriefDecision After)
    {
        // Evaluators hand out one object for each decision they can come to.
        public bool Equals(Pair other) => ReferenceEquals(Before, other.Before) && ReferenceEquals(After, other.After);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Before), RuntimeHelpers.GetHashCode(After));
    }

    /// <summary>A move with the classes of times at which it holds, one bit each.</summary>
    private readonly record struct Way(Pair Pair, BigInteger Times);
}
