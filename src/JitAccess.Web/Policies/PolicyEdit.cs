using JitAccess.Domain;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies;

/// <summary>A change of the policies: what they are afterwards, and how it is told.</summary>
/// <param name="After">The policies afterwards.</param>
/// <param name="What">The change in one sentence.</param>
/// <param name="BeforeState">What the audit keeps of before, as JSON; null for nothing.</param>
/// <param name="AfterState">What the audit keeps of after, as JSON; null for nothing.</param>
internal sealed record PolicyEdit(PolicySet After, string What, string? BeforeState, string? AfterState)
{
    /// <summary>A policy added or changed. Where it stands is not the form's to say, unless it comes back to the place that it had.</summary>
    public static PolicyEdit Save(PolicySet policies, Policy policy)
    {
        Policy? before = policies.Find(policy.Id);
        Policy placed = policy with { Order = before?.Order ?? (policy.Order > 0 ? policy.Order : 1 + Peers(policies, policy).Select(peer => peer.Order).DefaultIfEmpty(0).Max()) };
        PolicySet room = before is null
            ? Peers(policies, policy).Where(peer => peer.Order >= placed.Order).Aggregate(policies, (set, peer) => set.With(peer with { Order = peer.Order + 1 }))
            : policies;
        return new PolicyEdit(room.With(placed), before is null ? $"Added “{policy.Name}”." : Changed(before, policy), StoredPolicies.Write(before), StoredPolicies.Write(placed));
    }

    public static PolicyEdit Delete(PolicySet policies, Guid policyId)
    {
        Policy policy = policies.Find(policyId) ?? throw RefusedException.NotFound("policy");
        return new PolicyEdit(policies.Without(policyId), $"Deleted “{policy.Name}”.", StoredPolicies.Write(policy), null);
    }

    /// <summary>A policy moved by so many places among those it is listed with: negative is earlier.</summary>
    public static PolicyEdit Move(PolicySet policies, Guid policyId, int by)
    {
        Policy policy = policies.Find(policyId) ?? throw RefusedException.NotFound("policy");
        // Manual policies by tags and for all nodes are two lists on the screen; a policy moves within its own.
        List<Policy> peers = [.. Peers(policies, policy).Where(peer => IsByTags(peer) == IsByTags(policy))];
        int from = peers.FindIndex(peer => peer.Id == policyId);
        int to = Math.Clamp(from + by, 0, peers.Count - 1);
        string before = Names(peers);
        peers.RemoveAt(from);
        peers.Insert(to, policy);
        PolicySet after = peers.Select((peer, index) => peer with { Order = index + 1 }).Aggregate(policies, (set, peer) => set.With(peer));
        return new PolicyEdit(after, $"Moved “{policy.Name}” {(by < 0 ? "up" : "down")}.", before, Names(peers));
    }

    public static PolicyEdit SecondAdmin(PolicySet policies, bool needed) => new(policies with { PublishNeedsSecondAdmin = needed },
        needed ? "A publish needs a second admin." : "A publish needs no second admin any more.", Rule(policies.PublishNeedsSecondAdmin), Rule(needed));

    /// <summary>The whole set replaced.</summary>
    public static PolicyEdit Replace(PolicySet before, PolicySet after, string what) => new(after, what, StoredPolicies.Write(before), StoredPolicies.Write(after));

    private static string Changed(Policy before, Policy after) =>
        before.Name == after.Name ? $"Changed “{after.Name}”." : $"Changed “{before.Name}”, now “{after.Name}”.";

    private static IEnumerable<Policy> Peers(PolicySet policies, Policy policy) => policies.InOrderOfEvaluation.Where(other => other.Kind == policy.Kind);

    private static bool IsByTags(Policy policy) => policy is ManualPolicy { Target.IsByTags: true };

    private static string Names(IEnumerable<Policy> policies) => System.Text.Json.JsonSerializer.Serialize(policies.Select(policy => policy.Name));

    private static string Rule(bool needed) => System.Text.Json.JsonSerializer.Serialize(new { publishNeedsSecondAdmin = needed }, System.Text.Json.JsonSerializerOptions.Web);
}
