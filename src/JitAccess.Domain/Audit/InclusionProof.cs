using System.Collections.Immutable;

namespace JitAccess.Domain.Audit;

/// <summary>Shows that one entry is sealed in a block, to somebody who has the block's hash and none of the other entries.</summary>
/// <param name="Block">The block.</param>
/// <param name="Position">The entry's place in the block, from 0.</param>
/// <param name="Path">The digests beside the way from the entry's leaf to the block's root.</param>
public sealed record InclusionProof(AuditBlock Block, int Position, ImmutableArray<Digest> Path)
{
    /// <summary>A proof for one entry of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="leaves">The leaves of all its entries, by position.</param>
    /// <param name="position">The entry's place.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no entry at that place.</exception>
    public static InclusionProof For(AuditBlock block, ReadOnlySpan<Digest> leaves, int position) => new(block, position, MerkleTree.PathOf(leaves, position));

    /// <summary>Whether the entry is sealed at this place of the block whose hash is known from elsewhere.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="trusted">The hash of the block, from a source that the owner of the store cannot change.</param>
    public bool Holds(StoredEntry entry, Digest trusted) =>
        Block.ComputeHash() == trusted
        && MerkleTree.RootFrom(new LeafEncoder().Leaf(Block.Number, Position, entry), Position, Block.Count, Path.AsSpan()) == Block.Root;
}
