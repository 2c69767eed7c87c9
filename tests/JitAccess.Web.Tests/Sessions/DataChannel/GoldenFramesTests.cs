using System.Text;
using System.Text.Json;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>A short session of our own, frame by frame: handshake, size, a command, Ctrl-C. It must read the same for ever.</summary>
public sealed class GoldenFramesTests
{
    public static TheoryData<string> Lines => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Sessions", "DataChannel", "golden-frames.jsonl"))];

    [Theory]
    [MemberData(nameof(Lines), DisableDiscoveryEnumeration = true)]
    public void GoldenFrame_Read_IsWhatWasSentAndEncodesToTheSameBytes(string line)
    {
        using JsonDocument record = JsonDocument.Parse(line);
        JsonElement golden = record.RootElement;
        byte[] frame = golden.GetProperty("frame").GetBytesFromBase64();

        Assert.True(AgentMessage.TryParse(frame, out AgentMessage? message, out FrameDefect defect), defect.ToString());
        Assert.Equal(golden.GetProperty("type").GetString(), message.MessageType);
        Assert.Equal(golden.GetProperty("payloadType").GetUInt32(), (uint)message.PayloadType);
        Assert.Equal(golden.GetProperty("sequence").GetInt64(), message.SequenceNumber);
        Assert.Equal(golden.GetProperty("id").GetGuid(), message.MessageId);
        Assert.Equal(golden.GetProperty("payload").GetString(), Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal(frame, message.ToArray());
    }
}
