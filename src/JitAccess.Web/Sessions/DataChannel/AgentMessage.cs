using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// One binary message of the Session Manager data channel: a header of 116 bytes, the payload's length and the payload,
/// all integers big-endian. Both ends of a channel speak it.
/// </summary>
public sealed class AgentMessage
{
    /// <summary>Length of the header as written; the payload's length field follows it.</summary>
    public const int HeaderLength = 116;

    /// <summary>The number of bytes before the payload.</summary>
    public const int PayloadOffset = HeaderLength + sizeof(uint);

    private const int TypeOffset = 4;
    private const int TypeLength = 32;
    private const int SchemaVersionOffset = 36;
    private const int CreatedDateOffset = 40;
    private const int SequenceNumberOffset = 48;
    private const int FlagsOffset = 56;
    private const int MessageIdOffset = 64;
    private const int DigestOffset = 80;
    private const int PayloadTypeOffset = 112;

    /// <summary>One of <see cref="MessageTypes"/>: ASCII, at most 32 characters.</summary>
    public required string MessageType { get; init; }

    /// <summary>Version of the layout, 1.</summary>
    public uint SchemaVersion { get; init; } = 1;

    /// <summary>Time of creation in milliseconds since the Unix epoch; never zero.</summary>
    public required ulong CreatedDate { get; init; }

    /// <summary>Position among the stream messages of its direction, from 0; 0 on messages that are not sequenced.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Marks of this message.</summary>
    public MessageFlags Flags { get; init; }

    /// <summary>Identity of the message, a version 4 UUID, which its acknowledgement repeats.</summary>
    public Guid MessageId { get; init; } = Guid.NewGuid();

    /// <summary>What the payload is.</summary>
    public PayloadType PayloadType { get; init; }

    /// <summary>The content as sent. A parsed message shares the memory of its frame.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Number of bytes of the whole frame.</summary>
    public int FrameLength => PayloadOffset + Payload.Length;

    /// <summary>The acknowledgement of a stream message that arrived.</summary>
    public static AgentMessage Acknowledging(AgentMessage received, DateTimeOffset now) => new()
    {
        MessageType = MessageTypes.Acknowledge,
        CreatedDate = (ulong)now.ToUnixTimeMilliseconds(),
        Flags = MessageFlags.First | MessageFlags.Last,
        Payload = PayloadJson.Write(new Acknowledge(received.MessageType, received.MessageId, received.SequenceNumber)),
    };

    /// <summary>Reads one frame. The message shares the frame's memory, so the frame must outlive it unchanged.</summary>
    /// <param name="frame">All bytes of one binary WebSocket message, from anybody.</param>
    /// <param name="message">The message, when the frame is one.</param>
    /// <param name="defect">What is wrong with the frame otherwise.</param>
    /// <param name="verifyDigest">Whether a wrong digest is a defect; nodes accept any digest, clients do not.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> frame, [NotNullWhen(true)] out AgentMessage? message, out FrameDefect defect, bool verifyDigest = true)
    {
        message = null;
        ReadOnlySpan<byte> bytes = frame.Span;
        if (bytes.Length < PayloadOffset)
        {
            defect = FrameDefect.TooShort;
            return false;
        }

        // The payload begins where the header says; later versions may lengthen the header.
        uint headerLength = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (headerLength < HeaderLength || headerLength > bytes.Length - sizeof(uint))
        {
            defect = FrameDefect.HeaderLength;
            return false;
        }

        ReadOnlySpan<byte> type = bytes.Slice(TypeOffset, TypeLength).Trim(" \0\t\r\n"u8);
        if (type.IsEmpty || !Ascii.IsValid(type))
        {
            defect = FrameDefect.MessageType;
            return false;
        }

        string messageType = MessageTypes.FromAscii(type);

        // These two carry nothing but their name, and the service need not fill in the rest.
        bool isPublicationSwitch = messageType is MessageTypes.StartPublication or MessageTypes.PausePublication;
        ulong createdDate = BinaryPrimitives.ReadUInt64BigEndian(bytes[CreatedDateOffset..]);
        if (createdDate == 0 && !isPublicationSwitch)
        {
            defect = FrameDefect.CreatedDate;
            return false;
        }

        int payloadOffset = (int)headerLength + sizeof(uint);
        uint payloadLength = BinaryPrimitives.ReadUInt32BigEndian(bytes[(int)headerLength..]);
        if (payloadLength != bytes.Length - payloadOffset)
        {
            defect = FrameDefect.PayloadLength;
            return false;
        }

        if (verifyDigest && payloadLength != 0 && !isPublicationSwitch && !IsDigestOf(bytes[payloadOffset..], bytes[DigestOffset..PayloadTypeOffset]))
        {
            defect = FrameDefect.Digest;
            return false;
        }

        message = new AgentMessage
        {
            MessageType = messageType,
            SchemaVersion = BinaryPrimitives.ReadUInt32BigEndian(bytes[SchemaVersionOffset..]),
            CreatedDate = createdDate,
            SequenceNumber = BinaryPrimitives.ReadInt64BigEndian(bytes[SequenceNumberOffset..]),
            Flags = (MessageFlags)BinaryPrimitives.ReadUInt64BigEndian(bytes[FlagsOffset..]),
            MessageId = ReadMessageId(bytes.Slice(MessageIdOffset, 16)),
            PayloadType = (PayloadType)BinaryPrimitives.ReadUInt32BigEndian(bytes[PayloadTypeOffset..]),
            Payload = frame[payloadOffset..],
        };
        defect = FrameDefect.None;
        return true;
    }

