using System.Buffers.Binary;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="PayloadType.Flag"/>: four bytes, big-endian.</summary>
public enum ChannelFlag : uint
{
    /// <summary>The local connection of a port session without multiplexing has ended.</summary>
    DisconnectToPort = 1,

    /// <summary>Client to node: end the port session.</summary>
    TerminateSession = 2,

    /// <summary>Node to client: the destination could not be connected to.</summary>
    ConnectToPortError = 3,
}

/// <summary>How flags are written.</summary>
public static class ChannelFlags
{
    /// <summary>The flag as a payload.</summary>
    public static byte[] Write(ChannelFlag flag)
    {
        byte[] payload = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)flag);
        return payload;
    }

    /// <summary>Reads a payload that came from outside; false when it is none of the flags.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ChannelFlag flag)
    {
        flag = payload.Length == sizeof(uint) ? (ChannelFlag)BinaryPrimitives.ReadUInt32BigEndian(payload) : default;
        return flag is ChannelFlag.DisconnectToPort or ChannelFlag.TerminateSession or ChannelFlag.ConnectToPortError;
    }
}
