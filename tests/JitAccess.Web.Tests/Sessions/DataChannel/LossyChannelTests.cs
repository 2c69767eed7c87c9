using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class LossyChannelTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly Listener _listener = new();
    private ChannelServer _server = null!;
    private DataChannelClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ChannelServer.StartAsync();
        _client = DataChannelClient.Start(
            _server.Address(),
            _ => Task.FromResult<DataChannelAddress?>(_server.Address()),
            _listener,
            new DataChannelOptions { FirstDelay = TimeSpan.FromMilliseconds(20) },
            TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task FiveMegabytesEachWay_UnderFifteenPercentFaults_ArriveWhole()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}");
        ChannelWeather weather = new(seed);
        weather.Over(_server);
        byte[] down = Bytes(seed + 1), up = Bytes(seed + 2);
        Stopwatch watch = Stopwatch.StartNew();

        foreach (byte[] chunk in down.Chunk(1024))
            _server.Send(PayloadType.Output, chunk);
        await _client.SendAsync(up, Cancellation);
        await Eventually.TrueAsync(() => _listener.Length >= down.Length && _server.InputLength >= up.Length, "both arrive");
        await Eventually.TrueAsync(() => _server.UnacknowledgedOutput == 0, "every message is acknowledged in the end");

        output.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s; lost, doubled, late: {weather.Counts}");
        Assert.Equal(Hash(down), Hash(_listener.Bytes));
        Assert.Equal(Hash(up), Hash(_server.InputBytes));
        Assert.True(weather.Counts.Lost > 500, "There was weather.");
    }

    [Fact]
    public async Task SocketsCutEverySecondForHalfAMinute_NothingIsLostNorDoubled()
    {
        StringBuilder down = new(), up = new();
        Stopwatch watch = Stopwatch.StartNew();
        int cuts = 0;
        for (int line = 0; watch.Elapsed < TimeSpan.FromSeconds(30); line++)
        {
            string text = $"line {line} at {watch.ElapsedMilliseconds}\n";
            _server.Send(text);
            await _client.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation);
            down.Append(text);
            up.Append(text);
            if (watch.Elapsed.TotalSeconds > cuts + 1)
            {
                _server.Cut();
                cuts++;
            }

            await Task.Delay(2, Cancellation);
        }

        await Eventually.TrueAsync(() => _listener.Length >= down.Length && _server.InputLength >= up.Length, "everything arrives");
        output.WriteLine($"{cuts} cuts, {_server.Connections} connections, {down.Length} bytes each way");
        Assert.Equal(down.ToString(), _listener.Output);
        Assert.Equal(up.ToString(), _server.Input);
        Assert.InRange(cuts, 25, 30);
        Assert.True(_server.Connections > 20, "It was cut again and again.");
    }

    private static byte[] Bytes(int seed)
    {
        byte[] bytes = new byte[5 * 1024 * 1024];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}
