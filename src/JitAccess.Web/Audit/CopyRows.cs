using System.Buffers.Binary;

namespace JitAccess.Web.Audit;

/// <summary>
/// Reads the rows of a binary COPY (PostgreSQL, “COPY”, file formats) one at a time out of one buffer, without making an object of any value.
/// A field's bytes are as Postgres sends them: numbers big-endian, texts UTF-8.
/// </summary>
internal sealed class CopyRows(Stream copy)
{
    private const int HeaderLength = 19;

    private byte[] _buffer = new byte[128 * 1024];
    private (int Start, int Length)[] _fields = [];
    private int _start, _end;
    private bool _isBegun;

    /// <summary>The bytes of a field of this row; valid until the next row.</summary>
    public ReadOnlySpan<byte> this[int field] => _buffer.AsSpan(_fields[field].Start, int.Max(0, _fields[field].Length));

    public bool IsNull(int field) => _fields[field].Length < 0;

    public int Int32(int field) => BinaryPrimitives.ReadInt32BigEndian(this[field]);

    public long Int64(int field) => BinaryPrimitives.ReadInt64BigEndian(this[field]);

    public Guid Guid(int field) => new(this[field], bigEndian: true);

    /// <summary>Goes on to the next row.</summary>
    /// <returns>False after the last.</returns>
    /// <exception cref="EndOfStreamException">The rows ended before their end was said.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (!_isBegun)
        {
            while (_end - _start < HeaderLength) await FillAsync(cancellationToken);
            _start += HeaderLength + BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + HeaderLength - 4));
            _isBegun = true;
        }
        bool? isThere;
        while ((isThere = Take()) is null) await FillAsync(cancellationToken);
        return isThere.Value;
    }

    /// <summary>Takes a row out of what has been read; null if that holds no whole one.</summary>
    private bool? Take()
    {
        int at = _start;
        if (_end - at < 2) return null;
        int count = BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(at));
        if (count < 0) return false;
        at += 2;
        if (_fields.Length != count) _fields = new (int, int)[count];
        for (int field = 0; field < count; field++)
        {
            if (_end - at < 4) return null;
            int length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(at));
            at += 4;
            _fields[field] = (at, length);
            if (length > 0) at += length;
            if (at > _end) return null;
        }
        _start = at;
        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        int read = await copy.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        if (read == 0) throw new EndOfStreamException("Postgres ended the copy before its last row.");
        _end += read;
    }
}
