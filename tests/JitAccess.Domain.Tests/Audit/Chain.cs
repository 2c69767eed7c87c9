using JitAccess.Domain.Audit;

namespace JitAccess.Domain.Tests.Audit;

/// <summary>A sealed audit in memory, to tamper with.</summary>
internal sealed class Chain
{
    public List<AuditBlock> Blocks { get; } = [];

    public List<AuditSeal> Seals { get; } = [];

    public Dictionary<Guid, StoredEntry> Entries { get; } = [];

    public static StoredEntry Entry(DateTimeOffset at, string why = "Because.") => new(
        Guid.CreateVersion7(at), at, "alice", "Alice", "arn:aws:iam::111111111111:role/jit-requester", "192.0.2.7", "RequestSubmitted", "i-0a1b2c3d4e5f60718", null, null, "{\"a\": 1}", 3, why);

    /// <summary>Blocks of these sizes, a second apart.</summary>
    public static Chain Of(params int[] counts)
    {
        Chain chain = new();
        for (int block = 0; block < counts.Length; block++)
        {
            DateTimeOffset now = Given.Now.AddSeconds(block);
            chain.Close(now, [.. Enumerable.Range(0, counts[block]).Select(number => Entry(now, $"Entry {number} of block {block + 1}."))]);
        }
        return chain;
    }

    public AuditBlock Close(DateTimeOffset now, params StoredEntry[] entries)
    {
        LeafEncoder encoder = new();
        MerkleTree tree = new();
        long number = AuditBlock.NumberAfter(Blocks.LastOrDefault());
        foreach (StoredEntry entry in entries)
        {
            Entries.Add(entry.Id, entry);
            Digest leaf = encoder.Leaf(number, tree.Count, entry);
            Seals.Add(new AuditSeal(number, tree.Count, entry.Id, leaf));
            tree.Add(leaf);
        }
        Blocks.Add(AuditBlock.Close(Blocks.LastOrDefault(), tree, isComplete: true, now));
        return Blocks[^1];
    }

    public Digest[] LeavesOf(AuditBlock block) => [.. Seals.Where(seal => seal.Block == block.Number).OrderBy(seal => seal.Position).Select(seal => seal.Leaf)];

    /// <summary>What a check finds first.</summary>
    public AuditProblem? Check(params AuditAnchor[] anchors)
    {
        ChainCheck check = new(TimeSpan.FromMinutes(5), anchors.ToDictionary(anchor => anchor.Block));
        Queue<AuditSeal> seals = new(Seals.OrderBy(seal => seal.Block).ThenBy(seal => seal.Position));
        foreach (AuditBlock block in Blocks.OrderBy(block => block.Number))
        {
            if (check.Begin(block) is { } problem) return problem;
            while (seals.TryPeek(out AuditSeal? seal) && seal.Block <= block.Number)
            {
                if (check.Add(seal, Entries.GetValueOrDefault(seal.EntryId)) is { } found) return found;
                seals.Dequeue();
            }
        }
        return seals.TryPeek(out AuditSeal? orphan) ? check.Add(orphan, Entries.GetValueOrDefault(orphan.EntryId)) : check.Finish();
    }
}
