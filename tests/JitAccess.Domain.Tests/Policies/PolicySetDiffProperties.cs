using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

/// <summary>What holds of the diff of any two policy sets.</summary>
public sealed class PolicySetDiffProperties
{
    /// <summary>A set, and one that is made of it by a few edits, which may add up to none.</summary>
    private static readonly Gen<(PolicySet Before, PolicySet After)> Edited =
        Gen.Select(RandomPolicies.Set, RandomPolicies.Set, Gen.Select(Gen.Int[0, 14], Gen.Int[0, 20]).Array[0, 3], (set, other, edits) => (set, edits.Aggregate(set, (edited, edit) => Edit(edited, other, edit.Item1, edit.Item2))));

    [Fact]
    public void Between_SetsThatMeanTheSame_HasNoChange() => RandomPolicies.Set.Sample(set =>
    {
        PolicySet copy = JsonSerializer.Deserialize<PolicySet>(JsonSerializer.Serialize(set))!;
        PolicySet renumbered = copy with { DenyAccess = Renumbered(copy.DenyAccess), AutoApproval = Renumbered(copy.AutoApproval), Manual = Renumbered(copy.Manual) };

        return PolicySetDiff.Between(set, copy).IsEmpty && PolicySetDiff.Between(set, RandomPolicies.Shuffled(renumbered, seed: 7)).IsEmpty;
    });

    [Fact]
    public void Between_AnyTwoSets_HasAChangeExactlyWhenTheyDiffer() => Edited.Sample((before, after) =>
        PolicySetDiff.Between(before, after).IsEmpty == (Content(before) == Content(after)));

    [Fact]
    public void Between_AnyTwoSets_SaysSomethingOfEveryChange() => Edited.Sample((before, after) =>
        PolicySetDiff.Between(before, after).All(change => change.Name.Length > 0 && change.Sentences is { IsEmpty: false } sentences && sentences.All(sentence => sentence.EndsWith('.'))));

    [Fact]
    public void Between_NewOrder_NamesFewestMovesAndEachIsTrue() => Gen.Shuffle(Enumerable.Range(0, 7).ToArray()).Sample(order =>
    {
        ManualPolicy[] policies = [.. Enumerable.Range(0, 7).Select(number => Given.ByTags($"{number}", "env=prod") with { Order = number })];
        PolicySet after = Given.Set([.. order.Select((number, place) => policies[number] with { Order = place })]);

        PolicyChange[] moves = [.. PolicySetDiff.Between(Given.Set([.. policies]), after)];

        return moves.Length == 7 - LongestRisingByTrying(order) && moves.All(move => IsTrue(move, order));
    });

    /// <summary>The named relation holds now and did not before, when the numbers stood in order.</summary>
    private static bool IsTrue(PolicyChange move, int[] order)
    {
        int moved = int.Parse(move.Name, System.Globalization.CultureInfo.InvariantCulture);
        string sentence = Assert.Single(move.Sentences);
        int other = int.Parse(sentence.Split('“', '”')[1], System.Globalization.CultureInfo.InvariantCulture);
        bool isBefore = Array.IndexOf(order, moved) < Array.IndexOf(order, other);
        return move.Kind == PolicyChangeKind.Moved && (sentence.StartsWith("Moved before", StringComparison.Ordinal) ? isBefore && other < moved : !isBefore && other > moved);
    }

    private static int LongestRisingByTrying(int[] order) => Enumerable.Range(0, 1 << order.Length)
        .Select(chosen => order.Where((_, index) => (chosen >> index & 1) == 1).ToArray())
        .Where(kept => kept.SequenceEqual(kept.Order())).Max(kept => kept.Length);

    /// <summary>Everything that a set says, without the numbers that make its order.</summary>
    private static string Content(PolicySet set) => JsonSerializer.Serialize<object[]>(
        [set.PublishNeedsSecondAdmin, .. set.InOrderOfEvaluation.Select(policy => (object)(policy with { Order = 0 }))]);

    private static ImmutableArray<T> Renumbered<T>(ImmutableArray<T> policies) where T : Policy =>
        [.. policies.OrderBy(policy => policy.Order).ThenBy(policy => policy.Id).Select((policy, index) => policy with { Order = index * 10 - 5 })];

    private static PolicySet Edit(PolicySet set, PolicySet other, int what, int which)
    {
        Policy[] all = [.. set.InOrderOfEvaluation];
        if (what == 0) return set with { PublishNeedsSecondAdmin = which % 2 == 0 };
        if (what == 1) return other.InOrderOfEvaluation.Aggregate(set, (edited, policy) => edited.With(policy));
        if (all.Length == 0) return set;
        Policy policy = all[which % all.Length];
        return (what, policy) switch
        {
            (2, _) => set.Without(policy.Id),
            (3, _) => set.With(policy with { Order = which }),
            (4, _) => set.With(policy with { Name = $"{policy.Name}{which % 2}" }),
            (5, _) => set.With(policy with { Description = which % 2 == 0 ? "" : "Words." }),
            (6, _) => set.With(policy with { Enabled = which % 2 == 0 }),
            (7, DenyAccessPolicy deny) => set.With(deny with { Effect = (DenyEffect)(which % 2) }),
            (7, AutoApprovalPolicy auto) => set.With(auto with { Cedar = $"{auto.Cedar}{which % 2}" }),
            (8, AutoApprovalPolicy auto) => set.With(auto with { MaximumHours = 1 + which % 2 }),
            (8, ManualPolicy manual) => set.With(manual with { MaximumHours = 24 + which % 2 }),
            (9, ManualPolicy manual) => set.With(manual with { PendingTimeout = TimeSpan.FromDays(7) + TimeSpan.FromTicks(which % 3) }),
            (10, ManualPolicy manual) => set.With(manual with { Target = manual.Target with { Regions = [.. manual.Target.Regions.Reverse(), .. which % 2 == 0 ? ["eu-west-1"] : Array.Empty<string>()] } }),
            (11, ManualPolicy manual) => set.With(manual with { Target = manual.Target with { Tags = [.. manual.Target.Tags.Reverse()] } }),
            (12, ManualPolicy manual) => set.With(manual with { Levels = [.. manual.Levels.Reverse()] }),
            (13, ManualPolicy manual) => set.With(manual with { Levels = [.. manual.Levels.Select(level => level with { Approvers = [.. level.Approvers.Reverse()], RequiredApprovals = 1 + which % 3 })] }),
            (14, AutoApprovalPolicy auto) => set.With(auto with { SessionRules = Rules(which) }),
            (14, ManualPolicy manual) => set.With(manual with { SessionRules = Rules(which) }),
            _ => set,
        };
    }

    // None and the defaults are the same.
    private static SessionRules? Rules(int which) => (which % 4) switch
    {
        0 => null,
        1 => new SessionRules(),
        2 => new SessionRules { IdleTimeout = TimeSpan.FromMinutes(15) },
        _ => new SessionRules { TellsWhenWatched = false },
    };
}
