using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies;

/// <summary>One policy in the list.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="MatchesNow">How many nodes it matches; null for Cedar policies, whose answer depends on the person.</param>
/// <param name="DecidesNow">How many nodes it would decide; null like <paramref name="MatchesNow"/>.</param>
/// <param name="Notes">What an admin should know: overlaps, dead policies.</param>
public sealed record PolicyRow(Policy Policy, int? MatchesNow, int? DecidesNow, IReadOnlyList<string> Notes)
{
    /// <summary>How the draft changes it; null if it is as in force.</summary>
    public PolicyChangeKind? InDraft { get; init; }
}
