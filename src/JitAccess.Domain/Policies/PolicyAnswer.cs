using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>One policy's own answer, kept as part of the explanation of a decision.</summary>
/// <param name="PolicyId">Which policy.</param>
/// <param name="PolicyName">Its name at the time.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Verdict">What it said.</param>
/// <param name="Because">Why, in words.</param>
/// <param name="Statement">The Cedar statement that matched or failed; null for none.</param>
public sealed record PolicyAnswer(Guid PolicyId, string PolicyName, PolicyKind Kind, PolicyVerdict Verdict, string Because, string? Statement = null)
{
    /// <summary>Every Cedar statement's own answer, in the order of the text; empty for manual policies, and for explanations that were kept before this was known.</summary>
    public ImmutableArray<StatementAnswer> Statements { get; init; } = [];

    /// <summary>What would have to be true for the policy to help the requester, each in one sentence; empty where nothing would.</summary>
    public ImmutableArray<string> WouldNeed { get; init; } = [];
}
