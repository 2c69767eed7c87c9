using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit;

/// <summary>What a check of the whole audit found.</summary>
/// <param name="Problem">What is wrong first; null if nothing is.</param>
/// <param name="Entries">How many entries were found as they were sealed.</param>
/// <param name="Waiting">How many entries no block seals yet; counted only where nothing is wrong.</param>
/// <param name="Newest">The last block that was checked; null if there is none.</param>
/// <param name="Anchored">The newest block that is the one that was anchored; null if none was compared.</param>
public sealed record AuditFindings(AuditProblem? Problem, long Entries, long Waiting, AuditBlock? Newest, AuditAnchor? Anchored = null)
{
    /// <summary>How many entries were retired: their seals fit, they themselves are gone.</summary>
    public long Retired { get; init; }
}
