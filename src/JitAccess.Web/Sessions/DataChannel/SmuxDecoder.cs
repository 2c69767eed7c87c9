using System.Buffers.Binary;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// Reads smux frames out of a stream of bytes that is cut anywhere. It keeps nothing but a header: data are handed on in
/// the parts in which they come. Not thread-safe.
/// </summary>
public sealed class SmuxDecoder
{
    private readonly byte[] _header = new byte[SmuxFrame.HeaderLength];
    private int _headerCount;
    private int _dataLeft;

    /// <summary>Whether the bytes were no smux: nothing is read any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next frame, or part of a frame's data; false when the bytes are used up.</summary>
    /// <param name="bytes">What is not read yet; moves on.</param>
    /// <param name="part">What was read; shares the memory of <paramref name="bytes"/>.</param>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out SmuxPart part)
    {
        part = default;
        while (!IsBroken && !bytes.IsEmpty)
        {
            if (_dataLeft > 0)
            {
                int count = Math.Min(_dataLeft, bytes.Length);
                part = new SmuxPart(SmuxCommand.Push, StreamId, bytes[..count]);
                bytes = bytes[count..];
                _dataLeft -= count;
                return true;
            }

            if (!TryReadHeader(ref bytes))
                return false;
            SmuxCommand command = (SmuxCommand)_header[1];
            int length = BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(2));
            if (_header[0] != SmuxFrame.Version || command > SmuxCommand.KeepAlive || (command != SmuxCommand.Push && length > 0))
            {
                IsBroken = true;
                return false;
            }

            _dataLeft = length;
            if (command != SmuxCommand.Push)
            {
                part = new SmuxPart(command, StreamId, default);
                return true;
            }
        }

        return false;
    }

    private uint StreamId => BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(4));

    private bool TryReadHeader(ref ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(SmuxFrame.HeaderLength - _headerCount, bytes.Length);
        bytes[..count].CopyTo(_header.AsSpan(_headerCount));
        bytes = bytes[count..];
        _headerCount = (_headerCount + count) % SmuxFrame.HeaderLength;
        return _headerCount == 0;
    }
}

/// <summary>A frame without data, or part of the data of one.</summary>
public readonly ref struct SmuxPart(SmuxCommand command, uint streamId, ReadOnlySpan<byte> data)
{
    public SmuxCommand Command { get; } = command;

    public uint StreamId { get; } = streamId;

    public ReadOnlySpan<byte> Data { get; } = data;
}
