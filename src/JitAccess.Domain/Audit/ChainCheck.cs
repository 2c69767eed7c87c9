using System.Globalization;

namespace JitAccess.Domain.Audit;

/// <summary>
/// Checks the chain from its first block on, one block and one entry at a time, and keeps none of them. Each call answers with the problem that it
/// found; after a problem the check is over. A chain that was written anew as a whole is found only by anchors, which were kept elsewhere.
/// </summary>
/// <param name="tolerance">How much older than the last complete block an entry of a later block may say it is: open transactions and clocks that differ.</param>
/// <param name="anchors">Hashes that were kept elsewhere, by block; null for none.</param>
/// <param name="retired">What was taken out of the store, as sealed entries of the audit itself say; null for nothing.</param>
public sealed class ChainCheck(TimeSpan tolerance, IReadOnlyDictionary<long, AuditAnchor>? anchors = null, IReadOnlyList<RetiredEntries>? retired = null)
{
    private readonly long[] _gone = new long[retired?.Count ?? 0];
    private readonly long _tolerance = (long)tolerance.TotalMicroseconds;
    private MerkleTree _tree = new();
    private long? _settledUntil;

    /// <summary>The block that was begun last; null before the first.</summary>
    public AuditBlock? Block { get; private set; }

    /// <summary>How many sealed entries were found as they were sealed.</summary>
    public long Entries { get; private set; }

    /// <summary>How many seals belong to entries that were retired.</summary>
    public long Retired => _gone.Sum();

    /// <summary>The newest block that is the one that was anchored; null if none is.</summary>
    public AuditAnchor? Anchored { get; private set; }

    /// <summary>Takes the columns of the entry that <see cref="Add(long, int, Guid, Digest, long?)"/> checks next.</summary>
    public LeafEncoder Entry { get; } = new();

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
        if (anchors?.GetValueOrDefault(block.Number) is { } anchor)
        {
            if (anchor.Hash != block.Hash) return WrittenAnew(anchor);
            Anchored = anchor;
        }

