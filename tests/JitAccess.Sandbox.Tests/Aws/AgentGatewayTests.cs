using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Sessions.DataChannel;
using PingStatus = JitAccess.Sandbox.Aws.PingStatus;
using SessionStatus = JitAccess.Sandbox.Aws.SessionStatus;

namespace JitAccess.Sandbox.Tests.Aws;

/// <summary>Sessions on a machine whose own agent is attached to the emulator.</summary>
public sealed class AgentGatewayTests : IAsyncLifetime
{
    private readonly X509Certificate2 certificate = LocalCertificate.Create(TimeProvider.System);
    private readonly ShownText shown = new();
    private EmulatedCloud cloud = null!;
    private AmazonSimpleSystemsManagementClient ssm = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cloud = new EmulatedCloud { AgentCertificate = certificate };
        await cloud.InitializeAsync();
        ssm = await cloud.SsmAsync("requester");
    }

    public async ValueTask DisposeAsync()
    {
        ssm.Dispose();
        shown.Dispose();
        await cloud.DisposeAsync();
        certificate.Dispose();
    }

    [Fact]
    public async Task Agent_OverTls_ServesItsMachinesShellAndEndsIt()
    {
        await using FakeAgent agent = await FakeAgent.AttachAsync(cloud.Emulator.AgentEndpoint!, cloud.AgentKey, EmulatedCloud.WithAgent.Id, certificate);
        await OnlineAsync();
        StartSessionResponse session = await StartAsync();
        await using DataChannelClient client = Connect(session);
        await shown.ShowsAsync("# ");

        await client.SendAsync("hello "u8.ToArray(), Cancelled);
        await shown.ShowsAsync("# HELLO ");
        await client.SendAsync("exit"u8.ToArray(), Cancelled);
        ChannelEnd end = await client.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed), end);
        await shown.ShowsAsync("# HELLO EXIT");
        await PollAsync(() => agent.Heard.Contains("agent_task_acknowledge"));
        Assert.Equal(SessionStatus.Terminated, StatusOf(session));
        JsonElement task = Assert.Single(agent.Started);
        Assert.Equal("SSM-SessionManagerRunShell", task.GetProperty("DocumentName").GetString());
        Assert.Equal("Standard_Stream", task.GetProperty("DocumentContent").GetProperty("sessionType").GetString());
    }

    [Fact]
    public async Task EitherEndCut_LosesAndDoublesNothing()
    {
        await using FakeAgent agent = await AttachAsync();
        StartSessionResponse session = await StartAsync();
        await using DataChannelClient client = Connect(session);
        await shown.ShowsAsync("# ");
        string expected = "# ";
        for (int round = 0; round < 6; round++)
        {
            for (int part = 0; part < 20; part++)
            {
                await client.SendAsync(System.Text.Encoding.ASCII.GetBytes($"{round}.{part} "), Cancelled);
                expected += $"{round}.{part} ";
            }

            if (round % 2 == 0)
                cloud.Emulator.Faults.CutDataChannel(session.SessionId);
            else
                agent.CutDataChannel(session.SessionId);
            await shown.ShowsAsync(expected);
        }

        Assert.Equal(expected, await shown.ShowsAsync(expected));
        Assert.Contains(MessageTypes.PausePublication, agent.Heard);
        Assert.Contains(MessageTypes.StartPublication, agent.Heard);
    }

    [Fact]
    public async Task TerminateSession_IsToldToBoth()
    {
        await using FakeAgent agent = await AttachAsync();
        StartSessionResponse session = await StartAsync();
        await using DataChannelClient client = Connect(session);
        await shown.ShowsAsync("# ");

        await ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = session.SessionId }, Cancelled);

        Assert.Equal(ChannelEndReason.Closed, (await client.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancelled)).Reason);
        // On the data channel and on the control channel.
        await PollAsync(() => agent.Heard.Count(type => type == MessageTypes.ChannelClosed) == 2);
    }

    [Fact]
    public async Task AgentGone_TheNodeIsOffline()
    {
        await using (FakeAgent agent = await AttachAsync())
            Assert.Equal(PingStatus.Online.ToString(), await PingAsync());
        await PollAsync(() => PingAsync().Result == "ConnectionLost");
        await Assert.ThrowsAsync<TargetNotConnectedException>(StartAsync);
    }

    [Fact]
    public async Task Agent_WithWrongKeyOrOfAnotherNode_IsTurnedAway()
    {
        EmulatedAccessKey forged = cloud.AgentKey with { SecretAccessKey = "guessed" };
        await Assert.ThrowsAsync<InvalidOperationException>(() => FakeAgent.AttachAsync(cloud.Emulator.Endpoint, forged, EmulatedCloud.WithAgent.Id));
        // Another account's.
        await Assert.ThrowsAsync<InvalidOperationException>(() => FakeAgent.AttachAsync(cloud.Emulator.Endpoint, cloud.AgentKey, DefaultWorld.EdgeTokyo));
        await Assert.ThrowsAsync<InvalidOperationException>(() => FakeAgent.AttachAsync(cloud.Emulator.Endpoint, cloud.AgentKey, "mi-00000000000000000"));
        await Assert.ThrowsAsync<TargetNotConnectedException>(StartAsync);
    }

    [Theory]
    [InlineData("AWS-StartPortForwardingSessionToRemoteHost", "Port", """{"portNumber":"5432","localPortNumber":"0","type":"LocalPortForwarding","host":"db"}""", "host", "db", "portNumber", "5432")]
    [InlineData("AWS-StartInteractiveCommand", "InteractiveCommands", """{"linux":{"commands":"date","runAsElevated":false}}""", "command", "date")]
    [InlineData("AWS-StartNonInteractiveCommand", "NonInteractiveCommands", """{"linux":{"commands":"date","runAsElevated":false,"separateOutputStream":"true"}}""", "command", "date", "separateOutputStream", "true")]
    [InlineData("AWS-StartSSHSession", "Port", """{"portNumber":"22"}""")]
    public async Task OtherDocuments_ReachTheAgentFilledIn(string document, string sessionType, string properties, params string[] parameters)
    {
        await using FakeAgent agent = await AttachAsync();
        await ssm.StartSessionAsync(new StartSessionRequest
        {
            Target = EmulatedCloud.WithAgent.Id,
            DocumentName = document,
            Parameters = parameters.Chunk(2).ToDictionary(pair => pair[0], pair => new List<string> { pair[1] }),
        }, Cancelled);
        await PollAsync(() => !agent.Started.IsEmpty);

        JsonElement content = agent.Started.Single().GetProperty("DocumentContent");
        Assert.Equal((sessionType, properties), (content.GetProperty("sessionType").GetString(), content.GetProperty("properties").GetRawText()));
    }

    private async Task<FakeAgent> AttachAsync()
    {
        FakeAgent agent = await FakeAgent.AttachAsync(cloud.Emulator.Endpoint, cloud.AgentKey, EmulatedCloud.WithAgent.Id);
        await OnlineAsync();
        return agent;
    }

    private Task OnlineAsync() => PollAsync(() => PingAsync().Result == "Online");

    private async Task<string> PingAsync()
    {
        DescribeInstanceInformationResponse found = await ssm.DescribeInstanceInformationAsync(
            new DescribeInstanceInformationRequest { Filters = [new InstanceInformationStringFilter { Key = "InstanceIds", Values = [EmulatedCloud.WithAgent.Id] }] }, Cancelled);
        return found.InstanceInformationList.Single().PingStatus.Value;
    }

    private Task<StartSessionResponse> StartAsync() => ssm.StartSessionAsync(new StartSessionRequest { Target = EmulatedCloud.WithAgent.Id }, Cancelled);

    private SessionStatus StatusOf(StartSessionResponse session) => cloud.Emulator.Sessions.Single(found => found.SessionId == session.SessionId).Status;

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

    private static async Task PollAsync(Func<bool> condition)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(20, deadline.Token);
    }
}
