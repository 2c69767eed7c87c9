namespace JitAccess.Web.Sessions.Gateway;

/// <summary>
/// The last output of a session, addressed by its offset since the session's start. Grows up to its capacity, then
/// forgets the oldest. Not thread-safe.
/// </summary>
internal sealed class OutputHistory(int capacity)
{
    private byte[] _ring = new byte[Math.Min(capacity, 4 * 1024)];

    /// <summary>Offset of the oldest byte still kept.</summary>
    public long Start { get; private set; }

    /// <summary>Offset behind the newest byte.</summary>
    public long End { get; private set; }

    /// <summary>Adds output, which must not be longer than the capacity.</summary>
    public void Append(ReadOnlySpan<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, capacity);
        MakeRoomFor(output.Length);
        int at = (int)(End % _ring.Length);
        int untilWrap = Math.Min(output.Length, _ring.Length - at);
        output[..untilWrap].CopyTo(_ring.AsSpan(at));
        output[untilWrap..].CopyTo(_ring);
        End += output.Length;
        Start = Math.Max(Start, End - _ring.Length);
    }

    /// <summary>Copies what is kept from <paramref name="offset"/> on; returns the number of bytes.</summary>
    public int CopyTo(long offset, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, Start);
        int length = (int)Math.Min(target.Length, End - offset);
        int at = (int)(offset % _ring.Length);
        int untilWrap = Math.Min(length, _ring.Length - at);
        _ring.AsSpan(at, untilWrap).CopyTo(target);
        _ring.AsSpan(0, length - untilWrap).CopyTo(target[untilWrap..]);
        return length;
    }

    private void MakeRoomFor(int length)
    {
        long needed = End - Start + length;
        if (needed <= _ring.Length || _ring.Length == capacity)
            return;
        byte[] content = new byte[End - Start];
        CopyTo(Start, content);
        _ring = new byte[(int)Math.Min(capacity, Math.Max(needed, 2L * _ring.Length))];
        End = Start;
        Append(content);
    }
}
