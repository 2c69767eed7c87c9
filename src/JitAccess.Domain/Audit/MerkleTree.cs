using System.Collections.Immutable;
using System.Numerics;

namespace JitAccess.Domain.Audit;

/// <summary>A Merkle tree as RFC 6962, section 2.1, defines it. It takes leaves one after the other and keeps no more than one digest a level.</summary>
public sealed class MerkleTree
{
    private readonly Stack<Digest> _complete = [];

    /// <summary>How many leaves there are.</summary>
    public int Count { get; private set; }

    /// <summary>The root over all leaves so far; the digest of nothing if there are none.</summary>
    public Digest Root
    {
        get
        {
            if (_complete.Count == 0) return Digest.Of([]);
            // From the smallest complete part of the tree, on the right, to the largest.
            using Stack<Digest>.Enumerator parts = _complete.GetEnumerator();
            parts.MoveNext();
            Digest root = parts.Current;
            while (parts.MoveNext()) root = Node(parts.Current, root);
            return root;
        }
    }

    /// <summary>Adds a leaf on the right.</summary>
    /// <param name="leaf">The leaf's digest, made with the prefix 0x00.</param>
    public void Add(Digest leaf)
    {
        Count++;
        // Two complete parts of the same size become one, as a carry does in a binary number.
        for (int carries = BitOperations.TrailingZeroCount(Count); carries > 0; carries--) leaf = Node(_complete.Pop(), leaf);
        _complete.Push(leaf);
    }

    /// <summary>The root over all leaves; the digest of nothing if there are none.</summary>
    public static Digest RootOf(ReadOnlySpan<Digest> leaves)
    {
        MerkleTree tree = new();
        foreach (Digest leaf in leaves) tree.Add(leaf);
        return tree.Root;
    }

    /// <summary>The digests beside the way from a leaf to the root, the leaf's neighbour first (RFC 6962, section 2.1.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no leaf of that index.</exception>
    public static ImmutableArray<Digest> PathOf(ReadOnlySpan<Digest> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        List<Digest> path = [];
        while (leaves.Length > 1)
        {
            int half = LeftSize(leaves.Length);
            bool isLeft = index < half;
            path.Add(RootOf(isLeft ? leaves[half..] : leaves[..half]));
            leaves = isLeft ? leaves[..half] : leaves[half..];
            if (!isLeft) index -= half;
        }
        path.Reverse();
        return [.. path];
    }

    /// <summary>The root that a leaf and its path lead to (RFC 9162, section 2.1.3.2).</summary>
    /// <returns>Null if the path does not fit a tree of that size.</returns>
    public static Digest? RootFrom(Digest leaf, int index, int count, ReadOnlySpan<Digest> path)
    {
        if (index < 0 || index >= count) return null;
        int place = index, last = count - 1;
        Digest root = leaf;
        foreach (Digest neighbour in path)
        {
            if (last == 0) return null;
            if ((place & 1) == 1 || place == last)
            {
                root = Node(neighbour, root);
                // A part that stands alone on the right has no neighbour at this level: it rises unchanged.
                while ((place & 1) == 0 && place != 0) (place, last) = (place >> 1, last >> 1);
            }
            else
            {
                root = Node(root, neighbour);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        return last == 0 ? root : null;
    }

    private static Digest Node(Digest left, Digest right)
    {
        Span<byte> content = stackalloc byte[1 + (2 * Digest.Length)];
        content[0] = 0x01;
        left.CopyTo(content[1..]);
        right.CopyTo(content[(1 + Digest.Length)..]);
        return Digest.Of(content);
    }

    /// <summary>The largest power of two that is smaller than the count.</summary>
    private static int LeftSize(int count) => 1 << BitOperations.Log2((uint)(count - 1));
}
