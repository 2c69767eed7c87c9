using System.Collections.Immutable;

namespace JitAccess.Domain.Audit;

/// <summary>
/// One entry with everything that shows where the audit holds it, for somebody without access to the store: its place in its block, and the blocks that
/// follow, up to one whose hash the reader has from elsewhere.
/// </summary>
/// <param name="Entry">The entry.</param>
/// <param name="Inclusion">Its block and its way to the block's root.</param>
/// <param name="Following">The blocks after it, by number, without a gap; none if its own is the last.</param>
public sealed record EntryProof(StoredEntry Entry, InclusionProof Inclusion, ImmutableArray<AuditBlock> Following)
{
    /// <summary>The last block of the proof. Whoever trusts its hash can trust the entry.</summary>
    public AuditBlock Head => Following.IsEmpty ? Inclusion.Block : Following[^1];

    /// <summary>Every block of the proof, by number.</summary>
    public IEnumerable<AuditBlock> Blocks => Following.Prepend(Inclusion.Block);

    /// <summary>What does not fit together in the proof, in words; null if everything does.</summary>
    public string? Flaw()
    {
        AuditBlock block = Inclusion.Block;
        if (block.ComputeHash() != block.Hash) return $"Block {block.Number} has another hash than the one it names.";
        if (!Inclusion.Holds(Entry, block.Hash)) return $"The entry and its path do not lead to the root of block {block.Number}.";
        AuditBlock previous = block;
        foreach (AuditBlock next in Following)
        {
            if (next.Number != AuditBlock.NumberAfter(previous)) return $"Block {next.Number} does not follow block {previous.Number}.";
            if (next.Previous != previous.Hash) return $"Block {next.Number} was closed after another block than the one before it here.";
            if (next.ComputeHash() != next.Hash) return $"Block {next.Number} has another hash than the one it names.";
            previous = next;
        }
        return null;
    }
}
