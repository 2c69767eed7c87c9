namespace JitAccess.Web.Audit;

/// <summary>How far a check of the audit is.</summary>
/// <param name="Checked">The sealed entries that are checked.</param>
/// <param name="All">All sealed entries.</param>
public readonly record struct AuditProgress(long Checked, long All);
