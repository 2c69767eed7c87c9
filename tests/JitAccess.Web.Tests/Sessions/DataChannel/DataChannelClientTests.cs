using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class DataChannelClientTests : IAsyncDisposable
{
    private readonly Listener _listener = new();
    private ChannelServer _server = null!;
    private DataChannelClient _client = null!;
    private int _resumes;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task PlainShell_OnOpening_SendsTokenFirstThenSizeThenInput()
    {
        await StartAsync();
        _client.Resize(80, 24);
        _client.Resize(101, 33);
        await _client.SendAsync("id\r"u8.ToArray(), Cancellation);
        _server.Send("# ");

        await Eventually.TrueAsync(() => _server.Input == "id\r", "the input arrives");
        Assert.Equal("# ", _listener.Output);
        Assert.Equal("1.2.677.0", _server.Openings.Single().ClientVersion);
        Assert.Equal([PayloadType.Size, PayloadType.Output], _server.Received.Select(m => m.PayloadType));
        Assert.Equal("""{"cols":101,"rows":33}""", Encoding.UTF8.GetString(_server.Received.First().Payload.Span));
        await Eventually.TrueAsync(() => _server.UnacknowledgedOutput == 0, "the output is acknowledged");
    }

    [Fact]
    public async Task Size_Unchanged_IsSentOnce()
    {
        await StartAsync();
        _server.Send("# ");
        await Eventually.TrueAsync(() => _listener.Output == "# ", "the prompt");
        _client.Resize(90, 20);
        _client.Resize(90, 20);
        _client.Resize(91, 20);
        await _client.SendAsync("x"u8.ToArray(), Cancellation);

        await Eventually.TrueAsync(() => _server.Input == "x", "the input arrives");
        Assert.Equal(2, _server.Received.Count(m => m.PayloadType == PayloadType.Size));
    }

    [Theory]
    [InlineData(SessionTypes.StandardStream)]
    [InlineData(SessionTypes.InteractiveCommands)]
    public async Task Handshake_ForAShell_IsAnsweredBeforeInput(string sessionType)
    {
        await StartAsync();
        _client.Resize(80, 24);
        await _client.SendAsync("early"u8.ToArray(), Cancellation);
        _server.Send(PayloadType.HandshakeRequest, Encoding.UTF8.GetBytes(
            $$$"""{"AgentVersion":"3.3.0.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"{{{sessionType}}}","Properties":null}}]}"""));
        await Eventually.TrueAsync(() => _server.Received.Any(), "the answer");
        _server.Send(PayloadType.HandshakeComplete, """{"HandshakeTimeToComplete":1246221,"CustomerMessage":"Welcome."}"""u8.ToArray());

        await Eventually.TrueAsync(() => _server.Input == "early", "the input arrives");
        Assert.Equal([PayloadType.HandshakeResponse, PayloadType.Size, PayloadType.Output], _server.Received.Select(m => m.PayloadType));
        Assert.True(PayloadJson.TryRead(_server.Received.First().Payload.Span, out HandshakeResponse? response));
        Assert.Equal([new ProcessedClientAction("SessionType", ClientActionStatus.Success)], response.ProcessedClientActions);
        Assert.Equal(["Welcome."], _listener.Messages);
    }

    [Theory]
    [InlineData("""{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"k"}}""", "KMS")]
    [InlineData("""{"ActionType":"SessionType","ActionParameters":{"SessionType":"Port"}}""", "Port")]
    [InlineData("""{"ActionType":"SessionType"}""", "type")]
    [InlineData("""{"ActionType":"Dance","ActionParameters":[]}""", "Dance")]
    public async Task Handshake_ForWhatIsNotSupported_EndsWithTheReason(string action, string named)
    {
        await StartAsync();
        _server.Send(PayloadType.HandshakeRequest, Encoding.UTF8.GetBytes($$"""{"AgentVersion":"3.3.0.0","RequestedClientActions":[{{action}}]}"""));
        await Eventually.TrueAsync(() => _server.Received.Any(), "the answer");
        await _server.CloseChannelAsync("Session cancelled");

        ChannelEnd end = await EndAsync();
        Assert.True(PayloadJson.TryRead(_server.Received.Single().Payload.Span, out HandshakeResponse? response));
        Assert.Equal(ClientActionStatus.Unsupported, response.ProcessedClientActions.Single().ActionStatus);
        Assert.Equal(ChannelEndReason.HandshakeRefused, end.Reason);
        Assert.Contains(named, end.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_LongerThanAChunk_ArrivesInChunksAndInOrder()
    {
        await StartAsync();
        string text = Numbers(2000);
        _server.Send("# ");
        await _client.SendAsync(Encoding.UTF8.GetBytes(text), Cancellation);

        await Eventually.TrueAsync(() => _server.Input.Length == text.Length, "all input arrives");
        Assert.Equal(text, _server.Input);
        Assert.All(_server.Received, m => Assert.InRange(m.Payload.Length, 1, 1024));
    }

    [Fact]
    public async Task Input_OfOneLineFeed_StaysALineFeed()
    {
        await StartAsync();
        _server.Send("# ");
        await _client.SendAsync("\n"u8.ToArray(), Cancellation);

        await Eventually.TrueAsync(() => _server.Input == "\n", "the line feed arrives");
    }

    [Fact]
    public async Task Way_ThatLosesDoublesAndSwaps_DeliversEverythingOnceAndInOrder()
    {
        await StartAsync();
        Random random = new(7);
        _server.Copies = _ => random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 };
        _server.Swapped = m => m.SequenceNumber % 5 == 0;
        string output = Numbers(100), input = Numbers(40);
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _server.Send(line + "\n");
        foreach (string line in input.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await _client.SendAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancellation);

        await Eventually.TrueAsync(() => _listener.Output.Length >= output.Length && _server.Input.Length >= input.Length, "everything arrives");
        Assert.Equal(output, _listener.Output);
        Assert.Equal(input, _server.Input);
        await Eventually.TrueAsync(() => _server.UnacknowledgedOutput == 0, "every message is acknowledged in the end");
    }

    [Fact]
    public async Task Connection_CutAgainAndAgain_LosesAndDoublesNothing()
    {
        await StartAsync();
        string output = "", input = "";
        for (int round = 0; round < 5; round++)
        {
            for (int line = 0; line < 50; line++)
            {
                string text = $"{round}.{line}\n";
                _server.Send(text);
                await _client.SendAsync(Encoding.UTF8.GetBytes(text), Cancellation);
                output += text;
                input += text;
            }

            int part = output.Length - 100;
            await Eventually.TrueAsync(() => _listener.Output.Length > part, "a part arrives");
            _server.Cut();
        }

        await Eventually.TrueAsync(() => _listener.Output.Length >= output.Length && _server.Input.Length >= input.Length, "everything arrives");
        Assert.Equal(output, _listener.Output);
        Assert.Equal(input, _server.Input);
        Assert.Equal(_server.Connections - 1, _resumes);
        Assert.Single(_server.Openings.Select(o => o.ClientId).Distinct());
        Assert.Contains(ChannelStatus.Interrupted, _listener.Statuses);
    }

    [Fact]
    public async Task Gateway_AwayForSomeTries_IsFoundAgain()
    {
        await StartAsync();
        _server.Send("before ");
        await Eventually.TrueAsync(() => _listener.Output == "before ", "the first output");
        _server.IsReachable = false;
        _server.Cut();
        _server.Send("after");
        await Eventually.TrueAsync(() => _resumes >= 3, "several tries");
        _server.IsReachable = true;

        await Eventually.TrueAsync(() => _listener.Output == "before after", "the rest");
        Assert.Equal(ChannelStatus.Connected, _listener.Statuses.Last());
    }

    [Fact]
    public async Task Gateway_AwayForAllTries_EndsAsLost()
    {
        await StartAsync(new DataChannelOptions { ResumeTries = 3, FirstDelay = TimeSpan.FromMilliseconds(5) });
        _server.Send("x");
        await Eventually.TrueAsync(() => _listener.Output == "x", "the output");
        _server.IsReachable = false;
        _server.Cut();

        ChannelEnd end = await EndAsync();
        Assert.Equal(ChannelEndReason.ConnectionLost, end.Reason);
        Assert.NotNull(end.Cause);
        Assert.Equal(2, _resumes);
    }

    [Fact]
    public async Task Resume_OfASessionThatIsOver_EndsAsExpired()
    {
        await StartAsync(new DataChannelOptions { FirstDelay = TimeSpan.FromMilliseconds(5) }, _ => Task.FromResult<DataChannelAddress?>(null));
        _server.Send("x");
        await Eventually.TrueAsync(() => _listener.Output == "x", "the output");
        _server.Cut();

        Assert.Equal(ChannelEndReason.Expired, (await EndAsync()).Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Session terminated by operator")]
    public async Task ChannelClosed_AfterOutput_EndsWithItsOutput(string detail)
    {
        await StartAsync();
        _server.Send("bye");
        await Eventually.TrueAsync(() => _listener.Output == "bye", "the output");
        await _server.CloseChannelAsync(detail);

        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed, detail), await EndAsync());
        await _client.SendAsync(new byte[1_000_000], Cancellation);
    }

    [Fact]
    public async Task Rubbish_FromTheGateway_IsDroppedAndTheChannelGoesOn()
    {
        await StartAsync();
        _server.Send("a");
        await Eventually.TrueAsync(() => _listener.Output == "a", "the output");
        await _server.SendRawAsync([1, 2, 3]);
        await _server.SendRawAsync(new byte[70_000]);
        byte[] frame = new AgentMessage
        {
            MessageType = MessageTypes.OutputStreamData,
            CreatedDate = 1,
            SequenceNumber = 1,
            PayloadType = PayloadType.Output,
            Payload = "forged"u8.ToArray(),
        }.ToArray();
        frame[90] ^= 1;
        await _server.SendRawAsync(frame);
        _server.Send("b");

        await Eventually.TrueAsync(() => _listener.Output == "ab", "the rest");
        Assert.Equal([FrameDefect.TooShort, FrameDefect.HeaderLength, FrameDefect.Digest], _listener.Defects);
    }

    [Fact]
    public async Task SlowListener_HoldsTheNodeBackAndGetsEverything()
    {
        await StartAsync();
        _listener.Hold();
        byte[] chunk = new byte[1024];
        Array.Fill(chunk, (byte)'.');
        for (int i = 0; i < 20_000; i++)
            _server.Send(PayloadType.Output, chunk);

        // What is on the way between the two is bounded by the sockets' buffers.
        await Eventually.TrueAsync(() => _server.UnacknowledgedOutput == 20_000, "nothing is acknowledged");
        _listener.Release();
        await Eventually.TrueAsync(() => _listener.Output.Length == 20_000 * 1024, "everything arrives");
    }

    [Fact]
    public async Task Listener_HeldDuringACut_GetsEverythingOnce()
    {
        await StartAsync();
        string output = Numbers(500);
        _listener.Hold();
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _server.Send(line + "\n");
        await _client.SendAsync("x"u8.ToArray(), Cancellation);
        _server.Swapped = m => m.SequenceNumber % 2 == 0;
        await Eventually.TrueAsync(() => _server.Connections == 1, "the connection");
        _server.Cut();
        _listener.Release();

        await Eventually.TrueAsync(() => _listener.Output.Length >= output.Length, "everything arrives");
        Assert.Equal(output, _listener.Output);
    }

    [Fact]
    public async Task Dispose_WhileConnected_EndsAsStopped()
    {
        await StartAsync();
        _server.Send("x");
        await Eventually.TrueAsync(() => _listener.Output == "x", "the output");

        await _client.DisposeAsync();
        Assert.Equal(ChannelEndReason.Stopped, (await _client.Completion).Reason);
    }

    private async Task StartAsync(DataChannelOptions? options = null, Func<CancellationToken, Task<DataChannelAddress?>>? resume = null)
    {
        _server = await ChannelServer.StartAsync();
        _client = DataChannelClient.Start(
            _server.Address(),
            resume ?? ResumeAsync,
            _listener,
            options ?? new DataChannelOptions { FirstDelay = TimeSpan.FromMilliseconds(20) },
            TimeProvider.System);
    }

    private Task<DataChannelAddress?> ResumeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _resumes);
        return Task.FromResult<DataChannelAddress?>(_server.Address());
    }

    private async Task<ChannelEnd> EndAsync() => await _client.Completion.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

    private static string Numbers(int count) => string.Concat(Enumerable.Range(1, count).Select(n => $"line {n}\n"));
}
