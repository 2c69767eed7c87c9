using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JitAccess.Web.Sessions.Recordings;
using JitAccess.Web.Tests.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.Recordings;

public sealed class RecorderTests
{
    private static readonly RecordingKeys Keys = new([Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))]);

    private readonly Guid _session = Guid.CreateVersion7();
    private readonly MemoryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatHappens_IsStoredWithinASecondAndClosedWithItsHash()
    {
        await using Recorder recorder = await StartAsync();
        await OutputAsync(recorder, "hello");
        await Eventually.TrueAsync(() => Written().Contains("hello", StringComparison.Ordinal), "the first output");
        await OutputAsync(recorder, " world");
        RecorderResult result = await recorder.FinishAsync(hasFailed: false);

        Assert.Equal("hello world", OutputOf(await LinesAsync()));
        Assert.Equal("x", (await LinesAsync())[^1][1].GetString());
        Assert.Equal(_store[_session].Length, result.Bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_store[_session])), result.Sha256);
        Assert.Equal("", result.Failure);
        Assert.Equal((result.Bytes, result.Sha256, true), await new RecordingReader(_store, Keys).MeasureAsync(_session, Cancellation));
    }

    [Fact]
    public async Task ProcessThatIsLost_LeavesEverythingUntilASecondBefore()
    {
        Recorder recorder = await StartAsync();
        await OutputAsync(recorder, "before the crash");
        await Eventually.TrueAsync(() => Written().Contains("before the crash", StringComparison.Ordinal), "the output");
        (_, _, bool isWhole) = await new RecordingReader(_store, Keys).MeasureAsync(_session, Cancellation);
        Assert.False(isWhole);
        await recorder.DisposeAsync();
    }

    [Fact]
    public async Task Keystrokes_AreRecordedOnlyWhereWanted()
    {
        await using (Recorder quiet = await StartAsync())
        {
            quiet.OnInput("hunter2"u8);
            await quiet.FinishAsync(hasFailed: false);
        }
        Assert.DoesNotContain(await LinesAsync(), line => line.ValueKind == JsonValueKind.Array && line[1].GetString() == "i");

        await _store.DeleteAsync(_session, Cancellation);
        await using Recorder recorder = await StartAsync(recordsInput: true);
        recorder.OnInput("ls\r"u8);
        await recorder.FinishAsync(hasFailed: false);
        Assert.Contains(await LinesAsync(), line => line.ValueKind == JsonValueKind.Array && line[1].GetString() == "i" && line[2].GetString() == "ls\r");
    }

    [Fact]
    public async Task StoreThatIsSlow_HoldsTheOutputBackAndLosesNone()
    {
        await using Recorder recorder = await StartAsync();
        TaskCompletionSource slow = new();
        _store.Slowness = slow.Task;
        byte[] block = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
        int taken = 0;
        Task feeding = Task.Run(async () =>
        {
            for (; taken < 100; taken++) await recorder.OnOutputAsync(block, Cancellation);
        }, Cancellation);
        await Eventually.TrueAsync(() => taken > 10, "some output");
        await Task.Delay(200, Cancellation);
        Assert.False(feeding.IsCompleted);
        Assert.InRange(taken, 10, 60);

        slow.SetResult();
        await feeding;
        await recorder.FinishAsync(hasFailed: false);
        Assert.Equal(100 * block.Length, OutputOf(await LinesAsync()).Length);
    }

    [Fact]
    public async Task StoreThatFails_IsSaidOnceAndFreesWhoeverWaits()
    {
        await using Recorder recorder = await StartAsync();
        await OutputAsync(recorder, "kept");
        await Eventually.TrueAsync(() => Written().Contains("kept", StringComparison.Ordinal), "the output");
        _store.AppendFailure = new RecordingException("The disk is full.");
        byte[] block = new byte[64 * 1024];
        for (int sent = 0; sent < 100; sent++) await recorder.OnOutputAsync(block, Cancellation);

        Assert.Equal("The disk is full.", await recorder.Failed);
        RecorderResult result = await recorder.FinishAsync(hasFailed: false);
        Assert.Equal("The disk is full.", result.Failure);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_store[_session])), result.Sha256);
    }

    [Fact]
    public async Task Commands_AreFoundWithTheirTimesAndMarked()
    {
        await using Recorder recorder = await StartAsync();
        await OutputAsync(recorder, "$ ");
        recorder.OnInput("ls\r"u8);
        await OutputAsync(recorder, "ls\r\n");
        (TimeSpan at, string text) = Assert.Single(recorder.TakeCommands());
        Assert.Equal("ls", text);
        Assert.InRange(at, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Empty(recorder.TakeCommands());
        await recorder.FinishAsync(hasFailed: false);
        Assert.Contains(await LinesAsync(), line => line.ValueKind == JsonValueKind.Array && line[1].GetString() == "m" && line[2].GetString() == "ls");
    }

    private Task<Recorder> StartAsync(bool recordsInput = false) => Recorder.StartAsync(_store, Keys, _session, "alice on web", recordsInput, TimeProvider.System, Cancellation);

    private static async Task OutputAsync(Recorder recorder, string text) => await recorder.OnOutputAsync(Encoding.UTF8.GetBytes(text), Cancellation);

    private string Written() => string.Join('\n', LinesAsync().GetAwaiter().GetResult().Select(line => line.GetRawText()));

    private async Task<List<JsonElement>> LinesAsync()
    {
        using MemoryStream cast = new();
        await new RecordingReader(_store, Keys).CopyAsync(_session, cast, Cancellation);
        return [.. Encoding.UTF8.GetString(cast.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static string OutputOf(IEnumerable<JsonElement> lines) =>
        string.Concat(lines.Where(line => line.ValueKind == JsonValueKind.Array && line[1].GetString() == "o").Select(line => line[2].GetString()));
}
