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

    private byte[] _buffer = new byte[4096];
    private int _length;

    /// <summary>The digest of an entry at its place. The same entry at another place has another digest.</summary>
    /// <param name="block">The number of the block.</param>
    /// <param name="position">The place in the block, from 0.</param>
    /// <param name="entry">The entry as it stands in the store.</param>
    public Digest Leaf(long block, int position, StoredEntry entry) => Digest.Of(Encode(block, position, entry));

    /// <summary>The bytes that <see cref="Leaf"/> hashes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(long block, int position, StoredEntry entry)
    {
        _length = 0;
        // RFC 6962 keeps leaves and nodes apart by their first byte.
        Reserve(14)[0] = 0x00;
        _buffer[1] = Version;
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(2), block);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(10), position);

        // A column that comes later gets the next tag. Null is left out, so entries from before it keep their bytes.
        if (!entry.Id.TryWriteBytes(Field(1, 16), bigEndian: true, out _)) throw new InvalidOperationException("An id has 16 bytes.");
        BinaryPrimitives.WriteInt64BigEndian(Field(2, 8), Microseconds(entry.At));
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
        return _buffer.AsSpan(0, _length);
    }

    /// <summary>Microseconds since 1970, as the store keeps times.</summary>
    internal static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    private void Text(byte tag, string? text)
    {
        if (text is null) return;
        Encoding.UTF8.GetBytes(text, Field(tag, Encoding.UTF8.GetByteCount(text)));
    }

    private Span<byte> Field(byte tag, int length)
    {
        Span<byte> field = Reserve(5 + length);
        field[0] = tag;
        BinaryPrimitives.WriteInt32BigEndian(field[1..], length);
        return field[5..];
    }

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _length < length) Array.Resize(ref _buffer, int.Max(2 * _buffer.Length, _length + length));
        Span<byte> reserved = _buffer.AsSpan(_length, length);
        _length += length;
        return reserved;
    }
}
