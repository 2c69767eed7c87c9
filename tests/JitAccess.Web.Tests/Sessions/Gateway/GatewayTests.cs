using System.Text;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Tests.Sessions.DataChannel;
using Microsoft.Extensions.Time.Testing;

namespace JitAccess.Web.Tests.Sessions.Gateway;

public sealed class GatewayTests : IAsyncDisposable
{
    private GatewayServer _server = null!;

    private ChannelServer Node => _server.Node;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Page_InASession_ShowsOutputAndSendsInputAndSize()
    {
        _server = await GatewayServer.StartAsync();
        await using Page page = await _server.OpenPageAsync();
        await page.ResizeAsync(101, 33);
        Node.Send("# ");
        await page.TypeAsync("id\r");

        await Eventually.TrueAsync(() => page.Output == "# " && Node.Input == "id\r", "both directions");
        Assert.Equal("""{"cols":101,"rows":33}""", Encoding.UTF8.GetString(Node.Received.First().Payload.Span));
        Assert.Null(_server.Session.LeftAt);
    }

    [Fact]
    public async Task Page_ThatComesBack_GetsTheRestOnce()
    {
        _server = await GatewayServer.StartAsync();
        string first, second;
        await using (Page page = await _server.OpenPageAsync())
        {
            Node.Send("one ");
            await Eventually.TrueAsync(() => page.Output == "one ", "the first output");
            await page.CutAsync();
            first = page.Output;
            await Eventually.TrueAsync(() => _server.Session.LeftAt is not null, "the page is gone");
            Node.Send("two ");
            Node.Send("three");
            await using Page again = await _server.OpenPageAsync(page.Offset);
            await Eventually.TrueAsync(() => again.Output.EndsWith("three", StringComparison.Ordinal), "the rest");
            second = again.Output;
            Assert.Equal(0, again.Lost);
        }

        Assert.Equal("one two three", first + second);
    }

    [Fact]
    public async Task Page_CutAgainAndAgainInAFlood_GetsEveryByteOnce()
    {
        _server = await GatewayServer.StartAsync();
        string expected = Flood(100_000);
        StringBuilder shown = new();
        long offset = 0;
        for (int round = 0; offset < expected.Length; round++)
        {
            await using Page page = await _server.OpenPageAsync(offset);
            int enough = round < 5 ? 50_000 : int.MaxValue;
            await Eventually.TrueAsync(() => page.OutputLength >= enough || page.Offset >= expected.Length, "output");
            await page.CutAsync();
            Assert.Equal(0, page.Lost);
            shown.Append(page.Output);
            offset = page.Offset;
        }

        Assert.True(shown.ToString() == expected, "The lines are complete and in order.");
    }

    [Fact]
    public async Task Session_WithoutAPage_HoldsTheNodeBackAndLosesNothing()
    {
        _server = await GatewayServer.StartAsync(o => o.HistoryBytes = 1024 * 1024);
        string expected = Flood(400_000);
        // Some are acknowledged before the last is sent.
        int sent = (expected.Length + 1023) / 1024;
        await Eventually.TrueAsync(() => sent - Node.UnacknowledgedOutput >= 1023, "the history is full");
        Assert.InRange(sent - Node.UnacknowledgedOutput, 1023, 1024);

        await using Page page = await _server.OpenPageAsync();
        await Eventually.TrueAsync(() => page.OutputLength == expected.Length, "everything arrives");
        Assert.Equal(0, page.Lost);
        Assert.True(page.Output == expected, "The lines are complete and in order.");
    }

