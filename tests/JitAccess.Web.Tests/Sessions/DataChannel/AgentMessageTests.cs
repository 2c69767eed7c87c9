using System.Buffers;
using System.Text;
using CsCheck;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class AgentMessageTests
{
    private static readonly Gen<AgentMessage> AnyMessage =
        from type in Gen.String[Gen.Char['!', '~'], 1, 32]
        from created in Gen.ULong.Where(c => c != 0)
        from sequence in Gen.Long
        from flags in Gen.ULong
        from id in Gen.Guid
        from payloadType in Gen.UInt
        from payload in Gen.Byte.Array[0, 1500]
        select new AgentMessage
        {
            MessageType = type,
            CreatedDate = created,
            SequenceNumber = sequence,
            Flags = (MessageFlags)flags,
            MessageId = id,
            PayloadType = (PayloadType)payloadType,
            Payload = payload,
        };

    [Fact]
    public void Message_WrittenAndRead_IsTheSame() => AnyMessage.Sample(message =>
    {
        Assert.True(AgentMessage.TryParse(message.ToArray(), out AgentMessage? read, out FrameDefect defect), defect.ToString());
        return read.MessageType == message.MessageType
            && read.SchemaVersion == message.SchemaVersion
            && read.CreatedDate == message.CreatedDate
            && read.SequenceNumber == message.SequenceNumber
            && read.Flags == message.Flags
            && read.MessageId == message.MessageId
            && read.PayloadType == message.PayloadType
            && read.Payload.Span.SequenceEqual(message.Payload.Span);
    });

    [Fact]
    public void Message_WrittenToABufferWriter_IsTheSameFrame() => AnyMessage.Sample(message =>
    {
        ArrayBufferWriter<byte> writer = new();
        message.WriteTo(writer);
        return writer.WrittenSpan.SequenceEqual(message.ToArray());
    });

    [Fact]
    public void RandomBytes_Parsed_NeverThrow() => Gen.Byte.Array[0, 400].Sample(bytes =>
        AgentMessage.TryParse(bytes, out AgentMessage? message, out FrameDefect defect)
            ? message is not null && defect == FrameDefect.None
            : message is null && defect != FrameDefect.None);

    [Fact]
    public void Frame_WithAnyFourBytesReplaced_NeverThrows() =>
        Gen.Select(AnyMessage, Gen.UInt, Gen.Int[0, 1 << 20]).Sample((message, value, at) =>
        {
            byte[] frame = message.ToArray();
            BitConverter.TryWriteBytes(frame.AsSpan(at % (frame.Length - 3)), value);
            return AgentMessage.TryParse(frame, out _, out FrameDefect defect) == (defect == FrameDefect.None);
        });

    [Fact]
    public void Frame_CutAnywhere_IsRefused() => Gen.Select(AnyMessage, Gen.Int[0, 1 << 20]).Sample((message, at) =>
    {
        byte[] frame = message.ToArray();
        return !AgentMessage.TryParse(frame.AsMemory(0, at % frame.Length), out _, out _);
    });

    [Theory]
    [InlineData(0, 0u, FrameDefect.HeaderLength)]
    [InlineData(0, 115u, FrameDefect.HeaderLength)]
    [InlineData(0, 0x7FFFFFFFu, FrameDefect.HeaderLength)]
    [InlineData(0, 0xFFFFFFFFu, FrameDefect.HeaderLength)]
    [InlineData(0, 0xFFFFFFFCu, FrameDefect.HeaderLength)]
    [InlineData(116, 0xFFFFFFFFu, FrameDefect.PayloadLength)]
    [InlineData(116, 0u, FrameDefect.PayloadLength)]
    [InlineData(80, 0u, FrameDefect.Digest)]
    [InlineData(4, 0xFFFFFFFFu, FrameDefect.MessageType)]
    public void Frame_WithAHostileField_IsRefusedWithTheReason(int offset, uint value, FrameDefect expected)
    {
        byte[] frame = Hello().ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(offset), value);

        Assert.False(AgentMessage.TryParse(frame, out _, out FrameDefect defect));
        Assert.Equal(expected, defect);
    }

    [Fact]
    public void Frame_WithoutACreationTime_IsRefused()
    {
        byte[] frame = Hello().ToArray();
        frame.AsSpan(40, 8).Clear();

        Assert.False(AgentMessage.TryParse(frame, out _, out FrameDefect defect));
        Assert.Equal(FrameDefect.CreatedDate, defect);
    }

    [Fact]
    public void Frame_WithAWrongDigest_IsReadWhereDigestsAreTolerated()
    {
        byte[] frame = Hello().ToArray();
        frame[80] ^= 1;

        Assert.True(AgentMessage.TryParse(frame, out AgentMessage? message, out _, verifyDigest: false));
        Assert.Equal("hello"u8, message.Payload.Span);
    }

    [Fact]
    public void Frame_WithALongerHeader_IsReadFromWhereTheHeaderEnds()
    {
        byte[] frame = Hello().ToArray();
        byte[] longer = [.. frame[..116], 1, 2, 3, 4, 5, 6, 7, 8, .. frame[116..]];
        longer[3] = 124;

        Assert.True(AgentMessage.TryParse(longer, out AgentMessage? message, out _));
        Assert.Equal("hello"u8, message.Payload.Span);
    }

    [Fact]
    public void PausePublication_WithoutDateAndDigest_IsRead()
    {
        byte[] frame = new AgentMessage { MessageType = MessageTypes.PausePublication, CreatedDate = 1, Payload = new byte[] { 1 } }.ToArray();
        frame.AsSpan(40, 8).Clear();
        frame.AsSpan(80, 32).Clear();

        Assert.True(AgentMessage.TryParse(frame, out AgentMessage? message, out _));
        Assert.Same(MessageTypes.PausePublication, message.MessageType);
    }

    [Fact]
    public void MessageType_PaddedWithNuls_IsTrimmed()
    {
        byte[] frame = Hello().ToArray();
        frame.AsSpan(4, 32).Replace((byte)' ', (byte)0);

        Assert.True(AgentMessage.TryParse(frame, out AgentMessage? message, out _));
        Assert.Same(MessageTypes.OutputStreamData, message.MessageType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a_type_that_is_longer_than_32_chars")]
    [InlineData("ünicode")]
    public void MessageType_ThatDoesNotFitTheField_IsNotWritten(string type) =>
        Assert.Throws<InvalidOperationException>(() => new AgentMessage { MessageType = type, CreatedDate = 1 }.ToArray());

    [Fact]
    public void MessageId_OnTheWire_HasItsHalvesSwapped()
    {
        byte[] frame = Hello().ToArray();

        Assert.Equal("8899aabbccddeeff0011223344556677", Convert.ToHexStringLower(frame.AsSpan(64, 16)));
    }

    [Fact]
    public void Acknowledgement_NamesTheMessageThatArrived()
    {
        AgentMessage acknowledgement = AgentMessage.Acknowledging(Hello(), DateTimeOffset.UnixEpoch.AddDays(1));

        Assert.Equal(MessageTypes.Acknowledge, acknowledgement.MessageType);
        Assert.Equal((MessageFlags)3, acknowledgement.Flags);
        Assert.Equal(
            """{"AcknowledgedMessageType":"output_stream_data","AcknowledgedMessageId":"00112233-4455-6677-8899-aabbccddeeff","AcknowledgedMessageSequenceNumber":7,"IsSequentialMessage":true}""",
            Encoding.UTF8.GetString(acknowledgement.Payload.Span));
    }

    private static AgentMessage Hello() => new()
    {
        MessageType = MessageTypes.OutputStreamData,
        CreatedDate = 1_700_000_000_000,
        SequenceNumber = 7,
        MessageId = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        PayloadType = PayloadType.Output,
        Payload = "hello"u8.ToArray(),
    };
}
