using System.Text;
using JitAccess.Cli.Terminal;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tests.Sessions.DataChannel;
using JitAccess.Web.Tokens;

namespace JitAccess.Cli.Tests;

/// <summary><c>jit connect</c> on a real terminal, over a real server, with a node behind it.</summary>
public sealed class ConnectTests
{
    [Fact]
    public async Task Connect_CarriesKeysAndSizeToTheNode_OutlivesACut_AndLeavesTheTerminalAsItWas()
    {
        await using ChannelServer node = await ChannelServer.StartAsync();
        await using CliStage stage = await CliStage.CreateAsync();
        await using CutWire wire = new(stage.Api.Address);
        stage.Api.World.Aws.Channel = node.Address();
        // Keys wait until a node has said something.
        node.Send("# ");
        await stage.LoginAsync(TestPeople.Requester, null, "--server", $"{wire.Address}");
        Assert.Equal("approved", (await stage.JsonAsync(TestPeople.Requester, "request", "demo-linux2", "-r", "look")).GetProperty("request").GetProperty("status").GetString());
        await using Ticking ticking = new(stage);
        await using JitOnTerminal jit = JitOnTerminal.Start(Path.GetDirectoryName(stage.FolderOf(TestPeople.Requester))!, "connect demo-linux2");

        await jit.UntilAsync(() => SizesOf(node).Contains((91, 31)), "the node knows the size");
        // Every key as it is, those too that a terminal keeps for itself: Ctrl-C, Ctrl-Z, Return.
        jit.Type("ls\u0003\u001a\r\u00fc");
        await jit.UntilAsync(() => node.Input == "ls\u0003\u001a\r\u00fc", "the keys arrive");
        node.Send("before the cut\r\n");
        await jit.UntilAsync(() => jit.Shown.Contains("before the cut", StringComparison.Ordinal), "the output is shown");
        Assert.DoesNotContain("ls", jit.Shown, StringComparison.Ordinal);
        jit.Resize(77, 20);
        await jit.UntilAsync(() => SizesOf(node).Contains((77, 20)), "the node knows the new size");

        int before = wire.Connections;
        wire.Cut();
        node.Send("during the cut\r\n");
        await jit.UntilAsync(() => jit.Shown.Contains("during the cut", StringComparison.Ordinal), "the output goes on");
        Assert.True(wire.Connections > before);
        Assert.Contains("connection lost", jit.Shown, StringComparison.Ordinal);
        Assert.Single(Split(jit.Shown, "before the cut"));

        jit.Type("\r~.");
        await jit.UntilAsync(() => jit.Shown.Contains("end\r\n", StringComparison.Ordinal), "the program ends");
        Assert.Contains("exit=0", jit.Shown, StringComparison.Ordinal);
        Assert.EndsWith("icanon echo end\r\n", jit.Shown, StringComparison.Ordinal);
        Assert.Equal(["Closed"], await stage.Api.World.QueryAsync("select \"end\" from sessions"));
    }

    [Fact]
    public async Task Connect_EndsWithItsSession_AndWithItsTokens()
    {
        await using ChannelServer node = await ChannelServer.StartAsync();
        await using CliStage stage = await CliStage.CreateAsync();
        stage.Api.World.Aws.Channel = node.Address();
        // Keys wait until a node has said something.
        node.Send("# ");
        await stage.LoginAsync(TestPeople.Requester);
        await stage.JsonAsync(TestPeople.Requester, "request", "demo-linux2", "-r", "look");
        await using Ticking ticking = new(stage);
        string config = Path.GetDirectoryName(stage.FolderOf(TestPeople.Requester))!;
        await using (JitOnTerminal jit = JitOnTerminal.Start(config, "connect demo-linux2"))
        {
            await jit.UntilAsync(() => SizesOf(node).Count > 0, "connected");
            await node.CloseChannelAsync("Bye from the node.");
            await jit.UntilAsync(() => jit.Shown.Contains("end\r\n", StringComparison.Ordinal), "the program ends");
            Assert.Contains("exit=0", jit.Shown, StringComparison.Ordinal);
        }

        await using ChannelServer other = await ChannelServer.StartAsync();
        stage.Api.World.Aws.Channel = other.Address();
        other.Send("# ");
        await using JitOnTerminal second = JitOnTerminal.Start(config, "connect demo-linux2");
        await second.UntilAsync(() => SizesOf(other).Count > 0, "connected");
        await stage.Api.Get<TokenService>().RevokeAsync(TestPeople.Requester, (await stage.Api.Get<TokenQueries>().MineAsync(TestPeople.Requester, CliStage.Cancellation))[0].Id, CliStage.Cancellation);
        await second.UntilAsync(() => second.Shown.Contains("end\r\n", StringComparison.Ordinal), "the program ends");
        Assert.Contains("exit=3", second.Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("~.", "", false)]
    [InlineData("a~.", "a~.", true)]
    [InlineData("a\r~.", "a\r", false)]
    [InlineData("~~.", "~.", true)]
    [InlineData("~a", "~a", true)]
    [InlineData("a\r~b\r~.c", "a\r~b\r", false)]
    public void Keys_OnlyATildeAndADotAtTheBeginningOfALine_AreForTheProgram(string typed, string sent, bool goesOn)
    {
        foreach (int size in (int[])[1, typed.Length])
        {
            Keys keys = new();
            List<byte> forNode = [];
            bool stays = true;
            foreach (byte[] part in Encoding.UTF8.GetBytes(typed).Chunk(size)) stays = stays && keys.Take(part, forNode);
            Assert.Equal((sent, goesOn), (Encoding.UTF8.GetString([.. forNode]), stays));
        }
    }

    private static List<(uint, uint)> SizesOf(ChannelServer node) =>
        [.. node.Received.Where(message => message.PayloadType == PayloadType.Size).Select(message => PayloadJson.TryRead(message.Payload.Span, out SizePayload? size) ? (size.Columns, size.Rows) : default)];

    private static string[] Split(string shown, string what) => shown.Split(what)[1..];

    /// <summary>Lets the server's clock run.</summary>
    private sealed class Ticking : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Ticking(CliStage stage) => _running = RunAsync(stage, _stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }

        private static async Task RunAsync(CliStage stage, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                stage.Api.World.Clock.Advance(TimeSpan.FromMilliseconds(20));
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }
}