    [Fact]
    public async Task Page_ThatShowsNothing_IsSentNoMoreThanItsWindow()
    {
        _server = await GatewayServer.StartAsync(o => o.WindowBytes = 100_000);
        string expected = Flood(100_000);
        await using Page page = await _server.OpenPageAsync(isSlow: true);

        await FillsAsync(100_000);
        await page.SeenAsync(30_000);
        await FillsAsync(130_000);
        // Nobody has seen what was not sent.
        int sent = page.OutputLength;
        await page.SeenAsync(long.MaxValue);
        await FillsAsync(sent + 100_000);
        Assert.StartsWith(page.Output, expected, StringComparison.Ordinal);

        // Up to a piece that would be too small to send.
        async Task FillsAsync(int window)
        {
            await Eventually.TrueAsync(() => page.OutputLength > window - (16 * 1024), "the window is full");
            await Task.Delay(200, TestContext.Current.CancellationToken);
            Assert.InRange(page.OutputLength, window - (16 * 1024), window);
        }
    }

    [Fact]
    public async Task Page_ThatAsksForForgottenOutput_IsToldHowMuchIsMissing()
    {
        _server = await GatewayServer.StartAsync(o => o.HistoryBytes = 1024 * 1024);
        string expected = Flood(400_000);
        await using (Page page = await _server.OpenPageAsync())
            await Eventually.TrueAsync(() => page.OutputLength == expected.Length, "everything is shown once");

        await using Page late = await _server.OpenPageAsync(from: 10);
        await Eventually.TrueAsync(() => late.Offset == expected.Length, "the page has caught up");
        Assert.Equal(expected.Length - (1024 * 1024) - 10, late.Lost);
        Assert.EndsWith(late.Output, expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithAnOffsetFromElsewhere_BeginsAtTheStart()
    {
        _server = await GatewayServer.StartAsync();
        Node.Send("hello");
        await using Page page = await _server.OpenPageAsync(from: 1_000_000);

        await Eventually.TrueAsync(() => page.Output == "hello", "the output");
        Assert.Equal(0, page.Lost);
    }

    [Fact]
    public async Task Page_ThatPings_IsAnswered()
    {
        _server = await GatewayServer.StartAsync();
        await using Page page = await _server.OpenPageAsync();
        await page.SendAsync([3]);

        await Eventually.TrueAsync(() => page.Texts("alive").Any(), "the answer");
    }

    [Fact]
    public async Task Page_OfASessionShownBefore_IsToldHowFar()
    {
        _server = await GatewayServer.StartAsync();
        await using Page one = await _server.OpenPageAsync();
        Node.Send("12345");
        await Eventually.TrueAsync(() => one.Output == "12345", "the first page");
        await one.TypeAsync("x");
        await Eventually.TrueAsync(() => Node.Input == "x", "what the page sent before, its offset included, was taken");
        await using Page two = await _server.OpenPageAsync();

        await Eventually.TrueAsync(() => two.Output == "12345", "the second page");
        Assert.Equal(0, one.Controls.First(c => c.TryGetProperty("shown", out _)).GetProperty("shown").GetInt64());
        Assert.Equal(5, two.Controls.First(c => c.TryGetProperty("shown", out _)).GetProperty("shown").GetInt64());
    }

    [Fact]
    public async Task TwoPages_OfOneSession_BothShowEverything()
    {
        _server = await GatewayServer.StartAsync();
        await using Page one = await _server.OpenPageAsync();
        Node.Send("first ");
        await Eventually.TrueAsync(() => one.Output == "first ", "the first page");
        await using Page two = await _server.OpenPageAsync();
        Node.Send("second");

        await Eventually.TrueAsync(() => one.Output == "first second" && two.Output == "first second", "both pages");
    }

    [Fact]
    public async Task OfTwoPages_OneWrites_UntilTheOtherTakesTheKeyboard()
    {
        _server = await GatewayServer.StartAsync();
        // A node without a handshake is ready once it speaks.
        Node.Send("$ ");
        await using Page one = await _server.OpenPageAsync(name: "one");
        await Eventually.TrueAsync(() => HasKeyboard(one), "the first page writes");
        await using Page two = await _server.OpenPageAsync(name: "two");
        await Eventually.TrueAsync(() => KeyboardsOf(two).Any(), "the second page is told");
        Assert.False(HasKeyboard(two));
        await two.TypeAsync("nobody hears this ");
        await one.TypeAsync("one ");
        await Eventually.TrueAsync(() => Node.Input == "one ", "only the first is heard");

        await two.SendAsync([4]);
        await Eventually.TrueAsync(() => HasKeyboard(two) && !HasKeyboard(one), "the keyboard changes hands");
        await one.TypeAsync("nor this");
        await two.TypeAsync("two");
        await Eventually.TrueAsync(() => Node.Input == "one two", "only the second is heard");

        await two.CutAsync();
        await Eventually.TrueAsync(() => HasKeyboard(one), "the keyboard goes back to the page that is left");
    }

    [Fact]
    public async Task PageThatComesBackAfterACut_KeepsTheKeyboardThoughItsOldSocketStillStands()
    {
        _server = await GatewayServer.StartAsync();
        // A node without a handshake is ready once it speaks.
        Node.Send("$ ");
        await using Page before = await _server.OpenPageAsync(name: "same");
        await Eventually.TrueAsync(() => HasKeyboard(before), "the page writes");
        await using Page after = await _server.OpenPageAsync(name: "same");
        await Eventually.TrueAsync(() => HasKeyboard(after) && before.IsClosed, "the new connection took over");
        await after.TypeAsync("still here");
        await Eventually.TrueAsync(() => Node.Input == "still here", "it is heard");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watcher_SeesEverythingAndIsNeverHeard_AndThePersonIsToldWhereThePolicyWantsIt(bool isTold)
    {
        _server = await GatewayServer.StartAsync(rules: new LiveRules { TellsWhenWatched = isTold });
        await using Page person = await _server.OpenPageAsync(name: "person");
        Node.Send("before ");
        await Eventually.TrueAsync(() => person.Output == "before ", "the person's page");
        await using Page watcher = await _server.WatchAsync("watcher");
        Node.Send("after");
        await Eventually.TrueAsync(() => watcher.Output == "before after", "the watcher's page");
        await watcher.SendAsync([4]);
        await watcher.TypeAsync("rm -rf /");
        await watcher.ResizeAsync(1, 1);
        await person.TypeAsync("ls");
        await Eventually.TrueAsync(() => Node.Input == "ls", "only the person is heard");
        Assert.DoesNotContain(Node.Received, message => message.PayloadType == PayloadType.Size);
        Assert.Equal(isTold ? ["Audrey"] : [], WatchersOf(person));
        Assert.Equal(["Audrey"], WatchersOf(watcher));

        await watcher.CutAsync();
        await Eventually.TrueAsync(() => WatchersOf(person).Length == 0, "nobody watches any more");
    }

    [Fact]
    public async Task SessionThatNeedsAnObserver_TakesKeystrokesOnlyWhileThereIsOne()
    {
        _server = await GatewayServer.StartAsync(rules: new LiveRules { NeedsObserver = true, TellsWhenWatched = false });
        // A node without a handshake is ready once it speaks.
        Node.Send("$ ");
        await using Page person = await _server.OpenPageAsync(name: "person");
        await Eventually.TrueAsync(() => IsPaused(person), "it waits");
        await person.TypeAsync("too early ");
        await using (Page watcher = await _server.WatchAsync("watcher"))
        {
            await Eventually.TrueAsync(() => !IsPaused(person) && WatchersOf(person) is ["Audrey"], "somebody is there");
            await person.TypeAsync("watched");
            await Eventually.TrueAsync(() => Node.Input == "watched", "it is heard");
        }
        await Eventually.TrueAsync(() => IsPaused(person), "it pauses");
        await person.TypeAsync(" too late");
        await person.SendAsync([3]);
        await Eventually.TrueAsync(() => person.Texts("alive").Any(), "the page's messages were taken");
        Assert.Equal("watched", Node.Input);
    }

    [Fact]
    public async Task WatcherThatIsSlow_HoldsNobodyUp()
    {
        _server = await GatewayServer.StartAsync(o => o.HistoryBytes = 1024 * 1024);
        await using Page watcher = await Page.OpenAsync(_server.Address, _server.Session.Id, isSlow: true, isWatcher: true);
        await using Page person = await _server.OpenPageAsync();
        string expected = Flood(400_000);
        await Eventually.TrueAsync(() => person.OutputLength == expected.Length, "the person gets everything");
        Assert.True(watcher.OutputLength < expected.Length);
    }

    [Fact]
    public async Task Notice_AndEnd_ReachEveryPage()
    {
        _server = await GatewayServer.StartAsync();
        DateTimeOffset endsAt = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        _server.Session.MoveEnd(endsAt);
        await using Page page = await _server.OpenPageAsync();
        await Eventually.TrueAsync(() => page.Controls.Any(c => c.TryGetProperty("endsAt", out var at) && at.GetDateTimeOffset() == endsAt), "the time of the end");

        _server.Session.Notify("The grant ends in 5 minutes.");
        _server.Session.MoveEnd(endsAt.AddHours(1));
        await Eventually.TrueAsync(() => page.Controls.Any(c => c.TryGetProperty("endsAt", out var at) && at.GetDateTimeOffset() == endsAt.AddHours(1)), "the new time");
        Assert.Equal(["The grant ends in 5 minutes."], page.Texts("notice"));
    }

    [Fact]
    public async Task Session_EndedHere_TellsThePageTheReasonAfterAllOutput()
    {
        _server = await GatewayServer.StartAsync();
        await using Page page = await _server.OpenPageAsync();
        Node.Send("last words");
        await Eventually.TrueAsync(() => page.Output == "last words", "the output");

        await _server.Session.EndAsync("The grant ended at 14:23.");
        await Eventually.TrueAsync(() => page.IsClosed, "the page is closed");
        Assert.Equal(["The grant ended at 14:23."], page.Texts("ended"));
        Assert.Equal(new TerminalEnd(TerminalEndKind.EndedHere, "The grant ended at 14:23."), await _server.Session.Completion);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Session terminated by operator")]
    public async Task Session_ThatAwsClosesBeforeWeHearOfTheEnd_TellsTheReasonInTheStore(string detail)
    {
        _server = await GatewayServer.StartAsync();
        _server.StoredReason = "Returned by requester.";
        await using Page page = await _server.OpenPageAsync();

        await Node.CloseChannelAsync(detail);

        await Eventually.TrueAsync(() => page.IsClosed, "the page is closed");
        Assert.Equal(["Returned by requester."], page.Texts("ended"));
        Assert.Equal(TerminalEndKind.EndedHere, (await _server.Session.Completion).Kind);
    }

    [Theory]
    [InlineData("", TerminalEndKind.ShellEnded, "The shell ended.")]
    [InlineData("Session terminated by operator", TerminalEndKind.TerminatedByService, "The session was ended: Session terminated by operator")]
    public async Task Session_EndedWhileThePageWasAway_GivesItTheRestAndTheReason(string detail, TerminalEndKind kind, string reason)
    {
        _server = await GatewayServer.StartAsync();
        Node.Send("logout");
        await Eventually.TrueAsync(() => Node.UnacknowledgedOutput == 0, "the output was taken");
        await Node.CloseChannelAsync(detail);
        Assert.Equal(kind, (await _server.Session.Completion).Kind);

        await using Page page = await _server.OpenPageAsync();
        await Eventually.TrueAsync(() => page.IsClosed, "the page is closed");
        Assert.Equal("logout", page.Output);
        Assert.Equal([reason], page.Texts("ended"));
    }

    [Fact]
    public async Task DataChannel_Cut_ShowsOnThePageAndLosesNothing()
    {
        _server = await GatewayServer.StartAsync();
        await using Page page = await _server.OpenPageAsync();
        Node.Send("before ");
        await Eventually.TrueAsync(() => page.Output == "before ", "the output");
        Node.IsReachable = false;
        Node.Cut();
        await Eventually.TrueAsync(() => page.Controls.Any(c => c.TryGetProperty("status", out var s) && s.GetString() == "interrupted"), "the cut");
        await page.TypeAsync("typed meanwhile");
        Node.Send("after");
        Node.IsReachable = true;

        await Eventually.TrueAsync(() => page.Output == "before after" && Node.Input == "typed meanwhile", "both directions");
        Assert.Equal("connected", page.Controls.Last(c => c.TryGetProperty("status", out _)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Page_ThatSendsNonsense_HarmsNothing()
    {
        _server = await GatewayServer.StartAsync();
        await using Page page = await _server.OpenPageAsync();
        foreach (byte[] message in new byte[][] { [], [9, 1, 2], [1], [1, 0, 0, 0, 0], [2, 1], [0] })
            await page.SendAsync(message);
        await page.SeenAsync(-5);
        Node.Send("still here");
        await Eventually.TrueAsync(() => page.Output == "still here", "the output");

        await page.SendAsync(new byte[100_000]);
        await Eventually.TrueAsync(() => page.IsClosed, "too long a message closes the page");
        Assert.Null(_server.Session.End);
    }

    [Fact]
    public async Task Session_LeftForTheConfiguredTime_Ends()
    {
        FakeTimeProvider time = new();
        _server = await GatewayServer.StartAsync(o => o.EndWhenLeftFor = TimeSpan.FromMinutes(2), time);
        await using (Page page = await _server.OpenPageAsync())
        {
            await Eventually.TrueAsync(() => _server.Session.LeftAt is null, "the page is there");
            time.Advance(TimeSpan.FromMinutes(10));
            Assert.Null(_server.Session.End);
        }

        await Eventually.TrueAsync(() => _server.Session.LeftAt is not null, "the page is gone");
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(TerminalEndKind.EndedHere, (await _server.Session.Completion).Kind);
    }

    [Fact]
    public async Task Session_Ended_IsForgottenAfterAWhile()
    {
        FakeTimeProvider time = new();
        _server = await GatewayServer.StartAsync(time: time);
        await _server.Session.EndAsync("Done.");
        Assert.Same(_server.Session, _server.Sessions.Find(_server.Session.Id));

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(5));
                return _server.Sessions.Find(_server.Session.Id) is null;
            },
            "the session is forgotten");
    }

    [Fact]
    public async Task Session_OpenedTwice_IsRefused()
    {
        _server = await GatewayServer.StartAsync();

        Assert.Throws<InvalidOperationException>(() =>
            _server.Sessions.Open(_server.Session.Id, Node.Address(), _ => Task.FromResult<DataChannelAddress?>(null), () => Task.FromResult<string?>(null)));
    }

    /// <summary>Lets the node say what <c>seq</c> prints, in chunks as nodes send them.</summary>
    private string Flood(int lines)
    {
        StringBuilder text = new();
        for (int line = 1; line <= lines; line++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{line}\r\n");
        string all = text.ToString();
        ReadOnlyMemory<byte> bytes = Encoding.ASCII.GetBytes(all);
        for (int at = 0; at < bytes.Length; at += 1024)
            Node.Send(PayloadType.Output, bytes.Slice(at, Math.Min(1024, bytes.Length - at)));
        return all;
    }

    private static IEnumerable<bool> KeyboardsOf(Page page) => page.Controls.Where(c => c.TryGetProperty("mine", out _)).Select(c => c.GetProperty("mine").GetBoolean());

    private static bool HasKeyboard(Page page) => KeyboardsOf(page).LastOrDefault();

    private static System.Text.Json.JsonElement? Watch(Page page) => page.Controls.Where(c => c.TryGetProperty("watchers", out _)).Cast<System.Text.Json.JsonElement?>().LastOrDefault();

    private static string[] WatchersOf(Page page) => [.. Watch(page)?.GetProperty("watchers").EnumerateArray().Select(name => name.GetString()!) ?? []];

    private static bool IsPaused(Page page) => Watch(page)?.GetProperty("paused").GetBoolean() == true;
}
