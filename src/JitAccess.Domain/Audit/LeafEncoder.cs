using System.Buffers.Binary;
using System.Text;

namespace JitAccess.Domain.Audit;

/// <summary>
/// The bytes of an audit entry at its place in the chain, and their digest: a leaf of its block's Merkle tree. docs/audit.md tells the encoding,
/// so that somebody else can compute it. An encoder keeps its buffer from entry to entry: one for each thread.
/// </summary>
public sealed class LeafEncoder
{
    /// <summary>Stands in front of every encoded entry; another encoding gets another number.</summary>
    public const byte Version = 1;

    // What changes with the entry's place, in front of what does not.
    private const int HeadLength = 14;

    private byte[] _buffer = new byte[4096];
    private int _length = HeadLength;

    /// <summary>The digest of an entry at its place. The same entry at another place has another digest.</summary>
    /// <param name="block">The number of the block.</param>
    /// <param name="position">The place in the block, from 0.</param>
    /// <param name="entry">The entry as it stands in the store.</param>
    public Digest Leaf(long block, int position, StoredEntry entry) => Digest.Of(Encode(block, position, entry));

    /// <summary>The digest of the entry that was taken last, at a place.</summary>
    public Digest Leaf(long block, int position) => Digest.Of(Encode(block, position));

    /// <summary>The bytes that <see cref="Leaf(long, int, StoredEntry)"/> hashes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(long block, int position, StoredEntry entry)
    {
        Take(entry);
        return Encode(block, position);
    }

    /// <summary>The bytes that <see cref="Leaf(long, int)"/> hashes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(long block, int position)
    {
        // RFC 6962 keeps leaves and nodes apart by their first byte.
        _buffer[0] = 0x00;
        _buffer[1] = Version;
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(2), block);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(10), position);
        return _buffer.AsSpan(0, _length);
    }

    /// <summary>Takes an entry with all its columns.</summary>
    public void Take(StoredEntry entry)
    {
        // A column that comes later gets the next tag. Null is left out, so entries from before it keep their bytes.
        Begin();
        if (!entry.Id.TryWriteBytes(Field(1, 16), bigEndian: true, out _)) throw new InvalidOperationException("An id has 16 bytes.");
        Add(2, Microseconds(entry.At));
        Text(3, entry.Actor);
        Text(4, entry.ActorName);
        Text(5, entry.ActorIdentity);
        Text(6, entry.ActorAddress);
        Text(7, entry.Action);
        Text(8, entry.Subject);
        Text(9, entry.NodeId);
        Text(10, entry.Before);
        Text(11, entry.After);
        if (entry.PolicySetVersion is { } version) BinaryPrimitives.WriteInt32BigEndian(Field(12, 4), version);
        Text(13, entry.Why);
    }

    /// <summary>Begins another entry, whose columns follow by <see cref="Add(byte, ReadOnlySpan{byte})"/> in the order of their tags; null columns are left out.</summary>
    public void Begin() => _length = HeadLength;

    /// <summary>Adds a column.</summary>
    /// <param name="tag">The column's number.</param>
    /// <param name="value">The value's bytes: UTF-8 for a text, big-endian for a number.</param>
    public void Add(byte tag, ReadOnlySpan<byte> value) => value.CopyTo(Field(tag, value.Length));

    /// <summary>Adds a time.</summary>
    /// <param name="tag">The column's number.</param>
    /// <param name="microseconds">Microseconds since 1970-01-01 UTC.</param>
    public void Add(byte tag, long microseconds) => BinaryPrimitives.WriteInt64BigEndian(Field(tag, 8), microseconds);

    /// <summary>Microseconds since 1970, as the store keeps times.</summary>
    internal static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    private void Text(byte tag, string? text)
    {
        if (text is null) return;
        Encoding.UTF8.GetBytes(text, Field(tag, Encoding.UTF8.GetByteCount(text)));
    }

    private Span<byte> Field(byte tag, int length)
    {
        int needed = 5 + length;
        if (_buffer.Length - _length < needed) Array.Resize(ref _buffer, int.Max(2 * _buffer.Length, _length + needed));
        Span<byte> field = _buffer.AsSpan(_length, needed);
        _length += needed;
        field[0] = tag;
        BinaryPrimitives.WriteInt32BigEndian(field[1..], length);
        return field[5..];
    }
}
