using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Policies;

/// <summary>Reads the policy set in force.</summary>
public sealed class PolicyQueries(IDbContextFactory<JitAccessDbContext> contexts)
{
    /// <summary>The policies in order of evaluation, with what they match among the nodes of now.</summary>
    /// <exception cref="RefusedException">The actor is neither admin nor auditor.</exception>
    public async Task<PublishedPolicies> CurrentAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.MayReadEverything) throw new RefusedException(RefusalKind.Forbidden, "Only admins and auditors see this page.");
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        PublishedPolicySet? newest = await database.PolicySets.AsNoTracking().OrderByDescending(policySet => policySet.Number).FirstOrDefaultAsync(cancellationToken);
        List<Node> nodes = await database.Nodes.AsNoTracking().ToListAsync(cancellationToken);
        PolicySet policies = newest?.Policies ?? PolicySet.Empty;
        ManualPolicy[] manual = [.. policies.InOrderOfEvaluation.OfType<ManualPolicy>()];
        Dictionary<InstanceId, ManualPolicy> decides = [];
        foreach (Node node in nodes)
        {
            if (manual.FirstOrDefault(policy => policy.Enabled && policy.Target.Matches(node)) is { } first) decides[node.Id] = first;
        }
        return new PublishedPolicies(newest?.AsVersion() ?? new PolicySetVersion(0, PolicySet.Empty), newest?.PublishedAt, newest?.PublishedByName, newest?.Comment ?? "",
            [.. policies.InOrderOfEvaluation.Select(policy => policy is ManualPolicy one ? Row(one, nodes, decides) : new PolicyRow(policy, null, null, []))],
            nodes.Count - decides.Count, nodes.Count);
    }

    private static PolicyRow Row(ManualPolicy policy, List<Node> nodes, Dictionary<InstanceId, ManualPolicy> decides)
    {
        List<Node> matching = [.. nodes.Where(policy.Target.Matches)];
        int deciding = matching.Count(node => decides.GetValueOrDefault(node.Id)?.Id == policy.Id);
        List<string> notes = [];
        if (!policy.Enabled)
        {
            notes.Add("Not enabled: it decides nothing.");
        }
        else if (matching.Count == 0)
        {
            notes.Add(policy.Target.IsByTags
                ? $"Dead: no node has {string.Join(" or ", policy.Target.Tags)}. Tag keys and values are case-sensitive."
                : "Dead: no node is within its filters.");
        }
        else if (policy.Target.IsByTags)
        {
            // All nodes losing to tags is the rule and no news; tags losing to other tags is an overlap.
            foreach (IGrouping<string, Node> other in matching.Where(node => decides.GetValueOrDefault(node.Id) is { } winner && winner.Id != policy.Id).GroupBy(node => decides[node.Id].Name))
                notes.Add($"Overlap: {other.Count()} of its {matching.Count} nodes are decided by “{other.Key}”, which stands before it.");
        }
        return new PolicyRow(policy, matching.Count, deciding, notes);
    }
}
