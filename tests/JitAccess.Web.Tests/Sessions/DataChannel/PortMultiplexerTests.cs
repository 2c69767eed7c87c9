using System.Text;
using JitAccess.Web.Sessions.DataChannel;
using Microsoft.Extensions.Time.Testing;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>What a node's end may do to a port session; connections to real ports are in <c>PortSessionTests</c>.</summary>
public sealed class PortMultiplexerTests : IAsyncLifetime
{
    private ChannelServer _server = null!;
    private PortMultiplexer? _ports;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ChannelServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_ports is not null)
            await _ports.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Streams_HaveOddIdsFromThree()
    {
        await StartAsync();
        PortStream first = await _ports!.OpenStreamAsync(Cancellation), second = await _ports.OpenStreamAsync(Cancellation);
        await second.WriteAsync("x"u8.ToArray(), Cancellation);
        await first.DisposeAsync();

        await ReceivesAsync(
            SmuxFrame.Write(SmuxCommand.Open, 3), SmuxFrame.Write(SmuxCommand.Open, 5), SmuxFrame.Write(SmuxCommand.Push, 5, "x"u8), SmuxFrame.Write(SmuxCommand.Finish, 3));
    }

    [Fact]
    public async Task Refusal_WhereSeveralStreamsAreSilent_IsOfTheOneThatEnds()
    {
        await StartAsync();
        PortStream first = await _ports!.OpenStreamAsync(Cancellation), second = await _ports.OpenStreamAsync(Cancellation);
        _server.Send(PayloadType.Flag, ChannelFlags.Write(ChannelFlag.ConnectToPortError));
        _server.Send(PayloadType.Output, SmuxFrame.Write(SmuxCommand.Finish, second.Id));
        Assert.True((await Assert.ThrowsAsync<PortSessionException>(() => second.ReadOneAsync())).IsRefused);

        _server.Send(PayloadType.Output, SmuxFrame.Write(SmuxCommand.Push, first.Id, "hi"u8));
        _server.Send(PayloadType.Output, SmuxFrame.Write(SmuxCommand.Finish, first.Id));
        byte[] read = new byte[2];
        await first.ReadExactlyAsync(read, Cancellation);
        Assert.Equal("hi"u8.ToArray(), read);
        Assert.Equal(0, await first.ReadAsync(read, Cancellation));
    }

    [Fact]
    public async Task Refusal_AfterTheStreamsEnd_IsStillTold()
    {
        await StartAsync();
        PortStream stream = await _ports!.OpenStreamAsync(Cancellation);
        _server.Send(PayloadType.Output, SmuxFrame.Write(SmuxCommand.Finish, stream.Id));
        _server.Send(PayloadType.Flag, ChannelFlags.Write(ChannelFlag.ConnectToPortError));
        Assert.True((await Assert.ThrowsAsync<PortSessionException>(() => stream.ReadOneAsync())).IsRefused);
    }

    [Fact]
    public async Task StreamThatEndsWithoutAWord_IsJustAtItsEnd()
    {
        await StartAsync();
        PortStream stream = await _ports!.OpenStreamAsync(Cancellation);
        _server.Send(PayloadType.Output, SmuxFrame.Write(SmuxCommand.Finish, stream.Id));
        Assert.Equal(0, await stream.ReadOneAsync());
    }

    [Fact]
    public async Task FramesOfNobodysStreams_AreLeftOut()
    {
        await StartAsync();
        PortStream stream = await _ports!.OpenStreamAsync(Cancellation);
        _server.Send(PayloadType.Output, (byte[])[.. SmuxFrame.Write(SmuxCommand.Open, 2), .. SmuxFrame.Write(SmuxCommand.Push, 99, "no"u8), .. SmuxFrame.Write(SmuxCommand.KeepAlive, 0), .. SmuxFrame.Write(SmuxCommand.Push, 3, "yes"u8)]);
        byte[] read = new byte[3];
        await stream.ReadExactlyAsync(read, Cancellation);
        Assert.Equal("yes"u8.ToArray(), read);
    }

    [Fact]
    public async Task BytesThatAreNoSmux_EndTheSessionWithAReason()
    {
        await StartAsync();
        PortStream stream = await _ports!.OpenStreamAsync(Cancellation);
        _server.Send("HTTP/1.1 200 OK\r\n");
        ChannelEnd end = await _ports.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(ChannelEndReason.HandshakeRefused, end.Reason);
        Assert.Contains("no stream of connections", (await Assert.ThrowsAsync<PortSessionException>(() => stream.ReadOneAsync())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Standard_Stream")]
    [InlineData("NonInteractiveCommands")]
    public async Task Node_ThatBeginsSomethingElse_IsRefused(string sessionType)
    {
        Start(TimeProvider.System);
        _server.Send(PayloadType.HandshakeRequest, Request(sessionType, "3.3.0.0"));
        await Eventually.TrueAsync(() => _server.Received.Any(), "the response");
        await _server.CloseChannelAsync("Session cancelled");
        await Assert.ThrowsAsync<PortSessionException>(() => _ports!.OpenStreamAsync(Cancellation));
    }

    [Fact]
    public async Task Node_ThatBeginsAShellWithoutHandshake_IsRefused()
    {
        Start(TimeProvider.System);
        _server.Send("# ");
        PortSessionException refused = await Assert.ThrowsAsync<PortSessionException>(() => _ports!.OpenStreamAsync(Cancellation));
        Assert.Contains("shell", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenStream_WhileThereIsNoHandshake_CanBeGivenUp()
    {
        Start(TimeProvider.System);
        using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _ports!.OpenStreamAsync(patience.Token));
    }

    [Theory]
    [InlineData("3.1.1511.0", 2)]
    [InlineData("3.1.1512.0", 0)]
    public async Task KeepAlive_OnlyForOldAgents_EveryTenSeconds(string agentVersion, int signs)
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        await StartAsync(time, agentVersion);
        PortStream stream = await _ports!.OpenStreamAsync(Cancellation);
        for (int tick = 0; tick < 2; tick++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(200, Cancellation);
        }

        await stream.WriteAsync("end"u8.ToArray(), Cancellation);
        await ReceivesAsync([
            SmuxFrame.Write(SmuxCommand.Open, 3), .. Enumerable.Repeat(SmuxFrame.Write(SmuxCommand.KeepAlive, 0), signs), SmuxFrame.Write(SmuxCommand.Push, 3, "end"u8)]);
        // Nobody moves this clock on while the good-bye is waited for.
        await _server.CloseChannelAsync("");
        await _ports.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task WriteGivenUp_NeverTearsAFrame()
    {
        await StartAsync();
        PortStream first = await _ports!.OpenStreamAsync(Cancellation), second = await _ports.OpenStreamAsync(Cancellation);
        _server.Copies = message => message.MessageType == MessageTypes.Acknowledge ? 0 : 1;
        using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(300));
        byte[] much = new byte[600_000];
        Task given = first.WriteAsync(much, patience.Token).AsTask();
        Task waiting = second.WriteAsync("x"u8.ToArray(), patience.Token).AsTask();
        await Task.Delay(500, Cancellation);
        _server.Copies = _ => 1;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await second.WriteAsync("y"u8.ToArray(), Cancellation);

        byte[] end = SmuxFrame.Write(SmuxCommand.Push, second.Id, "y"u8);
        await Eventually.TrueAsync(() => _server.InputBytes.AsSpan().EndsWith(end), "the last frame");
        SmuxDecoder decoder = new();
        ReadOnlySpan<byte> rest = _server.InputBytes;
        List<string> ofSecond = [];
        while (decoder.TryRead(ref rest, out SmuxPart part))
            if (part.Command == SmuxCommand.Push && part.StreamId == second.Id)
                ofSecond.Add(Encoding.ASCII.GetString(part.Data));
        Assert.False(decoder.IsBroken);
        Assert.Equal(["y"], ofSecond);
    }

    private async Task StartAsync(TimeProvider? time = null, string agentVersion = "3.3.987.0")
    {
        Start(time ?? TimeProvider.System);
        _server.Send(PayloadType.HandshakeRequest, Request(SessionTypes.Port, agentVersion));
        await Eventually.TrueAsync(() => _server.Received.Any(), "the response");
        _server.Send(PayloadType.HandshakeComplete, """{"HandshakeTimeToComplete":1,"CustomerMessage":""}"""u8.ToArray());
    }

    private void Start(TimeProvider time) => _ports = PortMultiplexer.Start(
        _server.Address(), _ => Task.FromResult<DataChannelAddress?>(_server.Address()), new DataChannelOptions(), time);

    private Task ReceivesAsync(params byte[][] frames)
    {
        byte[] expected = [.. frames.SelectMany(frame => frame)];
        return Eventually.TrueAsync(() => _server.InputBytes.AsSpan().SequenceEqual(expected), $"the node receives {Convert.ToHexString(expected)}");
    }

    private static byte[] Request(string sessionType, string agentVersion) => Encoding.UTF8.GetBytes(
        $$$"""{"AgentVersion":"{{{agentVersion}}}","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"{{{sessionType}}}","Properties":{"host":"","localPortNumber":"0","portNumber":"80","type":"LocalPortForwarding"} } }]}""");
}
