using System.Buffers.Binary;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Frames of smux version 1, which carry many connections over one port session: version, command, length and stream id (8 bytes, little-endian), then data.</summary>
public static class SmuxFrame
{
    public const byte Version = 1;

    public const int HeaderLength = 8;

    /// <summary>The most data that is put into one frame; nodes expect no more.</summary>
    public const int LongestData = 32768;

    /// <summary>The whole frame; only <see cref="SmuxCommand.Push"/> has data.</summary>
    public static byte[] Write(SmuxCommand command, uint streamId, ReadOnlySpan<byte> data = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, LongestData, nameof(data));
        byte[] frame = new byte[HeaderLength + data.Length];
        frame[0] = Version;
        frame[1] = (byte)command;
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(2), (ushort)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), streamId);
        data.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }
}

/// <summary>What a frame does.</summary>
public enum SmuxCommand : byte
{
    /// <summary>SYN: a new stream.</summary>
    Open = 0,

    /// <summary>FIN: no more data of the sender's on this stream.</summary>
    Finish = 1,

    /// <summary>PSH: data of a stream.</summary>
    Push = 2,

    /// <summary>NOP: a sign of life.</summary>
    KeepAlive = 3,
}
