namespace JitAccess.Domain.Policies;

/// <summary>A change that mends a problem of a policy.</summary>
/// <param name="Label">What it does, as a button says it: <c>Ask hasTag first</c>.</param>
/// <param name="Mended">The policy with the change made.</param>
public sealed record PolicyMend(string Label, Policy Mended);
