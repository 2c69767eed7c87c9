using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Sessions.Recordings;
using JitAccess.Web.Tests.Sessions.DataChannel;
using JitAccess.Web.Tests.Sessions.Gateway;

namespace JitAccess.Web.Tests.Sessions.Recordings;

/// <summary>What the node said is in the terminal and in the recording once, however often the ways between are cut.</summary>
public sealed class CutsTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BothWaysCutEverySecondForHalfAMinute_NothingIsLostOrDoubledInTerminalAndRecording()
    {
        RecordingKeys keys = new([Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))]);
        MemoryStore store = new();
        Guid id = Guid.CreateVersion7();
        await using Recorder recorder = await Recorder.StartAsync(store, keys, id, "cuts", recordsInput: false, TimeProvider.System, Cancellation);
        await using GatewayServer server = await GatewayServer.StartAsync(rules: new LiveRules { IsRecorded = true }, tap: recorder);

        StringBuilder said = new(), shown = new(), typed = new();
        Page page = await server.OpenPageAsync(name: "page");
        long end = Environment.TickCount64 + (long)Length.TotalMilliseconds, nextCut = Environment.TickCount64 + 1000;
        int cuts = 0;
        for (int line = 1; Environment.TickCount64 < end; line++)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"line {line} 日本語\r\n");
            said.Append(text);
            server.Node.Send(text);
            if (line % 10 == 0 && page.Offset > 0)
            {
                string keys10 = string.Create(CultureInfo.InvariantCulture, $"{line};");
                typed.Append(keys10);
                await page.TypeAsync(keys10);
            }
            await Task.Delay(5, Cancellation);
            if (Environment.TickCount64 < nextCut) continue;
            nextCut += 1000;
            cuts++;
            // What was typed must have reached the gateway: a page keeps nothing that it could not send.
            await Eventually.TrueAsync(() => server.Node.Input.Length == typed.Length, "the keys arrived");
            server.Node.Cut();
            await page.CutAsync();
            Assert.Equal(0, page.Lost);
            shown.Append(page.Output);
            long offset = page.Offset;
            await page.DisposeAsync();
            page = await server.OpenPageAsync(offset, name: "page");
        }
        await Eventually.TrueAsync(() => shown.Length + page.Output.Length == said.Length, "everything came");
        await recorder.FinishAsync(hasFailed: false);
        shown.Append(page.Output);
        await page.DisposeAsync();

        Assert.InRange(cuts, 20, 30);
        Assert.True(shown.ToString() == said.ToString(), "The terminal shows all, once, in order.");
        Assert.Equal(typed.ToString(), server.Node.Input);
        using MemoryStream cast = new();
        await new RecordingReader(store, keys).CopyAsync(id, cast, Cancellation);
        string recorded = string.Concat(Encoding.UTF8.GetString(cast.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => JsonElement.Parse(line)).Where(one => one[1].GetString() == "o").Select(one => one[2].GetString()));
        Assert.True(recorded == said.ToString(), "The recording holds all, once, in order.");
    }
}
