namespace JitAccess.Domain.Policies;

/// <summary>A published policy set. Versions are numbered from 1 and never change.</summary>
/// <param name="Number">The number of the version; 0 before anything was published.</param>
/// <param name="Policies">The policies.</param>
public sealed record PolicySetVersion(int Number, PolicySet Policies);
