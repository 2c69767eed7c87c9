using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Policies;

/// <summary>Manual policies that decide for no node, or for fewer than they match.</summary>
internal static class ManualOverlaps
{
    private const string Field = nameof(ManualPolicy.Target);

    public static IEnumerable<(Policy Policy, PolicyProblem Problem)> In(PolicySet policies, IReadOnlyCollection<Node> nodes)
    {
        // With no nodes known, nothing can be told of any.
        if (nodes.Count == 0) yield break;
        Dictionary<InstanceId, ManualPolicy> decides = [];
        foreach (ManualPolicy policy in policies.InOrderOfEvaluation.OfType<ManualPolicy>().Where(policy => policy.Enabled))
        {
            int matching = 0;
            List<ManualPolicy> winners = [];
            foreach (Node node in nodes.Where(policy.Target.Matches))
            {
                matching++;
                if (!decides.TryAdd(node.Id, policy)) winners.Add(decides[node.Id]);
            }
            foreach (PolicyProblem problem in Problems(policy, matching, winners, nodes)) yield return (policy, problem);
        }
    }

    private static IEnumerable<PolicyProblem> Problems(ManualPolicy policy, int matching, List<ManualPolicy> winners, IReadOnlyCollection<Node> nodes)
    {
        (ManualPolicy Winner, int Nodes)[] byWinner = [.. winners.GroupBy(winner => winner.Id).Select(group => (group.First(), group.Count()))];
        string[] names = [.. byWinner.Select(one => $"“{one.Winner.Name}”")];
        string stand = names.Length == 1 ? "which stands" : "which stand";
        if (matching == 0)
        {
            yield return Dead(policy, nodes);
        }
        else if (winners.Count == matching)
        {
            yield return new PolicyProblem(Field, $"Shadowed: {(matching == 1 ? "its only node is" : $"all its {matching} nodes are")} decided by {string.Join(" and ", names)}, {stand} before it, so it never decides. "
                + $"{(policy.Target.IsByTags || byWinner.All(one => !one.Winner.Target.IsByTags) ? $"Move “{policy.Name}” before {(names.Length == 1 ? "it" : "them")}, or remove it." : "A policy for tags always comes before one for all nodes. Remove one of them, or change their nodes.")}", IsWarning: true);
        }
        else if (policy.Target.IsByTags)
        {
            // All nodes losing to tags is the rule and no news; tags losing to other tags is an overlap.
            foreach ((ManualPolicy winner, int count) in byWinner)
            {
                yield return new PolicyProblem(Field, $"Overlap: {count} of its {matching} nodes are decided by “{winner.Name}”, which stands before it. Move “{policy.Name}” before it if it should decide there.", IsWarning: true);
            }
        }
    }

    private static PolicyProblem Dead(ManualPolicy policy, IReadOnlyCollection<Node> nodes)
    {
        NodeTarget target = policy.Target;
        if (!target.IsByTags) return new PolicyProblem(Field, $"Dead: no node is within its filters ({target.DescribedFilters}). Change the filters, or turn the policy off.", IsWarning: true);
        string tags = PolicyWords.Or(target.Tags);
        if (nodes.Any(node => target.MatchingTags(node).Any()))
            return new PolicyProblem(Field, $"Dead: no node has {tags} and is within its filters ({target.DescribedFilters}). Change the filters, or turn the policy off.", IsWarning: true);

        // What differs in capital letters only is most likely what is meant.
        ILookup<string, TagPair> known = nodes.SelectMany(node => node.Tags).Select(tag => new TagPair(tag.Key, tag.Value)).Distinct().ToLookup(tag => tag.ToString(), StringComparer.OrdinalIgnoreCase);
        TagPair[] meant = [.. target.Tags.SelectMany(tag => known[tag.ToString()]).Distinct()];
        return new PolicyProblem(Field, $"Dead: no node has {tags}. Tag keys and values are case-sensitive.{(meant.Length == 0 ? " Check them, or turn the policy off." : $" There are nodes with {string.Join(" and ", meant.AsEnumerable())}.")}", IsWarning: true)
        {
            Mend = meant.Length == 0 ? null : new PolicyMend($"Write {string.Join(", ", meant.AsEnumerable())}", policy with { Target = target with { Tags = [.. target.Tags.Where(tag => !known[tag.ToString()].Any()), .. meant] } }),
        };
    }
}
