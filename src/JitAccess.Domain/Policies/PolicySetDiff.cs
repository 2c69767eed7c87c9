using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>How two policy sets differ, in sentences that a person reads.</summary>
public static class PolicySetDiff
{
    /// <summary>
    /// Every difference that means something: first the rules of the whole set, then the policies in the order of evaluation of <paramref name="after"/>,
    /// a removed one where it stood. Other numbers for the same order are no difference.
    /// </summary>
    public static ImmutableArray<PolicyChange> Between(PolicySet before, PolicySet after)
    {
        Place[] places = [.. PlacesOf(before)];
        Dictionary<PolicyKey, Policy> was = places.ToDictionary(place => place.Key, place => place.Policy);
        Place[] now = [.. PlacesOf(after)];
        HashSet<PolicyKey> stays = [.. now.Select(place => place.Key)];

        // A removed policy is told behind the one that it stood behind.
        ILookup<PolicyKey?, Policy> removed = Removed(places, stays).ToLookup(pair => pair.Behind, pair => pair.Policy);
        Dictionary<PolicyKey, string> moves = PolicyMoves.Between(places, now);

        ImmutableArray<PolicyChange>.Builder changes = ImmutableArray.CreateBuilder<PolicyChange>();
        if (before.PublishNeedsSecondAdmin != after.PublishNeedsSecondAdmin)
        {
            changes.Add(new PolicyChange(PolicyChangeKind.Changed, null, null, "The whole policy set", [after.PublishNeedsSecondAdmin
                ? "From now on, a version must be published by an admin who did not edit it."
                : "An admin may again publish what they edited themselves; before, a second admin was needed."]));
        }
        changes.AddRange(removed[null].Select(PolicyChangeOf.Removed));
        for (int index = 0; index < now.Length; index++)
        {
            (PolicyKey key, Policy policy) = now[index];
            Policy? next = index + 1 < now.Length && now[index + 1].Stage == now[index].Stage ? now[index + 1].Policy : null;
            PolicyChange? change = was.TryGetValue(key, out Policy? old)
                ? PolicyChangeOf.Changed(old, policy, moves.GetValueOrDefault(key))
                : PolicyChangeOf.Added(policy, next);
            if (change is not null) changes.Add(change);
            changes.AddRange(removed[key].Select(PolicyChangeOf.Removed));
        }
        return changes.ToImmutable();
    }

    private static IEnumerable<(PolicyKey? Behind, Policy Policy)> Removed(IEnumerable<Place> before, HashSet<PolicyKey> stays)
    {
        PolicyKey? behind = null;
        foreach ((PolicyKey key, Policy policy) in before)
        {
            if (stays.Contains(key)) behind = key;
            else yield return (behind, policy);
        }
    }

    private static IEnumerable<Place> PlacesOf(PolicySet policies)
    {
        Dictionary<(PolicyKind, Guid), int> seen = [];
        foreach (Policy policy in policies.InOrderOfEvaluation)
        {
            int earlier = seen.GetValueOrDefault((policy.Kind, policy.Id));
            seen[(policy.Kind, policy.Id)] = earlier + 1;
            yield return new Place(new PolicyKey(policy.Kind, policy.Id, earlier), policy);
        }
    }

    /// <summary>What makes two policies the same one in two sets. An id that a broken document holds twice is told apart by which comes first.</summary>
    internal readonly record struct PolicyKey(PolicyKind Kind, Guid Id, int Earlier);

    /// <summary>A policy with what identifies it.</summary>
    internal readonly record struct Place(PolicyKey Key, Policy Policy)
    {
        /// <summary>The stage of evaluation that the policy belongs to; within one, the order decides.</summary>
        public (PolicyKind, bool IsByTags) Stage => (Key.Kind, Policy is ManualPolicy { Target.IsByTags: true });
    }
}
