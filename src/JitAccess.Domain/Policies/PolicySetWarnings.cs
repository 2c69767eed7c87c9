using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Policies;

/// <summary>What should be looked at in a policy set although every policy is right in itself: what only shows among the other policies, the nodes and the people.</summary>
public static class PolicySetWarnings
{
    /// <summary>The warnings of all policies that are turned on, in order of evaluation. Nothing is said of nodes as long as none is known.</summary>
    /// <param name="policies">The policy set.</param>
    /// <param name="nodes">The nodes of now.</param>
    /// <param name="directory">The people of now, as far as they are known.</param>
    /// <param name="engine">Parses the Cedar texts; one that cannot be parsed is left to <see cref="PolicyRules.ProblemsOf"/>.</param>
    public static ImmutableArray<(Guid PolicyId, PolicyProblem Problem)> Of(PolicySet policies, IReadOnlyCollection<Node> nodes, ApproverDirectory directory, CedarEngine engine)
    {
        ILookup<Guid, PolicyProblem> warnings = CedarRepetitions.In(policies, engine).Concat(ManualOverlaps.In(policies, nodes)).Concat(ApproverWarnings.In(policies, directory))
            .ToLookup(warning => warning.Policy.Id, warning => warning.Problem);
        return [.. policies.InOrderOfEvaluation.Select(policy => policy.Id).Distinct().SelectMany(id => warnings[id].Select(problem => (id, problem)))];
    }
}
