namespace JitAccess.Domain.Audit;

/// <summary>The place of one entry in the chain. Never changed.</summary>
/// <param name="Block">The number of its block.</param>
/// <param name="Position">Its place in the block, from 0.</param>
/// <param name="EntryId">The entry.</param>
/// <param name="Leaf">The entry's digest at this place.</param>
public sealed record AuditSeal(long Block, int Position, Guid EntryId, Digest Leaf);
