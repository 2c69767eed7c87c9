using System.Buffers.Binary;

namespace JitAccess.Domain.Audit;

/// <summary>A link of the chain that seals the audit: the Merkle root over its entries, and the hash of the block before. Never changed.</summary>
public sealed record AuditBlock
{
    /// <summary>The block's number: 1 for the first, then one more each.</summary>
    public required long Number { get; init; }

    /// <summary>How many entries it seals; at least one.</summary>
    public required int Count { get; init; }

    /// <summary>The Merkle root over the leaves of its entries, by position.</summary>
    public required Digest Root { get; init; }

    /// <summary>The hash of the block before; 32 zero bytes for the first.</summary>
    public required Digest Previous { get; init; }

    /// <summary>Whether it left nothing behind: every entry that was committed when it was closed is in it or in a block before.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>When it was closed, to the microsecond.</summary>
    public required DateTimeOffset SealedAt { get; init; }

    /// <summary>The block's own hash, over everything above.</summary>
    public Digest Hash { get; init; }

    /// <summary>Closes the next block of a chain.</summary>
    /// <param name="previous">The block before; null for the first.</param>
    /// <param name="entries">The tree over its leaves.</param>
    /// <param name="isComplete">Whether no committed entry was left for a later block.</param>
    /// <param name="now">When.</param>
    public static AuditBlock Close(AuditBlock? previous, MerkleTree entries, bool isComplete, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count);
        AuditBlock block = new()
        {
            Number = NumberAfter(previous),
            Count = entries.Count,
            Root = entries.Root,
            Previous = previous?.Hash ?? default,
            IsComplete = isComplete,
            SealedAt = DateTimeOffset.UnixEpoch.AddMicroseconds(LeafEncoder.Microseconds(now)),
        };
        return block with { Hash = block.ComputeHash() };
    }

    /// <summary>The number of the block that follows.</summary>
    /// <param name="previous">The block before; null for the first.</param>
    public static long NumberAfter(AuditBlock? previous) => (previous?.Number ?? 0) + 1;

    /// <summary>The hash that belongs to what the block says. docs/audit.md tells its bytes.</summary>
    public Digest ComputeHash()
    {
        Span<byte> content = stackalloc byte[23 + (2 * Digest.Length)];
        // Neither a leaf (0x00) nor a node (0x01).
        content[0] = 0x02;
        content[1] = LeafEncoder.Version;
        BinaryPrimitives.WriteInt64BigEndian(content[2..], Number);
        BinaryPrimitives.WriteInt32BigEndian(content[10..], Count);
        content[14] = IsComplete ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(content[15..], LeafEncoder.Microseconds(SealedAt));
        Root.CopyTo(content[23..]);
        Previous.CopyTo(content[(23 + Digest.Length)..]);
        return Digest.Of(content);
    }
}
