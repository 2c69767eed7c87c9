using System.Globalization;

namespace JitAccess.Domain.Audit;

/// <summary>
/// Checks the chain from its first block on, one block and one entry at a time, and keeps none of them. Each call answers with the problem that it
/// found; after a problem the check is over. What is written with the whole chain computed anew is not found: that takes a hash kept elsewhere.
/// </summary>
/// <param name="tolerance">How much older than the last complete block an entry of a later block may say it is: open transactions and clocks that differ.</param>
public sealed class ChainCheck(TimeSpan tolerance)
{
    private readonly LeafEncoder _encoder = new();
    private MerkleTree _tree = new();
    private DateTimeOffset? _settledUntil;

    /// <summary>The block that was begun last; null before the first.</summary>
    public AuditBlock? Block { get; private set; }

    /// <summary>How many sealed entries were found as they were sealed.</summary>
    public long Entries { get; private set; }

    /// <summary>Goes on to the next block, by number.</summary>
    public AuditProblem? Begin(AuditBlock block)
    {
        if (End() is { } problem) return problem;
        AuditBlock? previous = Block;
        long expected = AuditBlock.NumberAfter(previous);
        if (block.Number != expected) return new(AuditProblemKind.BlockMissing, expected, null, $"Block {expected} is missing: block {block.Number} is the next that is there.");
        if (block.ComputeHash() != block.Hash) return Changed(block.Number, $"Block {block.Number} was changed: its hash is not the one of what it says.");
        if (block.Previous != (previous?.Hash ?? default))
            return Changed(expected - 1, previous is null ? "Block 1 was changed: it follows another block." : $"Block {previous.Number} was changed: block {block.Number} was closed after another one.");

        if (previous is { IsComplete: true }) _settledUntil = previous.SealedAt;
        (Block, _tree) = (block, new MerkleTree());
        return null;
    }

    /// <summary>Checks the next entry, by block and position.</summary>
    /// <param name="seal">Its place.</param>
    /// <param name="entry">What the store holds under the seal's id; null if nothing.</param>
    public AuditProblem? Add(AuditSeal seal, StoredEntry? entry)
    {
        if (Block is not { } block || seal.Block != block.Number)
            return new(AuditProblemKind.BlockMissing, seal.Block, seal.EntryId, $"Block {seal.Block} is missing: entry {seal.EntryId} is sealed in it.");
        if (seal.Position != _tree.Count)
            return new(AuditProblemKind.EntryRemoved, block.Number, null, $"The entry at place {_tree.Count} of block {block.Number} was removed, and its seal too.");
        if (entry is null) return new(AuditProblemKind.EntryRemoved, block.Number, seal.EntryId, $"Entry {seal.EntryId} was removed; it is sealed at place {seal.Position} of block {block.Number}.");

        Digest leaf = _encoder.Leaf(block.Number, seal.Position, entry);
        if (leaf != seal.Leaf) return Differs(block, seal, entry);
        // A clock that was set back sets back both what entries say and when they are sealed. In ticks: no time that somebody wrote overflows.
        if (_settledUntil is { } settled && entry.At.UtcTicks + tolerance.Ticks < long.Min(settled.UtcTicks, block.SealedAt.UtcTicks))
            return new(AuditProblemKind.EntryInserted, block.Number, entry.Id,
                $"Entry {entry.Id} was inserted late: it says {Text(entry.At)}, but all entries until {Text(settled)} were sealed before, and it came with block {block.Number}.");
        _tree.Add(leaf);
        Entries++;
        return null;
    }

    /// <summary>Ends the last block.</summary>
    public AuditProblem? End()
    {
        if (Block is not { } block) return null;
        if (_tree.Count < block.Count)
            return new(AuditProblemKind.EntryRemoved, block.Number, null, $"The entry at place {_tree.Count} of block {block.Number} was removed, and its seal too.");
        if (_tree.Count > block.Count) return Changed(block.Number, $"Block {block.Number} was closed with {block.Count} entries; {_tree.Count} are sealed in it.");
        return _tree.Root == block.Root ? null : Changed(block.Number, $"Entries of block {block.Number} were changed, and their seals too: they do not give the block's root.");
    }

    private AuditProblem Differs(AuditBlock block, AuditSeal seal, StoredEntry entry)
    {
        // Unchanged, but moved: the seal's digest is the entry's at another place of the block.
        for (int position = 0; position < block.Count; position++)
        {
            if (_encoder.Leaf(block.Number, position, entry) == seal.Leaf)
                return new(AuditProblemKind.EntryMoved, block.Number, entry.Id, $"Entry {entry.Id} was moved: it stands at place {seal.Position} of block {block.Number}, and was sealed at place {position}.");
        }
        return new(AuditProblemKind.EntryChanged, block.Number, entry.Id, $"Entry {entry.Id} is not what was sealed at place {seal.Position} of block {block.Number}: it was changed, or stands in another's place.");
    }

    private static AuditProblem Changed(long block, string message) => new(AuditProblemKind.BlockChanged, block, null, message);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
