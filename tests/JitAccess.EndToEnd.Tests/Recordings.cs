using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>A terminal as good as a local one, and what is kept of it.</summary>
public sealed partial class Recordings(RunningSandbox sandbox) : Story(sandbox)
{
    private const int Columns = 200;
    private const int Lines = 60;

    [Fact]
    public async Task FullScreenProgramsALongPasteAWideScreenAndALostNetwork_AreAsInALocalTerminal_AndSoIsTheReplay()
    {
        await using Gate gate = new(Sandbox.Host.BaseAddress);
        Person requester = await SignInNewAsync(options: new() { ViewportSize = new() { Width = 1720, Height = 1150 } }, through: gate.Address);
        await requester.AskAsync(DefaultWorld.DemoLinux2, "Watch the logs");
        await requester.Button("Connect to demo-linux2").ClickAsync();
        TerminalScreen terminal = await requester.ArrivesInTerminalAsync();
        await SizeAsync(requester.Page, terminal);

        await terminal.RunAsync("echo 日本語 🎉 ünïcödé");
        await terminal.ShowsAsync("日本語 🎉 ünïcödé");

        await terminal.RunAsync("vim -u NONE -n -c 'set nocp showmode' note.txt");
        await terminal.ShowsAsync("~");
        await requester.Page.Keyboard.TypeAsync("ifirst 日本\nsecond");
        await terminal.ShowsAsync("first 日本");
        await terminal.ShowsAsync(InsertMode());
        await requester.Page.Keyboard.PressAsync("Escape");
        // Escape and what follows at once would be one key to an editor.
        await Expect(terminal.Rows.Filter(new() { HasTextRegex = InsertMode() })).ToHaveCountAsync(0);
        await requester.Page.Keyboard.TypeAsync(":%s/second/changed/");
        await requester.Page.Keyboard.PressAsync("Enter");
        await terminal.ShowsAsync("changed");
        await requester.Page.Keyboard.TypeAsync(":wq");
        await requester.Page.Keyboard.PressAsync("Enter");
        await terminal.RunAsync("sha256sum < note.txt");
        await terminal.ShowsAsync($"{Sha256("first 日本\nchanged\n")}  -");

        await terminal.RunAsync("top -d 1");
        await terminal.ShowsAsync(LoadAverage());
        await requester.Page.Keyboard.PressAsync("q");
        await terminal.ShowsPromptAsync();

        string pasted = string.Concat(Enumerable.Range(0, 500).Select(line => string.Create(CultureInfo.InvariantCulture, $"{line:D5} {new string((char)('a' + (line % 26)), 94)}\n")));
        Assert.InRange(pasted.Length, 50_000, 51_000);
        await terminal.RunAsync("stty -echo; echo rea''dy; cat > pasted; stty echo; sha256sum < pasted");
        // Until the shell has left its own way of taking pastes.
        await terminal.ShowsAsync("ready");
        await PasteAsync(requester.Page, pasted);
        await requester.Page.Keyboard.PressAsync("Control+D");
        await terminal.ShowsAsync($"{Sha256(pasted)}  -");

        // Away for twenty seconds while output flows, and typing that came before is not lost.
        await terminal.RunAsync("clear; for i in $(seq 50); do echo line-$i; sleep 0.3; done; echo all-$((40 + 2))");
        await terminal.ShowsAsync("line-5");
        gate.HoldEverything();
        await Task.Delay(TimeSpan.FromSeconds(20), Cancellation);
        gate.Mend();
        await terminal.ShowsAsync("all-42");
        await terminal.ShowsPromptAsync();
        IReadOnlyList<string> shown = await terminal.ReadAsync();
        Assert.Equal(Enumerable.Range(1, 50).Select(number => string.Create(CultureInfo.InvariantCulture, $"line-{number}")), shown.Where(row => row.StartsWith("line-", StringComparison.Ordinal)));
        Guid session = Guid.Parse(requester.Page.Url.Split('/')[^1], CultureInfo.InvariantCulture);

        await requester.Button("End session").ClickAsync();
        await requester.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End session", Exact = true }).ClickAsync();
        await Expect(terminal.EndReason).ToContainTextAsync("Ended by");

        Person auditor = await SignInNewAsync("auditor");
        await auditor.OpenAsync($"/sessions?q={Uri.EscapeDataString(requester.Name)}&command=pasted");
        IPage player = await auditor.Page.Context.RunAndWaitForPageAsync(() => auditor.Link("stty -echo; echo rea''dy; cat > pasted; stty echo; sha256sum < pasted").ClickAsync());
        Assert.Contains($"/sessions/{session}/recording", player.Url, StringComparison.Ordinal);
        await ReplayShowsAsync(player, "end", shown);
        await Expect(player.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("vim -u NONE -n") })).ToBeVisibleAsync();

        // The search goes to where it was shown.
        await player.GetByLabel("Search in the output").FillAsync("load average");
        await player.Keyboard.PressAsync("Enter");
        await Expect(player.Locator("[data-part=hits]")).ToContainTextAsync("1 of");
        await Expect(player.Locator(".ap-line").First).ToContainTextAsync("top -");
        await player.GetByLabel("Speed").SelectOptionAsync("5");
        await player.GetByLabel("Skip idle time").UncheckAsync();
        await Expect(player.Locator(".ap-line").First).ToContainTextAsync("top -");
        Assert.Equal(1, await Sandbox.AuditEntriesOfAsync(auditor, "RecordingPlayed"));
    }

    [Fact]
    public async Task LiveSession_IsWatchedByAnAuditorAndEndedByAnAdmin_AndThePersonSeesBoth()
    {
        Person requester = await SignInNewAsync();
        await requester.AskAsync(DefaultWorld.DemoLinux2, "Be watched");
        await requester.Button("Connect to demo-linux2").ClickAsync();
        TerminalScreen terminal = await requester.ArrivesInTerminalAsync();
        await requester.SeesAsync("Recorded");

        Person auditor = await SignInNewAsync("auditor");
        await auditor.OpenAsync("/sessions");
        await auditor.Link($"Watch the session of {requester.Name} on demo-linux2").ClickAsync();
        await requester.SeesAsync($"Watched by {auditor.Name}");
        await terminal.RunAsync("echo seen-$((40 + 2))");
        await new TerminalScreen(auditor.Page).ShowsAsync("seen-42");
        await auditor.Page.Keyboard.TypeAsync("echo typed-by-the-auditor");
        await terminal.RunAsync("echo after-$((40 + 2))");
        await terminal.ShowsAsync("after-42");
        Assert.DoesNotContain(await terminal.ReadAsync(), row => row.Contains("auditor", StringComparison.Ordinal));
        await auditor.Link("Leave").ClickAsync();
        await Expect(requester.Page.GetByText($"Watched by {auditor.Name}")).ToBeHiddenAsync();

        Person admin = await SignInAsync("admin");
        await admin.OpenAsync("/sessions");
        await admin.Button($"End the session of {requester.Name} on demo-linux2").ClickAsync();
        await admin.Field("Reason").FillAsync("Enough for today");
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End session", Exact = true }).ClickAsync();
        await Expect(terminal.EndReason).ToHaveTextAsync($"Ended by {admin.Name}: “Enough for today”.");
        await Expect(auditor.Row(requester.Name, "Enough for today")).ToBeVisibleAsync();
        Assert.Equal(1, await Sandbox.AuditEntriesOfAsync(auditor, "SessionWatched"));
        await Eventually.IsAsync("AWS has terminated the session", () => Sandbox.Aws.Sessions.Single(one => one.Reason == "Be watched").Status == SessionStatus.Terminated);
    }

    [Fact]
    public async Task TwoTabsOfOnePerson_OneWrites_AndTheOtherTakesOver()
    {
        Person requester = await SignInNewAsync();
        await requester.AskAsync(DefaultWorld.DemoLinux2, "Watch the logs");
        await requester.Button("Connect to demo-linux2").ClickAsync();
        TerminalScreen first = await requester.ArrivesInTerminalAsync();
        IPage tab = await requester.NewTabAsync();
        await tab.GotoAsync(requester.Page.Url);
        TerminalScreen second = await requester.ArrivesInTerminalAsync(tab);
        await Expect(tab.GetByText("Another window of yours has the keyboard.")).ToBeVisibleAsync();
        await second.RunAsync("echo nobody-hears-this");
        await first.RunAsync("echo first-$((40 + 2))");
        await second.ShowsAsync("first-42");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Type here", Exact = true }).ClickAsync();
        await requester.SeesAsync("Another window of yours has the keyboard.");
        await second.RunAsync("echo second-$((40 + 2))");
        await first.ShowsAsync("second-42");
        Assert.DoesNotContain(await first.ReadAsync(), row => row.Contains("nobody-hears-this", StringComparison.Ordinal));
    }

    /// <summary>Makes the window so large that the terminal has exactly 200 columns and 60 rows.</summary>
    private static async Task SizeAsync(IPage page, TerminalScreen terminal)
    {
        for (int tries = 0; tries < 5; tries++)
        {
            await terminal.RunAsync("clear; stty size");
            string? size = null;
            await Eventually.IsAsync("the shell says its size", async () => (size = (await terminal.ReadAsync()).FirstOrDefault(row => SizeLine().IsMatch(row))) is not null);
            int[] found = [.. size!.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            if (found is [Lines, Columns]) return;
            var cell = await page.Locator(".xterm-screen").BoundingBoxAsync();
            await page.SetViewportSizeAsync(
                page.ViewportSize!.Width + (int)Math.Ceiling((Columns - found[1]) * cell!.Width / found[1]),
                page.ViewportSize.Height + (int)Math.Ceiling((Lines - found[0]) * cell.Height / found[0]));
            await Task.Delay(500, Cancellation);
        }
        Assert.Fail("The terminal could not be made 200 columns wide and 60 rows high.");
    }

    private static async Task PasteAsync(IPage page, string text) => await page.EvaluateAsync(
        """
        text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.querySelector(".xterm-helper-textarea").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }
        """, text);

    private static async Task ReplayShowsAsync(IPage player, string key, IReadOnlyList<string> expected)
    {
        await Expect(player.Locator(".ap-player")).ToBeVisibleAsync();
        // Nine tenths and a bit of fast motion: the very end is reached by playing, as a person would.
        await player.GetByLabel("Speed").SelectOptionAsync("10");
        await player.Locator(".ap-progressbar").ClickAsync(new() { Position = new() { X = (await player.Locator(".ap-progressbar").BoundingBoxAsync())!.Width - 8, Y = 5 } });
        await player.Locator(".ap-playback-button").ClickAsync();
        await Eventually.IsAsync($"the replay shows the same screen at the {key}", async () =>
        {
            string[] rows = [.. (await player.Locator(".ap-line").AllTextContentsAsync()).Select(row => row.Replace('\u00a0', ' ').TrimEnd()).Where(row => row.Length > 0)];
            return rows.SequenceEqual(expected);
        });
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"^\d+ \d+$")]
    private static partial Regex SizeLine();

    [GeneratedRegex("-- INSERT --")]
    private static partial Regex InsertMode();

    [GeneratedRegex("load average")]
    private static partial Regex LoadAverage();
}
