using JitAccess.Domain.Policies;
using JitAccess.Web.Nodes;

namespace JitAccess.Web.Components.Policies;

/// <summary>What a policy as written would do now.</summary>
/// <param name="Problems">What is wrong with it, and what should be looked at.</param>
/// <param name="Matches">The nodes it matches; null for Cedar policies, whose answer depends on the person.</param>
/// <param name="PerTag">How many nodes have each of its tags.</param>
public sealed record PolicyEffect(IReadOnlyList<PolicyProblem> Problems, NodeMatches? Matches, IReadOnlyList<int> PerTag);
