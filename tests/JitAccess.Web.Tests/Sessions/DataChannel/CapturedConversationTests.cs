using System.Text;
using System.Text.Json;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>The sessions recorded between AWS's own client and agent, played to our client: it must say what AWS's client said.</summary>
public sealed class CapturedConversationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shell_WithoutHandshake_IsAsRecorded()
    {
        Listener listener = new();
        ChannelEnd end = await PlayAsync("plain.jsonl", 0, listener, keys: null, cipher: null);
        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed), end);
        Assert.Equal("# stty size; echo hi-$((6*7))\r\n33 101\r\nhi-42\r\n# exit\r\n", listener.Output);
    }

    [Fact]
    public async Task InteractiveCommand_IsAsRecorded()
    {
        Listener listener = new();
        ChannelEnd end = await PlayAsync("plain.jsonl", 1, listener, keys: null, cipher: null);
        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed), end);
        Assert.Equal("Tue Nov 24 02:20:00 UTC 2026\r\n", listener.Output);
    }

    [Fact]
    public async Task NonInteractiveCommand_WithHandshakeAndStreamsApart_IsAsRecorded()
    {
        Listener listener = new();
        ChannelEnd end = await PlayAsync("plain.jsonl", 2, listener, keys: null, cipher: null);
        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed), end);
        Assert.Equal(("/etc\n", "ls: cannot access '/nonexist': No such file or directory\n"), (listener.Output, listener.ErrorOutput));
        Assert.Equal([2], listener.ExitCodes);
        Assert.Equal(new SessionOpening(SessionTypes.NonInteractiveCommands, "3.3.0.0"), listener.Opening! with { Properties = null });
    }

    [Fact]
    public async Task Shell_EncryptedWithKms_IsAsRecorded()
    {
        IReadOnlyList<CapturedFrame> frames = Session("kms.jsonl", 0);
        // The KMS of the recording "encrypted" by turning the key round.
        byte[] encryptedKey = EncryptedKey(frames), key = [.. encryptedKey.Reverse()];
        FakeSessionKeys keys = new(key, encryptedKey);
        using SessionCipher node = keys.Node();
        Listener listener = new();

        ChannelEnd end = await PlayAsync("kms.jsonl", 0, listener, keys, node);

        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed), end);
        Assert.Equal("arn:aws:kms:eu-west-1:111122223333:key/k", keys.KeyId);
        Assert.Equal(["This session is encrypted using AWS KMS."], listener.Messages);
        Assert.True(listener.Opening!.IsEncrypted);
        Assert.StartsWith("# ", listener.Output, StringComparison.Ordinal);
        Assert.EndsWith("exit\r\n", listener.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortForwarding_WithSmux_IsAsRecorded()
    {
        IReadOnlyList<CapturedFrame> frames = Session("plain.jsonl", 3);
        byte[] expected = DownloadOf(frames);
        await using CapturedAgent agent = await CapturedAgent.StartAsync(frames, cipher: null);
        await using PortMultiplexer ports = PortMultiplexer.Start(agent.Address(null), _ => Task.FromResult<DataChannelAddress?>(null), new DataChannelOptions(), TimeProvider.System);
        Dictionary<uint, PortStream> streams = [];
        byte[] download = new byte[expected.Length];

        await agent.PlayAsync(async (_, content) =>
        {
            (SmuxCommand command, uint id, byte[] data) = SingleFrame(content);
            switch (command)
            {
                case SmuxCommand.Open:
                    streams[id] = await ports.OpenStreamAsync(Cancellation);
                    break;
                case SmuxCommand.Push:
                    await streams[id].WriteAsync(data, Cancellation);
                    break;
                case SmuxCommand.Finish:
                    await streams[id].ReadExactlyAsync(download, Cancellation);
                    await streams[id].DisposeAsync();
                    break;
            }
        });

        ChannelEnd end = await ports.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed, "Session terminated by operator"), end);
        Assert.Equal(expected, download);
        Assert.StartsWith("HTTP/1.0 200 OK\r\n", Encoding.Latin1.GetString(download), StringComparison.Ordinal);
        Assert.Equal(4, agent.Compared);
    }

    private static async Task<ChannelEnd> PlayAsync(string file, int session, Listener listener, ISessionKeys? keys, SessionCipher? cipher)
    {
        IReadOnlyList<CapturedFrame> frames = Session(file, session);
        await using CapturedAgent agent = await CapturedAgent.StartAsync(frames, cipher);
        await using DataChannelClient client = DataChannelClient.Start(
            agent.Address(keys), _ => Task.FromResult<DataChannelAddress?>(null), listener, new DataChannelOptions(), TimeProvider.System);
        await agent.PlayAsync(async (type, content) =>
        {
            if (type == PayloadType.Size && PayloadJson.TryRead(content, out SizePayload? size))
                client.Resize((int)size.Columns, (int)size.Rows);
            else
                await client.SendAsync(content, Cancellation);
        });
        Assert.True(agent.Compared > 0);
        return await client.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    private static IReadOnlyList<CapturedFrame> Session(string file, int index) =>
        [.. CapturedFrame.Read(file).Where(frame => frame.Channel == "data").GroupBy(frame => frame.Session).ElementAt(index)];

    private static byte[] EncryptedKey(IReadOnlyList<CapturedFrame> frames)
    {
        AgentMessage response = Messages(frames, "client").Single(message => message.PayloadType == PayloadType.HandshakeResponse);
        using JsonDocument json = JsonDocument.Parse(response.Payload);
        return json.RootElement.GetProperty("ProcessedClientActions")[1].GetProperty("ActionResult").GetProperty("KMSCipherTextKey").GetBytesFromBase64();
    }

    private static byte[] DownloadOf(IReadOnlyList<CapturedFrame> frames)
    {
        SmuxDecoder decoder = new();
        List<byte> all = [];
        foreach (AgentMessage message in Messages(frames, "agent").Where(message => message.PayloadType == PayloadType.Output))
        {
            ReadOnlySpan<byte> rest = message.Payload.Span;
            while (decoder.TryRead(ref rest, out SmuxPart part))
                all.AddRange(part.Data);
        }

        Assert.False(decoder.IsBroken);
        return [.. all];
    }

    private static IEnumerable<AgentMessage> Messages(IReadOnlyList<CapturedFrame> frames, string from)
    {
        foreach (CapturedFrame frame in frames.Where(frame => frame.From == from && frame.Bytes is not null))
        {
            Assert.True(AgentMessage.TryParse(frame.Bytes, out AgentMessage? message, out _));
            yield return message;
        }
    }

    private static (SmuxCommand Command, uint Id, byte[] Data) SingleFrame(byte[] content)
    {
        SmuxDecoder decoder = new();
        ReadOnlySpan<byte> rest = content;
        Assert.True(decoder.TryRead(ref rest, out SmuxPart part));
        Assert.True(rest.IsEmpty);
        return (part.Command, part.StreamId, part.Data.ToArray());
    }
}
