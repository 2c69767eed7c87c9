namespace JitAccess.Domain.Audit;

/// <summary>What a check of the audit found first.</summary>
/// <param name="Kind">In which way the audit is not what was sealed.</param>
/// <param name="Block">The block concerned; null if it is none.</param>
/// <param name="EntryId">The entry concerned; null if it cannot be told.</param>
/// <param name="Message">A sentence for people, naming block and entry.</param>
public sealed record AuditProblem(AuditProblemKind Kind, long? Block, Guid? EntryId, string Message);
