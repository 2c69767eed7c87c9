using System.Collections.Immutable;
using CsCheck;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;

namespace JitAccess.Domain.Tests.Policies.Impact;

/// <summary>Grouping what no policy can tell apart changes nothing: the analysis says what asking every pair at every time says.</summary>
public sealed class ImpactAnalysisProperties(SharedEngine engine)
{
    private static readonly Gen<Actor[]> People = Gen.Select(RandomPolicies.Actor, Gen.Int[0, 7], (actor, other) => other == 0 ? actor with { Identity = new ProvenIdentity.Unmapped() } : actor).Array[1, 8];

    private static readonly Gen<Node[]> Nodes = Gen.Select(RandomPolicies.Node, Gen.Int[0, 7], (node, offline) => offline == 0 ? node with { PingStatus = PingStatus.Inactive } : node).Array[1, 10]
        .Select(nodes => nodes.Select((node, index) => node with { Id = InstanceId.Parse(node.Id.IsHybrid ? $"mi-{index:x17}" : $"i-{index:x8}") }).ToArray());

    /// <summary>Two sets that share most of their policies, as an edit leaves them.</summary>
    private static readonly Gen<(PolicySet Before, PolicySet After)> Edits = Gen.Select(RandomPolicies.Set, RandomPolicies.Set, Gen.Int[0, 7], (one, other, parts) => (one, new PolicySet
    {
        DenyAccess = (parts & 1) == 0 ? one.DenyAccess : other.DenyAccess,
        AutoApproval = (parts & 2) == 0 ? one.AutoApproval : other.AutoApproval,
        Manual = (parts & 4) == 0 ? one.Manual : other.Manual,
    }));

    [Fact]
    public void Run_AnyEdit_SaysWhatAskingEveryPairSays() => Gen.Select(Edits, People, Nodes).Sample((edit, people, nodes) =>
    {
        PolicyEvaluator before = new(new PolicySetVersion(1, edit.Before), engine.Cedar);
        PolicyEvaluator after = new(new PolicySetVersion(2, edit.After), engine.Cedar);
        ImmutableArray<DateTimeOffset> times = ImpactTimes.Sample(before, after, Given.Now);

        ImpactReport report = ImpactAnalysis.Run(before, after, people, nodes, times, null, CancellationToken.None);

        Dictionary<(DecisionOutcome, DecisionOutcome, ImpactMoveKind), long> counts = [];
        Dictionary<(Guid?, Guid?, DecisionOutcome, DecisionOutcome, string), long> moves = [];
        foreach (Actor person in people)
        {
            foreach (Node node in nodes)
            {
                (BriefDecision Before, BriefDecision After, DateTimeOffset At)[] answers = [.. times.Select(at => (before.DecideBriefly(new AccessQuestion(person, node, at, "")), after.DecideBriefly(new AccessQuestion(person, node, at, "")), at))];
                (BriefDecision Before, BriefDecision After, DateTimeOffset At) worst = answers.MaxBy(answer => ImpactMove.KindOf(answer.Before, answer.After));
                var cell = (worst.Before.Outcome, worst.After.Outcome, ImpactMove.KindOf(worst.Before, worst.After));
                counts[cell] = counts.GetValueOrDefault(cell) + 1;
                foreach (var same in answers.Where(answer => ImpactMove.KindOf(answer.Before, answer.After) != ImpactMoveKind.None).GroupBy(answer => (answer.Before, answer.After)))
                {
                    string at = same.Count() == times.Length ? "" : string.Join(' ', same.Select(answer => answer.At.ToUnixTimeMilliseconds()));
                    var key = (same.Key.Before.By?.Id, same.Key.After.By?.Id, same.Key.Before.Outcome, same.Key.After.Outcome, at);
                    moves[key] = moves.GetValueOrDefault(key) + 1;
                }
            }
        }
        foreach (DecisionOutcome from in Enum.GetValues<DecisionOutcome>())
        {
            foreach (DecisionOutcome to in Enum.GetValues<DecisionOutcome>())
            {
                IEnumerable<KeyValuePair<(DecisionOutcome, DecisionOutcome, ImpactMoveKind Kind), long>> cell = counts.Where(count => count.Key.Item1 == from && count.Key.Item2 == to);
                Assert.Equal((cell.Sum(count => count.Value), cell.Where(count => count.Key.Item3 != ImpactMoveKind.None).Sum(count => count.Value)), (report.Counts[from, to], report.Counts.ChangedIn(from, to)));
            }
        }
        Assert.All(Enum.GetValues<ImpactMoveKind>(), kind => Assert.Equal(counts.Where(count => count.Key.Item3 == kind).Sum(count => count.Value), report.Counts[kind]));
        Dictionary<(Guid?, Guid?, DecisionOutcome, DecisionOutcome, string), long> told = report.Moves
            .GroupBy(move => (move.Before.By?.Id, move.After.By?.Id, move.Before.Outcome, move.After.Outcome, string.Join(' ', move.Times.Select(time => time.ToUnixTimeMilliseconds()))))
            .ToDictionary(same => same.Key, same => same.Sum(move => move.Pairs));
        Assert.Equal(moves.OrderBy(move => move.Key.ToString()), told.OrderBy(move => move.Key.ToString()));
        Assert.All(report.Moves, move => Assert.All(move.EveryPair, pair => Assert.Equal(move.Before.By?.Id, before.DecideBriefly(new AccessQuestion(pair.Person, pair.Node, move.Times.IsEmpty ? times[0] : move.Times[0], "")).By?.Id)));
        Assert.Equal(nodes.Where(node => times.Any(at => people.Any(person => before.DecideBriefly(new AccessQuestion(person, node, at, "")).CanBeRequested))
                && !times.Any(at => people.Any(person => after.DecideBriefly(new AccessQuestion(person, node, at, "")).CanBeRequested))).Select(node => node.Id.Value).Order(),
            report.Losses.SelectMany(loss => loss.Nodes).Select(node => node.Id.Value).Distinct().Order());
    }, iter: 200);
}