    /// <summary>The same message with other memory as payload.</summary>
    internal AgentMessage WithPayload(ReadOnlyMemory<byte> payload) => new()
    {
        MessageType = MessageType,
        SchemaVersion = SchemaVersion,
        CreatedDate = CreatedDate,
        SequenceNumber = SequenceNumber,
        Flags = Flags,
        MessageId = MessageId,
        PayloadType = PayloadType,
        Payload = payload,
    };

    /// <summary>Writes the frame into <paramref name="output"/>.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        int length = FrameLength;
        Write(output.GetSpan(length)[..length]);
        output.Advance(length);
    }

    /// <summary>The frame as an array of its own.</summary>
    public byte[] ToArray()
    {
        byte[] frame = new byte[FrameLength];
        Write(frame);
        return frame;
    }

    private void Write(Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame, HeaderLength);
        WriteType(frame.Slice(TypeOffset, TypeLength));
        BinaryPrimitives.WriteUInt32BigEndian(frame[SchemaVersionOffset..], SchemaVersion);
        BinaryPrimitives.WriteUInt64BigEndian(frame[CreatedDateOffset..], CreatedDate);
        BinaryPrimitives.WriteInt64BigEndian(frame[SequenceNumberOffset..], SequenceNumber);
        BinaryPrimitives.WriteUInt64BigEndian(frame[FlagsOffset..], (ulong)Flags);
        WriteMessageId(frame.Slice(MessageIdOffset, 16));
        SHA256.HashData(Payload.Span, frame[DigestOffset..PayloadTypeOffset]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[PayloadTypeOffset..], (uint)PayloadType);
        BinaryPrimitives.WriteUInt32BigEndian(frame[HeaderLength..], (uint)Payload.Length);
        Payload.Span.CopyTo(frame[PayloadOffset..]);
    }

    private void WriteType(Span<byte> field)
    {
        field.Fill((byte)' ');
        if (MessageType.Length is 0 or > TypeLength || !Ascii.IsValid(MessageType))
            throw new InvalidOperationException("A message type is 1 to 32 ASCII characters.");
        Encoding.ASCII.GetBytes(MessageType, field);
    }

    // On the wire the second half of the UUID comes first; each half keeps its own byte order.
    private static Guid ReadMessageId(ReadOnlySpan<byte> field)
    {
        Span<byte> uuid = stackalloc byte[16];
        field[8..].CopyTo(uuid);
        field[..8].CopyTo(uuid[8..]);
        return new Guid(uuid, bigEndian: true);
    }

    private void WriteMessageId(Span<byte> field)
    {
        Span<byte> uuid = stackalloc byte[16];
        MessageId.TryWriteBytes(uuid, bigEndian: true, out _);
        uuid[8..].CopyTo(field);
        uuid[..8].CopyTo(field[8..]);
    }

    private static bool IsDigestOf(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, actual);
        return actual.SequenceEqual(digest);
    }
}
