using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies;

/// <summary>One policy in the list of those in force.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="MatchesNow">How many nodes it matches; null for Cedar policies, whose answer depends on the person.</param>
/// <param name="DecidesNow">How many nodes it would decide; null like <paramref name="MatchesNow"/>.</param>
/// <param name="Notes">What an admin should know: overlaps, dead policies.</param>
public sealed record PolicyRow(Policy Policy, int? MatchesNow, int? DecidesNow, IReadOnlyList<string> Notes);

/// <summary>The policy set in force as the list shows it.</summary>
public sealed record PublishedPolicies(PolicySetVersion Version, DateTimeOffset? PublishedAt, string? PublishedBy, string Comment, IReadOnlyList<PolicyRow> Rows, int UncoveredNodes, int Nodes);
