using System.Text;
using CsCheck;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>Whatever bytes come, the codecs answer with no, never with an exception.</summary>
public sealed class CodecFuzzTests
{
    private static readonly Gen<AgentMessage> Messages = Gen.Select(
        OneOf(MessageTypes.InputStreamData, MessageTypes.OutputStreamData, MessageTypes.Acknowledge, MessageTypes.ChannelClosed, "x", new string('y', 32)),
        Gen.ULong[1, ulong.MaxValue], Gen.Long, Gen.ULong, Gen.UInt, Gen.Guid, Gen.Byte.Array[0, 1500],
        (type, created, sequence, flags, payloadType, id, payload) => new AgentMessage
        {
            MessageType = type,
            CreatedDate = created,
            SequenceNumber = sequence,
            Flags = (MessageFlags)flags,
            MessageId = id,
            PayloadType = (PayloadType)payloadType,
            Payload = payload,
        });

    private static readonly Gen<(int At, byte Value)[]> Mutations = Gen.Select(Gen.Int[0, 2000], Gen.Byte, (at, value) => (at, value)).Array[1, 8];

    // Valid JSON of every record, to be bent.
    private static readonly string[] Payloads =
    [
        """{"AcknowledgedMessageType":"output_stream_data","AcknowledgedMessageId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","AcknowledgedMessageSequenceNumber":12,"IsSequentialMessage":true}""",
        """{"AgentVersion":"3.3.0.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Port","Properties":{"type":"LocalPortForwarding"}}},{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"k","Challenge":"AAAA"}}]}""",
        """{"AgentVersion":"3.3.0.0","RequestedClientActions":[null]}""",
        """{"AgentVersion":"3.3.0.0","RequestedClientActions":[{"ActionType":"SessionType"},{"ActionType":"KMSEncryption","ActionParameters":[]},{"ActionType":"","ActionParameters":null}]}""",
        """{"ClientVersion":"1","ProcessedClientActions":[{"ActionType":"a","ActionStatus":1,"ActionResult":{"KMSCipherTextKey":"AA=="},"Error":""},null],"Errors":[null]}""",
        """{"HandshakeTimeToComplete":1246221,"CustomerMessage":"x"}""",
        """{"Challenge":"AAAA"}""",
        """{"cols":101,"rows":33}""",
        """{"MessageSchemaVersion":"1.0","RequestId":"r","TokenValue":"t","ClientId":"c","ClientVersion":"1"}""",
        """{"MessageId":"m","CreatedDate":"d","DestinationId":"i","SessionId":"s","MessageType":"channel_closed","SchemaVersion":1,"Output":"o"}""",
        """{"SchemaVersion":1,"SessionState":"Connected","SessionId":"s"}""",
    ];

    [Fact]
    public void Frame_WrittenAndRead_IsTheSame() => Messages.Sample(message =>
    {
        byte[] frame = message.ToArray();
        Assert.True(AgentMessage.TryParse(frame, out AgentMessage? read, out FrameDefect defect), defect.ToString());
        Assert.Equal(
            (message.MessageType, message.CreatedDate, message.SequenceNumber, message.Flags, message.MessageId, message.PayloadType),
            (read.MessageType, read.CreatedDate, read.SequenceNumber, read.Flags, read.MessageId, read.PayloadType));
        Assert.Equal(message.Payload.ToArray(), read.Payload.ToArray());
        Assert.Equal(frame, read.ToArray());
    });

    [Fact]
    public void Frame_OfRandomBytes_IsReadOrRefused() => Gen.Byte.Array[0, 400].Sample(bytes => Check(bytes), iter: 50_000);

    [Fact]
    public void Frame_BentOrCut_IsReadOrRefused() => Gen.Select(Messages, Mutations, Gen.Int[0, 2000], Gen.Bool).Sample(
        (message, mutations, length, cuts) =>
        {
            byte[] frame = message.ToArray();
            foreach ((int at, byte value) in mutations)
                frame[at % frame.Length] = value;
            Check(cuts ? frame[..(length % frame.Length)] : frame);
        },
        iter: 50_000);

    [Fact]
    public void Json_OfRandomBytes_IsReadOrRefused() => Gen.Byte.Array[0, 200].Sample(ReadAll, iter: 20_000);

    [Fact]
    public void Json_Bent_IsReadOrRefused() => Gen.Select(OneOf(Payloads), Mutations, Gen.Bool).Sample(
        (json, mutations, isAscii) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json);
            foreach ((int at, byte value) in mutations)
                bytes[at % bytes.Length] = isAscii ? (byte)"{}[]\",:0n-1eE\\u"[value % 15] : value;
            ReadAll(bytes);
        },
        iter: 50_000);

    [Fact]
    public async Task Handshake_Bent_IsAnsweredOrRefused()
    {
        foreach (string payload in Payloads)
            await AnswerAsync(Encoding.UTF8.GetBytes(payload));
        await Gen.Select(OneOf(Payloads[..4]), Mutations).SampleAsync(async (json, mutations) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json);
            foreach ((int at, byte value) in mutations)
                bytes[at % bytes.Length] = (byte)"{}[]\",:0n-1eE\\u"[value % 15];
            await AnswerAsync(bytes);
        }, iter: 5_000);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static void Check(byte[] bytes)
    {
        foreach (bool verifies in new[] { true, false })
        {
            bool isRead = AgentMessage.TryParse(bytes, out AgentMessage? message, out FrameDefect defect, verifies);
            Assert.Equal(isRead, defect == FrameDefect.None);
            Assert.Equal(isRead, message is not null);
            if (message is null)
                continue;
            Assert.True(message.Payload.Length <= bytes.Length - AgentMessage.PayloadOffset);
            // What was read can be written, and reads the same again; but for the odd header it is the same frame.
            Assert.True(message.CreatedDate == 0 || AgentMessage.TryParse(message.ToArray(), out _, out _));
        }
    }

    private static void ReadAll(byte[] bytes)
    {
        Read<Acknowledge>(bytes);
        Read<HandshakeRequest>(bytes);
        Read<HandshakeResponse>(bytes);
        Read<HandshakeComplete>(bytes);
        Read<EncryptionChallenge>(bytes);
        Read<SizePayload>(bytes);
        Read<OpenDataChannel>(bytes);
        Read<ChannelClosed>(bytes);
        Read<AgentSessionState>(bytes);
        Read<SessionTypeParameters>(bytes);
        Read<KmsEncryptionParameters>(bytes);
        _ = ChannelFlags.TryRead(bytes, out _);
        if (ExitCodePayload.TryRead(bytes, out int exitCode))
            Assert.True(ExitCodePayload.TryRead(ExitCodePayload.Write(exitCode), out _));
    }

    private static void Read<T>(byte[] bytes) where T : class =>
        Assert.Equal(PayloadJson.TryRead(bytes, out T? content), content is not null);

    private static async Task AnswerAsync(byte[] payload)
    {
        Handshake handshake = new(SessionTypes.Terminals, new FakeSessionKeys());
        HandshakeResponse? response = await handshake.AnswerAsync(payload, CancellationToken.None);
        Assert.NotNull(response);
        Assert.NotEmpty(PayloadJson.Write(response));
        Assert.Equal(handshake.Refusal is null, response.Errors is null && response.ProcessedClientActions.All(action => action.ActionStatus == ClientActionStatus.Success));
        _ = handshake.AnswerChallenge(payload);
        handshake.Cipher?.Dispose();
    }
}
