using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Benchmarks;

/// <summary>
/// The way of a keystroke and of output through the gateway with its recording, beside the bare data channel to the same emulator, in turns; the memory of
/// the gateway while a browser reads slowly; and what an idle session costs.
/// </summary>
internal static class TerminalBenchmark
{
    private const int EchoRounds = 20;
    private const int EchoesPerRound = 100;
    private const int OutputRounds = 5;
    private const long OutputBytes = 20_000_000;
    private const long SlowBytes = 200_000_000;
    private const int IdleSessions = 100;
    private static readonly TimeSpan SlowPause = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync()
    {
        await using TerminalStage stage = await TerminalStage.StartAsync();
        await using BareEnd bare = await BareEnd.OpenAsync(stage);
        await using GatewayEnd gateway = await GatewayEnd.OpenAsync(stage);
        foreach (End end in new End[] { bare, gateway }) await end.ReadyAsync();

        List<double> bareEchoes = [], echoes = [];
        await EchoAsync(bare, []);
        await EchoAsync(gateway, []);
        for (int round = 0; round < EchoRounds; round++)
        {
            await EchoAsync(bare, bareEchoes);
            await EchoAsync(gateway, echoes);
        }
        bareEchoes.Sort();
        echoes.Sort();
        double bareMedian = Figure.Percentile(bareEchoes, 0.5), median = Figure.Percentile(echoes, 0.5);
        Figure.Print("terminal.echo_bare_ms", bareMedian, "ms");
        Figure.Print("terminal.echo_ms", median, "ms");
        Figure.Print("terminal.echo_added_ms", median - bareMedian, "ms");

        List<double> barePerSecond = [], perSecond = [];
        await OutputAsync(bare, OutputBytes);
        await OutputAsync(gateway, OutputBytes);
        for (int round = 0; round < OutputRounds; round++)
        {
            barePerSecond.Add(await OutputAsync(bare, OutputBytes));
            perSecond.Add(await OutputAsync(gateway, OutputBytes));
        }
        barePerSecond.Sort();
        perSecond.Sort();
        Figure.Print("terminal.output_bare_mb_s", Figure.Percentile(barePerSecond, 0.5), "MB/s");
        Figure.Print("terminal.output_mb_s", Figure.Percentile(perSecond, 0.5), "MB/s");
        Figure.Print("terminal.output_vs_bare", Figure.Percentile(perSecond, 0.5) / Figure.Percentile(barePerSecond, 0.5), "x");

        // As a server that is at work has it, and not one that has just been swept.
        long before = Resident();
        gateway.Pause = SlowPause;
        Task slow = OutputAsync(gateway, SlowBytes);
        long most = before;
        while (!slow.IsCompleted)
        {
            most = Math.Max(most, Resident());
            await Task.WhenAny(slow, Task.Delay(100));
        }
        await slow;
        Figure.Print("terminal.slow_browser_growth_mb", (most - before) / 1e6, "MB");

        for (int number = 0; number < IdleSessions; number++) await stage.OpenRecordedAsync();
        await Task.Delay(TimeSpan.FromSeconds(5));
        long withoutIdle = Settled(), managed = GC.GetTotalMemory(forceFullCollection: true);
        for (int number = 0; number < IdleSessions; number++) await stage.OpenRecordedAsync();
        // Until each has its prompt, and has written it.
        await Task.Delay(TimeSpan.FromSeconds(5));
        Figure.Print("terminal.idle_managed_kb", (GC.GetTotalMemory(forceFullCollection: true) - managed) / 1e3 / IdleSessions, "kB");
        Figure.Print("terminal.idle_kb", (Settled() - withoutIdle) / 1e3 / IdleSessions, "kB");
    }

