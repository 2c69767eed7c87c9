namespace JitAccess.Domain.Policies;

/// <summary>One policy's own answer, kept as part of the explanation of a decision.</summary>
/// <param name="PolicyId">Which policy.</param>
/// <param name="PolicyName">Its name at the time.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Verdict">What it said.</param>
/// <param name="Because">Why, in words.</param>
/// <param name="Statement">The Cedar statement that matched or failed; null for none.</param>
public sealed record PolicyAnswer(Guid PolicyId, string PolicyName, PolicyKind Kind, PolicyVerdict Verdict, string Because, string? Statement = null);
