using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Sessions.DataChannel;
using SessionStatus = JitAccess.Sandbox.Aws.SessionStatus;

namespace JitAccess.Sandbox.Tests.Aws;

public sealed partial class SessionTests : IAsyncLifetime
{
    private const string Prompt = "ssm-user@demo-linux:~$ ";

    private readonly EmulatedCloud cloud = new();
    private AmazonSimpleSystemsManagementClient ssm = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await cloud.InitializeAsync();
        ssm = await cloud.SsmAsync("requester");
    }

    public async ValueTask DisposeAsync()
    {
        ssm.Dispose();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task Shell_WhoAmI_IsAnUnprivilegedUserInAHomeOfItsOwn()
    {
        await using ShellClient shell = await ShellClient.OpenAsync(await StartAsync());
        await shell.ShowsAsync(Prompt);

        await shell.TypeAsync("whoami; id -u; pwd; env | wc -l; ls /proc/$$/fd | wc -l; echo en''d\r");
        string[] lines = (await shell.ShowsAsync("end\r\n")).Split("\r\n");

        int answer = Array.IndexOf(lines, Environment.UserName == "root" ? "nobody" : Environment.UserName);
        Assert.True(answer > 0, string.Join('\n', lines));
        Assert.NotEqual("0", lines[answer + 1]);
        Assert.EndsWith("/demo-linux", lines[answer + 2], StringComparison.Ordinal);
        Assert.InRange(int.Parse(lines[answer + 3], CultureInfo.InvariantCulture), 5, 15);
        // Three for the terminal, and bash's own copy of it.
        Assert.Equal("4", lines[answer + 4]);
    }

    [Fact]
    public async Task Shell_FirstMessage_IsPlainOutputWithoutHandshake()
    {
        await using ShellClient shell = await ShellClient.OpenAsync(await StartAsync());
        await shell.ShowsAsync(Prompt);

        AgentMessage first = shell.Received[0];

        Assert.Equal((0, PayloadType.Output, MessageFlags.First), (first.SequenceNumber, first.PayloadType, first.Flags));
    }

    [Fact]
    public async Task Shell_Resized_KnowsItsNewSize()
    {
        await using ShellClient shell = await ShellClient.OpenAsync(await StartAsync());
        await shell.ShowsAsync(Prompt);

        await shell.ResizeAsync(132, 43);
        await shell.TypeAsync("stty size; tput cols\r");

        await shell.ShowsAsync("43 132\r\n132\r\n");
    }

    [Fact]
    public async Task Shell_CtrlC_InterruptsWhatRuns()
    {
        await using ShellClient shell = await ShellClient.OpenAsync(await StartAsync());
        await shell.ShowsAsync(Prompt);
        // Bash misses an interrupt between two commands of its own, so one process says that it runs, and then sleeps.
        await shell.TypeAsync("sh -c 'echo star\"\"ted; exec sleep 100'; echo not reached\r");
        await shell.ShowsAsync("started\r\n");

        await shell.TypeAsync("\u0003");
        await shell.ShowsAsync("^C");
        await shell.TypeAsync("echo code $?\r");

        Assert.DoesNotContain("\r\nnot reached", await shell.ShowsAsync("code 130\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shell_HundredThousandLines_AllArriveInOrder()
    {
        await using ShellClient shell = await ShellClient.OpenAsync(await StartAsync());
        await shell.ShowsAsync(Prompt);

        await shell.TypeAsync("seq 100000; echo en''d\r");
        string text = await shell.ShowsAsync(shown => shown.EndsWith($"end\r\n{Prompt}", StringComparison.Ordinal));

        AssertCounts(text, 100000);
        Assert.All(shell.Received, message => Assert.InRange(message.Payload.Length, 1, 1024));
    }

    [Fact]
    public async Task Shell_CutInTheMiddleAndResumed_LosesNothing()
    {
        StartSessionResponse session = await StartAsync();
        await using ShellClient shell = await ShellClient.OpenAsync(session);
        await shell.ShowsAsync(Prompt);
        await shell.TypeAsync("for i in $(seq 20000); do echo $i; done; echo en''d\r");
        await shell.ShowsAsync("\r\n100\r\n");

        for (int cut = 0; cut < 3; cut++)
        {
            cloud.Emulator.Faults.CutDataChannel(session.SessionId);
            await shell.IsCutAsync();
            ResumeSessionResponse resumed = await ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = session.SessionId }, Cancelled);
            await shell.ConnectAsync(resumed.StreamUrl, resumed.TokenValue);
            int seen = shell.Received.Count;
            await shell.ShowsAsync(text => shell.Received.Count > seen || text.Contains("end\r\n", StringComparison.Ordinal));
        }

        AssertCounts(await shell.ShowsAsync("end\r\n"), 20000);
        await shell.TypeAsync("echo sti''ll here\r");
        await shell.ShowsAsync("still here\r\n");
    }

    [Fact]
    public async Task Shell_ClientGone_GoesOnAndKeepsItsOutput()
    {
        StartSessionResponse session = await StartAsync();
        await using ShellClient shell = await ShellClient.OpenAsync(session);
        await shell.ShowsAsync(Prompt);
        await shell.TypeAsync("while [ ! -e go ]; do sleep 0.05; done; echo mea''nwhile\r");
        await shell.ShowsAsync("nwhile\r\n");
        cloud.Emulator.Faults.CutDataChannel(session.SessionId);
        await shell.IsCutAsync();
        await BecomesAsync(session.SessionId, SessionStatus.Disconnected);

        await using (ShellClient other = await ShellClient.OpenAsync(await StartAsync()))
        {
            await other.TypeAsync("touch go; echo do''ne\r");
            await other.ShowsAsync("done\r\n");
        }

        ResumeSessionResponse resumed = await ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = session.SessionId }, Cancelled);
        await shell.ConnectAsync(resumed.StreamUrl, resumed.TokenValue);
        await shell.ShowsAsync("meanwhile\r\n");
        await BecomesAsync(session.SessionId, SessionStatus.Connected);
    }

    [Fact]
    public async Task Output_NotAcknowledged_IsRepeated()
    {
        await using ShellClient shell = await ShellClient.OpenAsync(await StartAsync());
        await shell.ShowsAsync(Prompt);

        shell.Acknowledges = false;
        await shell.TypeAsync("echo unhe''ard\r");
        await shell.ShowsAsync(_ => shell.Ignored > 3);
        shell.Acknowledges = true;

        await shell.ShowsAsync("unheard\r\n");
    }

    [Fact]
    public async Task Output_NeverAcknowledged_MakesTheProgramWait()
    {
        StartSessionResponse session = await StartAsync();
        await using ShellClient shell = await ShellClient.OpenAsync(session);
        await shell.TypeAsync("pwd; echo pid=$$\r");
        string home = HomeIn(await shell.ShowsAsync(text => ProcessIdPattern.IsMatch(text)));
        shell.Acknowledges = false;
        await shell.TypeAsync("seq 500000; echo en''d\r");
        await shell.ShowsAsync(_ => shell.Ignored > 100);

        // It would long be done if the node kept all it writes, almost four megabytes.
        long before = -1;
        await PollAsync(() => before == (before = BytesWrittenBy("seq", home)));
        Assert.InRange(before, 1, 2_000_000);

        cloud.Emulator.Faults.CutDataChannel(session.SessionId);
        await shell.IsCutAsync();
        shell.Acknowledges = true;
        ResumeSessionResponse resumed = await ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = session.SessionId }, Cancelled);
        await shell.ConnectAsync(resumed.StreamUrl, resumed.TokenValue);
        AssertCounts(await shell.ShowsAsync("end\r\n"), 500000);
    }

    [Fact]
    public async Task Input_EarlyAndTwice_IsTypedOnceInOrder()
    {
        await using ShellClient shell = await ShellClient.OpenAsync(await StartAsync());
        await shell.ShowsAsync(Prompt);

        await shell.SendAsync(PayloadType.Output, Encoding.ASCII.GetBytes("b'c'\r"), sequence: 1);
        await shell.SendAsync(PayloadType.Output, Encoding.ASCII.GetBytes("echo a"), sequence: 0);
        await shell.SendAsync(PayloadType.Output, Encoding.ASCII.GetBytes("echo a"), sequence: 0);
        await shell.SendAsync(PayloadType.Output, Encoding.ASCII.GetBytes("echo do''ne\r"), sequence: 2);

        string text = await shell.ShowsAsync("done\r\n");
        Assert.Contains("\r\nabc\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not found", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shell_Exits_ChannelClosesAfterTheLastOutput()
    {
        StartSessionResponse session = await StartAsync();
        await using ShellClient shell = await ShellClient.OpenAsync(session);
        await shell.ShowsAsync(Prompt);

        await shell.TypeAsync("seq 5000; echo la''st; exit\r");
        ChannelClosed closed = await shell.ClosedAsync();

        Assert.Equal((session.SessionId, ""), (closed.SessionId, closed.Output));
        Assert.Contains("5000\r\nlast\r\n", await shell.ShowsAsync("last\r\n"), StringComparison.Ordinal);
        await BecomesAsync(session.SessionId, SessionStatus.Terminated);
    }

    [Fact]
    public async Task TerminateSession_RunningProgram_ClosesChannelAndEndsIt()
    {
        StartSessionResponse session = await StartAsync();
        await using ShellClient shell = await ShellClient.OpenAsync(session);
        await shell.TypeAsync("echo pid=$$; sleep 1000\r");
        int processId = ProcessIdIn(await shell.ShowsAsync(text => ProcessIdPattern.IsMatch(text)));

        await ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = session.SessionId }, Cancelled);

        Assert.Equal(session.SessionId, (await shell.ClosedAsync()).SessionId);
        await shell.IsCutAsync();
        await EndsAsync(processId);
    }

    [Fact]
    public async Task Dispose_BackgroundJobsOfEveryKind_LeavesNoProcessAndNoHome()
    {
        await using EmulatedCloud other = new();
        await other.InitializeAsync();
        using AmazonSimpleSystemsManagementClient client = await other.SsmAsync("requester");
        await using ShellClient shell = await ShellClient.OpenAsync(
            await client.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancelled));
        await shell.TypeAsync("pwd; sleep 1001 & setsid sleep 1002 & (nohup setsid sleep 1003 >/dev/null 2>&1 &) ; echo pid=$$; sleep 1004\r");
        string home = HomeIn(await shell.ShowsAsync(text => ProcessIdPattern.IsMatch(text)));
        await PollAsync(() => ProcessesUnder(home).Count >= 5);

        await other.Emulator.DisposeAsync();

        Assert.Empty(ProcessesUnder(home));
        Assert.False(Directory.Exists(home));
    }

    [Fact]
    public async Task OpenDataChannel_WrongOrUsedToken_IsTurnedAway()
    {
        StartSessionResponse session = await StartAsync();
        await using ShellClient intruder = new();
        await intruder.ConnectAsync(session.StreamUrl, "guessed");
        await intruder.IsCutAsync();
        await using ShellClient shell = await ShellClient.OpenAsync(session);
        await shell.ShowsAsync(Prompt);

        await using ShellClient thief = await ShellClient.OpenAsync(session);
        await thief.IsCutAsync();

        Assert.Empty(intruder.Received);
        Assert.Empty(thief.Received);
        Assert.False(shell.IsCut);
        Assert.Equal(1, cloud.Emulator.Calls.Count(call => call.Operation == "OpenDataChannel"));
    }

    [Fact]
    public async Task OpenDataChannel_UnknownSession_IsNotFound()
    {
        using ClientWebSocket socket = new();

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(
            new Uri($"ws://{cloud.Emulator.Endpoint.Authority}/v1/data-channel/nobody-0?role=publish_subscribe"), Cancelled));
    }

    [Fact]
    public async Task Handshake_NodeThatAsksForIt_ComesBeforeTheShell()
    {
        await using ShellClient shell = await ShellClient.OpenAsync(await StartAsync(EmulatedCloud.WithHandshake.Id));
        await shell.ShowsAsync(_ => shell.Received.Count == 1);
        Assert.True(PayloadJson.TryRead(shell.Received[0].Payload.Span, out HandshakeRequest? request));
        await shell.TypeAsync("too early\r");

        await shell.SendAsync(PayloadType.HandshakeResponse, PayloadJson.Write(new HandshakeResponse(
            "1.2.677.0", [.. request.RequestedClientActions.Select(action => new ProcessedClientAction(action.ActionType, ClientActionStatus.Success))])));
        string text = await shell.ShowsAsync("ssm-user@own-agent-1:~$ ");

        Assert.Equal(
            [PayloadType.HandshakeRequest, PayloadType.HandshakeComplete, PayloadType.Output],
            shell.Received.Take(3).Select(message => message.PayloadType));
        Assert.DoesNotContain("early", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataChannelClient_OfTheApplication_WorksInTheShellAcrossACut()
    {
        StartSessionResponse session = await StartAsync();
        using ShownText shown = new();
        await using DataChannelClient client = DataChannelClient.Start(
            new DataChannelAddress(new Uri(session.StreamUrl), session.TokenValue),
            async cancellationToken =>
            {
                ResumeSessionResponse resumed = await ssm.ResumeSessionAsync(
                    new ResumeSessionRequest { SessionId = session.SessionId }, cancellationToken);
                return new DataChannelAddress(new Uri(resumed.StreamUrl), resumed.TokenValue);
            },
            shown,
            new DataChannelOptions(),
            TimeProvider.System);
        await shown.ShowsAsync(Prompt);
        await client.SendAsync("for i in $(seq 20000); do echo $i; done; echo en''d\r"u8.ToArray(), Cancelled);
        await shown.ShowsAsync("\r\n100\r\n");

        cloud.Emulator.Faults.CutDataChannel(session.SessionId);
        AssertCounts(await shown.ShowsAsync("end\r\n"), 20000);
        await client.SendAsync("exit\r"u8.ToArray(), Cancelled);

        Assert.Equal(ChannelEndReason.Closed, (await client.Completion).Reason);
    }

    private Task<StartSessionResponse> StartAsync(string target = DefaultWorld.DemoLinux) =>
        ssm.StartSessionAsync(new StartSessionRequest { Target = target }, Cancelled);

    private Task BecomesAsync(string sessionId, SessionStatus status) =>
        PollAsync(() => cloud.Emulator.Sessions.Single(session => session.SessionId == sessionId).Status == status);

    private static Task EndsAsync(int processId) => PollAsync(() => !Directory.Exists($"/proc/{processId}"));

    private static async Task PollAsync(Func<bool> condition)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(50, deadline.Token);
    }

    private static void AssertCounts(string text, int last)
    {
        string[] numbers = [.. text.Split("\r\n").Where(line => line.Length > 0 && line.All(char.IsAsciiDigit))];
        Assert.Equal(Enumerable.Range(1, last).Select(n => n.ToString(CultureInfo.InvariantCulture)), numbers);
    }

    private static int ProcessIdIn(string text) => int.Parse(ProcessIdPattern.Match(text).Groups[1].Value, CultureInfo.InvariantCulture);

    private static string HomeIn(string text) => HomePattern.Match(text).Value;

    private static List<string> ProcessesUnder(string home) =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(process =>
        {
            try
            {
                return new FileInfo($"{process}/cwd").LinkTarget?.StartsWith(home, StringComparison.Ordinal) == true;
            }
            catch (IOException)
            {
                return false;
            }
            catch (UnauthorizedAccessException)
            {
                return false;
            }
        }),
    ];

    private static long BytesWrittenBy(string name, string home)
    {
        string process = ProcessesUnder(home).Single(process => File.ReadAllText($"{process}/comm") == $"{name}\n");
        string line = File.ReadLines($"{process}/io").Single(line => line.StartsWith("wchar: ", StringComparison.Ordinal));
        return long.Parse(line["wchar: ".Length..], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"pid=(\d+)\r")]
    private static partial Regex ProcessIdPattern { get; }

    [GeneratedRegex(@"^/\S*/demo-linux\b", RegexOptions.Multiline)]
    private static partial Regex HomePattern { get; }
}