    private static async Task EchoAsync(End end, List<double> milliseconds)
    {
        for (int number = 0; number < EchoesPerRound; number++)
        {
            long start = Stopwatch.GetTimestamp();
            Task came = end.BytesAsync(1);
            await end.TypeAsync("x"u8.ToArray());
            await came;
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    /// <summary>Megabytes a second.</summary>
    private static async Task<double> OutputAsync(End end, long bytes)
    {
        await end.TypeAsync([3]);
        await end.TypeAsync(Encoding.ASCII.GetBytes("\n"));
        await end.QuietAsync();
        Task came = end.BytesAsync(bytes);
        long start = Stopwatch.GetTimestamp();
        // A log that scrolls by, a little different in each line.
        await end.TypeAsync(Encoding.ASCII.GetBytes($"seq -f '%012g 2026-11-27T06:00:00Z INFO checkout-service request served in 12 ms status=200' 1000000000 | head -c {bytes}; cat\n"));
        await came;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await end.QuietAsync();
        return bytes / 1e6 / seconds;
    }

    private static long Settled()
    {
        for (int times = 0; times < 3; times++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return Resident();
    }

    private static long Resident()
    {
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    /// <summary>The person's end of a session.</summary>
    private abstract class End
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource? _came;
        private long _count;
        private long _wanted;

        public abstract Task TypeAsync(byte[] keys);

        /// <summary>Waits for the prompt, then lets the shell echo nothing by itself and run <c>cat</c>: what is typed comes back from the terminal.</summary>
        public async Task ReadyAsync()
        {
            await QuietAsync();
            await TypeAsync(Encoding.ASCII.GetBytes("stty -onlcr; cat\n"));
            await QuietAsync();
        }

        /// <summary>Completes when so many more bytes have come.</summary>
        public Task BytesAsync(long count)
        {
            lock (_gate)
            {
                _wanted = _count + count;
                _came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _came.Task;
            }
        }

        /// <summary>Waits until nothing has come for a while.</summary>
        public async Task QuietAsync()
        {
            for (long before = -1; before != Interlocked.Read(ref _count);)
            {
                before = Interlocked.Read(ref _count);
                await Task.Delay(700);
            }
        }

        protected void Came(int count)
        {
            lock (_gate)
            {
                _count += count;
                if (_count >= _wanted) _came?.TrySetResult();
            }
        }
    }

    private sealed class BareEnd : End, IDataChannelListener, IAsyncDisposable
    {
        private DataChannelClient _client = null!;

        public static async Task<BareEnd> OpenAsync(TerminalStage stage)
        {
            BareEnd end = new();
            end._client = await stage.OpenBareAsync(end);
            return end;
        }

        public override Task TypeAsync(byte[] keys) => _client.SendAsync(keys, CancellationToken.None).AsTask();

        public ValueTask OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
        {
            Came(output.Length);
            return ValueTask.CompletedTask;
        }

        public void OnMessage(string text)
        {
        }

        public void OnStatus(ChannelStatus status)
        {
        }

        public void OnDefect(FrameDefect defect) => throw new InvalidOperationException($"A frame was no message: {defect}.");

        public ValueTask DisposeAsync() => _client.DisposeAsync();
    }

    private sealed class GatewayEnd : End, IAsyncDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private Task _reading = Task.CompletedTask;

        /// <summary>How long it takes to show what came at once.</summary>
        public TimeSpan Pause { get; set; }

        public static async Task<GatewayEnd> OpenAsync(TerminalStage stage)
        {
            GatewayEnd end = new();
            end._socket.Options.SetRequestHeader("Origin", stage.Address.GetLeftPart(UriPartial.Authority));
            await end._socket.ConnectAsync(new UriBuilder(stage.Address) { Scheme = "ws", Path = $"/sessions/{await stage.OpenRecordedAsync()}/socket" }.Uri, CancellationToken.None);
            end._reading = end.ReadAsync();
            return end;
        }

        public override Task TypeAsync(byte[] keys) => _socket.SendAsync((byte[])[0, .. keys], WebSocketMessageType.Binary, true, CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            _socket.Abort();
            await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _socket.Dispose();
        }

        private async Task ReadAsync()
        {
            byte[] buffer = new byte[128 * 1024];
            byte[] seen = new byte[9];
            seen[0] = 2;
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += received.Count;
                }
                while (!received.EndOfMessage);
                if (buffer[0] != 0) continue;
                Came(length - 9);
                if (Pause > TimeSpan.Zero) await Task.Delay(Pause);
                BinaryPrimitives.WriteInt64BigEndian(seen.AsSpan(1), BinaryPrimitives.ReadInt64BigEndian(buffer.AsSpan(1)) + length - 9);
                await _socket.SendAsync(seen, WebSocketMessageType.Binary, true, CancellationToken.None);
            }
        }
    }
}