        if (previous is { IsComplete: true }) _settledUntil = LeafEncoder.Microseconds(previous.SealedAt);
        (Block, _tree) = (block, new MerkleTree());
        return null;
    }

    /// <summary>Checks the next entry, by block and position.</summary>
    /// <param name="seal">Its place.</param>
    /// <param name="entry">What the store holds under the seal's id; null if nothing.</param>
    public AuditProblem? Add(AuditSeal seal, StoredEntry? entry)
    {
        if (entry is not null) Entry.Take(entry);
        return Add(seal.Block, seal.Position, seal.EntryId, seal.Leaf, entry is null ? null : LeafEncoder.Microseconds(entry.At));
    }

    /// <summary>Checks the next entry, by block and position, whose columns <see cref="Entry"/> has taken.</summary>
    /// <param name="number">The block of its seal.</param>
    /// <param name="position">The place of its seal.</param>
    /// <param name="id">The entry.</param>
    /// <param name="sealedLeaf">The digest that was sealed.</param>
    /// <param name="at">When it says that it happened, in microseconds since 1970; null if the store holds no such entry.</param>
    public AuditProblem? Add(long number, int position, Guid id, Digest sealedLeaf, long? at)
    {
        if (Block is not { } block || number != block.Number)
            return new(AuditProblemKind.BlockMissing, number, id, $"Block {number} is missing: entry {id} is sealed in it.");
        if (position != _tree.Count)
            return new(AuditProblemKind.EntryRemoved, block.Number, null, $"The entry at place {_tree.Count} of block {block.Number} was removed, and its seal too.");
        if (at is not { } said) return Gone(block, position, id, sealedLeaf);

        Digest leaf = Entry.Leaf(block.Number, position);
        if (leaf != sealedLeaf) return Differs(block, position, id, sealedLeaf);
        // A clock that was set back sets back both what entries say and when they are sealed.
        if (_settledUntil is { } settled && said < long.Min(settled, LeafEncoder.Microseconds(block.SealedAt)) - _tolerance)
            return new(AuditProblemKind.EntryInserted, block.Number, id, $"Entry {id} was inserted late: it says {Text(said)}, but all entries until {Text(settled)} were sealed before, and it came with block {block.Number}.");
        _tree.Add(leaf);
        Entries++;
        return null;
    }

    /// <summary>Ends the last block, and asks for anchored blocks that did not come.</summary>
    public AuditProblem? Finish()
    {
        if (End() is { } problem) return problem;
        for (int part = 0; part < _gone.Length; part++)
        {
            if (_gone[part] != retired![part].Entries)
                return new(AuditProblemKind.EntryRemoved, null, null, $"{_gone[part]} entries before {retired[part].Until} are gone; {retired[part].Entries} were retired.");
        }
        AuditAnchor? missing = anchors?.Values.Where(anchor => anchor.Block > (Block?.Number ?? 0)).MinBy(anchor => anchor.Block);
        return missing is null ? null : new(AuditProblemKind.BlockMissing, missing.Block, null,
            $"Block {missing.Block} is missing: it was anchored, and {(Block is null ? "there is no block any more" : $"block {Block.Number} is the last that is there")}.");
    }

    /// <summary>Ends the block that was begun last.</summary>
    public AuditProblem? End()
    {
        if (Block is not { } block) return null;
        if (_tree.Count < block.Count)
            return new(AuditProblemKind.EntryRemoved, block.Number, null, $"The entry at place {_tree.Count} of block {block.Number} was removed, and its seal too.");
        if (_tree.Count > block.Count) return Changed(block.Number, $"Block {block.Number} was closed with {block.Count} entries; {_tree.Count} are sealed in it.");
        return _tree.Root == block.Root ? null : Changed(block.Number, $"Entries of block {block.Number} were changed, and their seals too: they do not give the block's root.");
    }

    // What was retired is taken by its seal: the digest is still part of its block's root.
    private AuditProblem? Gone(AuditBlock block, int position, Guid id, Digest sealedLeaf)
    {
        for (int part = 0; part < _gone.Length; part++)
        {
            if (!retired![part].Holds(id)) continue;
            _gone[part]++;
            _tree.Add(sealedLeaf);
            return null;
        }
        return new(AuditProblemKind.EntryRemoved, block.Number, id, $"Entry {id} was removed; it is sealed at place {position} of block {block.Number}.");
    }

    private AuditProblem Differs(AuditBlock block, int position, Guid id, Digest sealedLeaf)
    {
        // Unchanged, but moved: the seal's digest is the entry's at another place of the block.
        for (int other = 0; other < block.Count; other++)
        {
            if (Entry.Leaf(block.Number, other) == sealedLeaf)
                return new(AuditProblemKind.EntryMoved, block.Number, id, $"Entry {id} was moved: it stands at place {position} of block {block.Number}, and was sealed at place {other}.");
        }
        return new(AuditProblemKind.EntryChanged, block.Number, id, $"Entry {id} is not what was sealed at place {position} of block {block.Number}: it was changed, or stands in another's place.");
    }

    private AuditProblem WrittenAnew(AuditAnchor anchor)
    {
        long first = (Anchored?.Block ?? 0) + 1;
        string which = first == anchor.Block ? $"block {first} was" : $"blocks from {first} on were";
        return Changed(anchor.Block, $"Block {anchor.Block} is not the one that was anchored: {which} written anew.");
    }

    private static AuditProblem Changed(long block, string message) => new(AuditProblemKind.BlockChanged, block, null, message);

    private static string Text(long microseconds)
    {
        // What somebody wrote into the store may be out of the range of this type.
        long earliest = LeafEncoder.Microseconds(DateTimeOffset.MinValue);
        return DateTimeOffset.UnixEpoch.AddMicroseconds(long.Max(microseconds, earliest)).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
