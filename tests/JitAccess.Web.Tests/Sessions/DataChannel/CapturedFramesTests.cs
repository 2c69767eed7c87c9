using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class CapturedFramesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("plain.jsonl", 90)]
    [InlineData("kms.jsonl", 32)]
    public void CapturedFrames_OfRealPeers_DecodeAndEncodeToTheSameBytes(string file, int frames)
    {
        IReadOnlyList<CapturedFrame> captured = CapturedFrame.Read(file);
        int binary = 0, openings = 0, foreign = 0;
        foreach (CapturedFrame frame in captured)
        {
            if (frame.Bytes is not null)
            {
                CheckFrame(frame.Bytes);
                binary++;
            }
            else if (frame.Channel == "data")
            {
                byte[] text = Encoding.UTF8.GetBytes(frame.Text!);
                CheckSame<OpenDataChannel>(text);
                openings++;
            }
            else
            {
                // A node opens its control channel: nothing that a client reads or writes.
                Assert.Equal("agent", frame.From);
                foreign++;
            }
        }

        output.WriteLine($"{file}: {binary} binary frames and {openings} opening messages decoded; {foreign} are of control channels.");
        Assert.Equal((frames, 1), (captured.Count, foreign));
        Assert.Equal(frames, binary + openings + foreign);
    }

    private static void CheckFrame(byte[] frame)
    {
        Assert.True(AgentMessage.TryParse(frame, out AgentMessage? message, out FrameDefect defect), defect.ToString());
        Assert.Equal(4, message.MessageId.Version);
        Assert.Equal(frame, message.ToArray());
        CheckPayload(message);
    }

    private static void CheckPayload(AgentMessage message)
    {
        ReadOnlySpan<byte> payload = message.Payload.Span;
        switch (message)
        {
            case { MessageType: MessageTypes.Acknowledge }:
                CheckSame<Acknowledge>(payload);
                break;
            case { MessageType: MessageTypes.ChannelClosed }:
                Assert.True(PayloadJson.TryRead(payload, out ChannelClosed? closed));
                Assert.NotEmpty(closed.SessionId);
                break;
            case { MessageType: MessageTypes.AgentSessionState }:
                Assert.True(PayloadJson.TryRead(payload, out AgentSessionState? state));
                Assert.NotEmpty(state.SessionState);
                break;
            case { PayloadType: PayloadType.Size }:
                CheckSame<SizePayload>(payload);
                break;
            case { PayloadType: PayloadType.HandshakeRequest }:
                CheckSame<HandshakeRequest>(payload);
                break;
            case { PayloadType: PayloadType.HandshakeResponse }:
                CheckSame<HandshakeResponse>(payload);
                break;
            case { PayloadType: PayloadType.HandshakeComplete }:
                CheckSame<HandshakeComplete>(payload);
                break;
            case { PayloadType: PayloadType.EncryptionChallengeRequest or PayloadType.EncryptionChallengeResponse }:
                CheckSame<EncryptionChallenge>(payload);
                break;
            case { PayloadType: PayloadType.ExitCode }:
                Assert.True(ExitCodePayload.TryRead(payload, out int exitCode));
                Assert.Equal(payload, ExitCodePayload.Write(exitCode));
                break;
        }
    }

    private static void CheckSame<T>(ReadOnlySpan<byte> json) where T : class
    {
        Assert.True(PayloadJson.TryRead(json, out T? content), Encoding.UTF8.GetString(json));
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(PayloadJson.Write(content)));
    }
}
