using System.Text.Json;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>
/// Frames recorded between real peers: named by JITACCESS_DATA_CHANNEL_VECTORS, or in <c>shared/vectors</c> beside
/// the repository. One JSON object a line with <c>text</c> or <c>b64</c>.
/// </summary>
public sealed class CapturedFramesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("plain.jsonl")]
    [InlineData("kms.jsonl")]
    public void CapturedFrames_OfRealPeers_DecodeAndEncodeToTheSameBytes(string file)
    {
        string? folder = FindFolder();
        if (folder is null)
            Assert.Skip("No recorded frames here: set JITACCESS_DATA_CHANNEL_VECTORS to a folder with plain.jsonl and kms.jsonl.");

        int binary = 0, text = 0;
        foreach (string line in File.ReadLines(Path.Combine(folder, file)))
        {
            using JsonDocument record = JsonDocument.Parse(line);
            if (record.RootElement.GetProperty("b64").GetString() is { } base64)
            {
                CheckFrame(Convert.FromBase64String(base64));
                binary++;
            }
            else if (record.RootElement.GetProperty("chan").GetString() == "data")
            {
                Assert.True(PayloadJson.TryRead(System.Text.Encoding.UTF8.GetBytes(record.RootElement.GetProperty("text").GetString()!), out OpenDataChannel? open));
                Assert.NotEmpty(open.TokenValue);
                text++;
            }
        }

        output.WriteLine($"{file}: {binary} binary frames and {text} opening messages decoded.");
        Assert.True(binary > 20 && text > 1, "The recording holds a whole session.");
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
        bool isRead = message switch
        {
            { MessageType: MessageTypes.Acknowledge } => PayloadJson.TryRead(payload, out Acknowledge? _),
            { MessageType: MessageTypes.ChannelClosed } => PayloadJson.TryRead(payload, out ChannelClosed? _),
            { MessageType: MessageTypes.AgentSessionState } => PayloadJson.TryRead(payload, out AgentSessionState? _),
            { PayloadType: PayloadType.Size } => PayloadJson.TryRead(payload, out SizePayload? _),
            { PayloadType: PayloadType.HandshakeRequest } => PayloadJson.TryRead(payload, out HandshakeRequest? _),
            { PayloadType: PayloadType.HandshakeResponse } => PayloadJson.TryRead(payload, out HandshakeResponse? _),
            { PayloadType: PayloadType.HandshakeComplete } => PayloadJson.TryRead(payload, out HandshakeComplete? _),
            { PayloadType: PayloadType.EncryptionChallengeRequest or PayloadType.EncryptionChallengeResponse } => PayloadJson.TryRead(payload, out EncryptionChallenge? _),
            _ => true,
        };
        Assert.True(isRead, $"{message.MessageType} {message.PayloadType}");
    }

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("JITACCESS_DATA_CHANNEL_VECTORS") is { Length: > 0 } named)
            return named;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "vectors");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
