using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Tests.Aws;

/// <summary>The emulator's faults on demand, and that the application's client comes through them.</summary>
public sealed class ChannelFaultsTests : IAsyncLifetime
{
    private readonly EmulatedCloud cloud = new();
    private readonly ShownText shown = new();
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
        shown.Dispose();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task Faults_OfEveryKind_LoseAndDoubleNothing()
    {
        cloud.Emulator.Faults.DataChannels = new ChannelFaults { Drop = 0.05, Duplicate = 0.05, Delay = 0.05, Seed = 7 };
        await using DataChannelClient client = await OpenAsync();
        await shown.ShowsAsync("$ ");
        await client.SendAsync("for i in $(seq 3000); do echo $i; done; echo en''d\r"u8.ToArray(), Cancelled);

        string text = await shown.ShowsAsync("end\r\n");

        Assert.Equal(
            Enumerable.Range(1, 3000).Select(n => $"{n}"), text.Split("\r\n").Where(line => line.Length > 0 && line.All(char.IsAsciiDigit)));
    }

    [Fact]
    public async Task CutAfterFrames_CutsEveryConnection_AndLosesNothing()
    {
        cloud.Emulator.Faults.DataChannels = new ChannelFaults { CutAfterFrames = 600 };
        await using DataChannelClient client = await OpenAsync();
        await shown.ShowsAsync("$ ");
        await client.SendAsync("seq 100000; echo en''d\r"u8.ToArray(), Cancelled);

        string text = await shown.ShowsAsync("end\r\n");

        Assert.Equal(
            Enumerable.Range(1, 100000).Select(n => $"{n}"), text.Split("\r\n").Where(line => line.Length > 0 && line.All(char.IsAsciiDigit)));
        Assert.True(cloud.Emulator.Calls.Count(call => call.Operation == "OpenDataChannel") > 1);
        cloud.Emulator.Faults.Clear();
        Assert.Null(cloud.Emulator.Faults.DataChannels);
    }

    [Fact]
    public async Task ExpireToken_TurnsTheClientAway_UntilItResumes()
    {
        StartSessionResponse session = await ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancelled);
        cloud.Emulator.Faults.ExpireToken(session.SessionId);
        await using DataChannelClient client = Connect(session);

        await shown.ShowsAsync("$ ");

        Assert.Single(cloud.Emulator.Calls, call => call.Operation == "ResumeSession");
    }

    [Fact]
    public async Task Handshake_NeverAnswered_TimesOut()
    {
        await using EmulatedCloud impatient = new() { HandshakeTimeout = TimeSpan.FromMilliseconds(300) };
        await impatient.InitializeAsync();
        using AmazonSimpleSystemsManagementClient client = await impatient.SsmAsync("requester");
        await using ShellClient shell = await ShellClient.OpenAsync(
            await client.StartSessionAsync(new StartSessionRequest { Target = EmulatedCloud.WithHandshake.Id }, Cancelled));

        ChannelClosed closed = await shell.ClosedAsync();

        Assert.StartsWith("Handshake timed out.", closed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS-StartInteractiveCommand", null, null)]
    [InlineData("AWS-StartNonInteractiveCommand", "command", "")]
    [InlineData("AWS-StartPortForwardingSession", "portNumber", "70000")]
    [InlineData("AWS-StartPortForwardingSession", "portNumber", "ssh")]
    [InlineData("AWS-StartPortForwardingSessionToRemoteHost", "portNumber", "80")]
    [InlineData("AWS-StartSSHSession", "host", "example.com")]
    public async Task StartSession_ParametersThatTheDocumentDoesNotTake_AreRefused(string document, string? name, string? value)
    {
        StartSessionRequest request = new() { Target = DefaultWorld.DemoLinux, DocumentName = document };
        if (name is not null)
            request.Parameters = new Dictionary<string, List<string>> { [name] = [value!] };

        AmazonSimpleSystemsManagementException refused =
            await Assert.ThrowsAnyAsync<AmazonSimpleSystemsManagementException>(() => ssm.StartSessionAsync(request, Cancelled));

        Assert.Equal("InvalidParameters", refused.ErrorCode);
        Assert.Empty(cloud.Emulator.Sessions);
    }

    private async Task<DataChannelClient> OpenAsync() =>
        Connect(await ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancelled));

    private DataChannelClient Connect(StartSessionResponse session) => DataChannelClient.Start(
        new DataChannelAddress(new Uri(session.StreamUrl), session.TokenValue),
        async cancellationToken =>
        {
            ResumeSessionResponse resumed = await ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = session.SessionId }, cancellationToken);
            return new DataChannelAddress(new Uri(resumed.StreamUrl), resumed.TokenValue);
        },
        shown,
        new DataChannelOptions(),
        TimeProvider.System);
}
