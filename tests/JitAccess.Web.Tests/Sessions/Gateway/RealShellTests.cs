using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Tests.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.Gateway;

/// <summary>A page, the gateway, the data channel and a real shell behind the emulated AWS: what a person does first.</summary>
public sealed partial class RealShellTests : IAsyncLifetime
{
    // Before the first line of output the shell switches bracketed paste off, ending in a carriage return.
    [GeneratedRegex("(?<=[\\r\\n])[0-9]+(?=\\r\\n)")]
    private static partial Regex NumberLine { get; }

    private AwsEmulator _aws = null!;
    private AmazonSimpleSystemsManagementClient _ssm = null!;
    private GatewayServer _server = null!;
    private LiveSession _session = null!;
    private string _awsSessionId = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        EmulatedAccessKey key = EmulatedAccessKey.CreateRandom($"arn:aws:iam::{DefaultWorld.MainAccount}:user/tester");
        _aws = await AwsEmulator.StartAsync(new AwsEmulatorOptions { World = DefaultWorld.Create() with { AccessKeys = [key] } }, Cancellation);
        _ssm = new AmazonSimpleSystemsManagementClient(
            key.AccessKeyId,
            key.SecretAccessKey,
            new AmazonSimpleSystemsManagementConfig { ServiceURL = _aws.Endpoint.ToString(), AuthenticationRegion = DefaultWorld.Tokyo });
        _server = await GatewayServer.StartAsync();

        StartSessionResponse started = await _ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancellation);
        _awsSessionId = started.SessionId;
        _session = _server.Sessions.Open(
            Guid.NewGuid(),
            new DataChannelAddress(new Uri(started.StreamUrl), started.TokenValue),
            async cancellationToken =>
            {
                ResumeSessionResponse resumed = await _ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = _awsSessionId }, cancellationToken);
                return new DataChannelAddress(new Uri(resumed.StreamUrl), resumed.TokenValue);
            },
            () => Task.FromResult<string?>(null),
            channelOptions: new DataChannelOptions { FirstDelay = TimeSpan.FromMilliseconds(20) });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _ssm.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Shell_AfterAResize_KnowsItsSize()
    {
        await using Page page = await OpenPageAsync();
        await page.ResizeAsync(101, 33);
        await page.TypeAsync("echo $(tput cols)x$(tput lines)\r");

        await OutputAsync(page, "101x33");
        await page.ResizeAsync(77, 20);
        await page.TypeAsync("echo $(tput cols)x$(tput lines)\r");
        await OutputAsync(page, "77x20");
    }

    [Fact]
    public async Task ControlC_InterruptsWhatRuns()
    {
        await using Page page = await OpenPageAsync();
        await page.TypeAsync("echo star''ted; sleep 1000; echo inter''rupted\r");
        await OutputAsync(page, "started");
        await page.TypeAsync("\x03");
        await page.TypeAsync("echo ba''ck\r");

        await OutputAsync(page, "back");
        Assert.DoesNotContain("interrupted", page.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HundredThousandLines_WithBothConnectionsCutOnTheWay_ArriveOnceAndInOrder()
    {
        await using Page page = await OpenPageAsync();
        await page.TypeAsync("seq 100000; echo do''ne\r");
        await Eventually.TrueAsync(() => page.OutputLength > 50_000, "a part");
        _aws.Faults.CutDataChannel(_awsSessionId);
        await Eventually.TrueAsync(() => page.OutputLength > 200_000, "more after the node's cut");
        await page.CutAsync();

        await using Page again = await OpenPageAsync(page.Offset);
        await OutputAsync(again, "done");
        string output = page.Output + again.Output;
        IEnumerable<int> lines = NumberLine.Matches(output).Select(line => int.Parse(line.ValueSpan, CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, 100_000), lines);
        Assert.Equal(0, again.Lost);
    }

    [Fact]
    public async Task Exit_EndsTheSessionWithItsReason()
    {
        await using Page page = await OpenPageAsync();
        await page.TypeAsync("exit\r");

        await Eventually.TrueAsync(() => page.IsClosed, "the end");
        Assert.Equal(["The shell ended."], page.Texts("ended"));
        Assert.Equal(TerminalEndKind.ShellEnded, (await _session.Completion).Kind);
    }

    [Fact]
    public async Task TerminateSession_ByAWS_EndsThePage()
    {
        await using Page page = await OpenPageAsync();
        await page.TypeAsync("echo rea''dy\r");
        await OutputAsync(page, "ready");
        await _ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = _awsSessionId }, Cancellation);

        await Eventually.TrueAsync(() => page.IsClosed, "the end");
        Assert.Single(page.Texts("ended"));
    }

    private Task<Page> OpenPageAsync(long from = 0) => Page.OpenAsync(_server.Address, _session.Id, from);

    private static Task OutputAsync(Page page, string line) =>
        Eventually.TrueAsync(() => Regex.IsMatch(page.Output, $"[\r\n]{line}\r\n"), $"the line {line}");
}
