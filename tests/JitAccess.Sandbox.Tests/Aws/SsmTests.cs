using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Sandbox.Aws;
using PingStatus = JitAccess.Sandbox.Aws.PingStatus;

namespace JitAccess.Sandbox.Tests.Aws;

public sealed class SsmTests : IAsyncLifetime
{
    private readonly EmulatedCloud cloud = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => cloud.InitializeAsync();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task DescribeInstanceInformation_OneRegionOfOneAccount_GivesItsNodes()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("jitaccess", region: DefaultWorld.Ireland);

        DescribeInstanceInformationResponse response = await ssm.DescribeInstanceInformationAsync(new DescribeInstanceInformationRequest(), Cancelled);

        Assert.Equal(
            [DefaultWorld.LegacyApp, DefaultWorld.BuildAgent, DefaultWorld.StagingWeb],
            response.InstanceInformationList.Select(node => node.InstanceId));
        InstanceInformation offline = response.InstanceInformationList[0];
        Assert.Equal(Amazon.SimpleSystemsManagement.PingStatus.ConnectionLost, offline.PingStatus);
        Assert.Equal(PlatformType.Linux, offline.PlatformType);
        Assert.Equal("legacy-app-1", offline.ComputerName);
        Assert.True(offline.LastPingDateTime < DateTime.UtcNow.AddDays(-1));
        Assert.Null(offline.Name);
    }

    [Fact]
    public async Task DescribeInstanceInformation_HybridNode_HasItsNameAndKind()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("jitaccess", DefaultWorld.PaymentsAccount);

        DescribeInstanceInformationResponse response = await ssm.DescribeInstanceInformationAsync(
            new DescribeInstanceInformationRequest
            {
                Filters = [new InstanceInformationStringFilter { Key = "ResourceType", Values = ["ManagedInstance"] }],
            },
            Cancelled);

        InstanceInformation node = Assert.Single(response.InstanceInformationList);
        Assert.Equal((DefaultWorld.EdgeTokyo, "edge-tokyo-1"), (node.InstanceId, node.Name));
        Assert.Equal(ResourceType.ManagedInstance, node.ResourceType);
    }

    [Fact]
    public async Task DescribeInstanceInformation_ManyNodes_ComesInPages()
    {
        SandboxWorld world = DefaultWorld.Create();
        EmulatedNode[] nodes =
        [
            .. Enumerable.Range(0, 12).Select(n => new EmulatedNode($"i-{n:x17}", $"node-{n}", DefaultWorld.MainAccount, DefaultWorld.Tokyo)),
        ];
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new AwsEmulatorOptions { World = world with { Nodes = nodes } }, Cancelled);
        using AmazonSimpleSystemsManagementClient ssm = new(
            new BasicAWSCredentials(world.AccessKeys[0].AccessKeyId, world.AccessKeys[0].SecretAccessKey),
            new AmazonSimpleSystemsManagementConfig { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = DefaultWorld.Tokyo });

        List<string> found = [];
        IDescribeInstanceInformationPaginator pages =
            ssm.Paginators.DescribeInstanceInformation(new DescribeInstanceInformationRequest { MaxResults = 5 });
        await foreach (DescribeInstanceInformationResponse page in pages.Responses)
        {
            Assert.InRange(page.InstanceInformationList.Count, 1, 5);
            found.AddRange(page.InstanceInformationList.Select(node => node.InstanceId));
        }

        Assert.Equal(nodes.Select(node => node.Id), found);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(51)]
    public async Task DescribeInstanceInformation_PageSizeOutOfRange_IsRefused(int size)
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("jitaccess");

        AmazonServiceException refusal = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => ssm.DescribeInstanceInformationAsync(new DescribeInstanceInformationRequest { MaxResults = size }, Cancelled));

        Assert.Equal("ValidationException", refusal.ErrorCode);
    }

    [Fact]
    public async Task ListTagsForResource_HybridNode_GivesItsTags()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("jitaccess", DefaultWorld.PaymentsAccount);
        ListTagsForResourceRequest asked = new() { ResourceType = ResourceTypeForTagging.ManagedInstance, ResourceId = DefaultWorld.EdgeTokyo };

        ListTagsForResourceResponse before = await ssm.ListTagsForResourceAsync(asked, Cancelled);
        cloud.Emulator.SetTags(DefaultWorld.EdgeTokyo, new Dictionary<string, string> { ["env"] = "lab" });
        ListTagsForResourceResponse after = await ssm.ListTagsForResourceAsync(asked, Cancelled);

        Assert.Equal([("Name", "edge-tokyo-1"), ("env", "edge")], before.TagList.Select(tag => (tag.Key, tag.Value)));
        Assert.Equal([("env", "lab")], after.TagList.Select(tag => (tag.Key, tag.Value)));
    }

    [Fact]
    public async Task ListTagsForResource_Ec2Instance_IsRefused()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("jitaccess");

        await Assert.ThrowsAsync<InvalidResourceIdException>(() => ssm.ListTagsForResourceAsync(
            new ListTagsForResourceRequest { ResourceType = ResourceTypeForTagging.ManagedInstance, ResourceId = DefaultWorld.DemoLinux }, Cancelled));
    }

    [Fact]
    public async Task GetConnectionStatus_NodeGoesOffLine_Follows()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("jitaccess");
        GetConnectionStatusRequest asked = new() { Target = DefaultWorld.DemoLinux };

        Assert.Equal(ConnectionStatus.Connected, (await ssm.GetConnectionStatusAsync(asked, Cancelled)).Status);
        cloud.Emulator.SetPingStatus(DefaultWorld.DemoLinux, PingStatus.ConnectionLost);
        Assert.Equal(ConnectionStatus.Notconnected, (await ssm.GetConnectionStatusAsync(asked, Cancelled)).Status);
    }

    [Fact]
    public async Task StartSession_OnlineNode_IsListedUntilTerminated()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("requester");

        StartSessionResponse started = await ssm.StartSessionAsync(
            new StartSessionRequest { Target = DefaultWorld.DemoLinux, DocumentName = "SSM-SessionManagerRunShell", Reason = "look" }, Cancelled);
        Session active = Assert.Single(await SessionsAsync(ssm, SessionState.Active));
        await ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = started.SessionId }, Cancelled);
        await ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = started.SessionId }, Cancelled);
        Session past = Assert.Single(await SessionsAsync(ssm, SessionState.History));

        Assert.StartsWith("requester-", started.SessionId, StringComparison.Ordinal);
        Assert.StartsWith($"ws://{cloud.Emulator.Endpoint.Authority}/v1/data-channel/{started.SessionId}?", started.StreamUrl, StringComparison.Ordinal);
        Assert.Equal((started.SessionId, DefaultWorld.DemoLinux, "look"), (active.SessionId, active.Target, active.Reason));
        Assert.Equal("arn:aws:sts::111111111111:assumed-role/JitAccess-AccessRole/requester", active.Owner);
        Assert.Equal(Amazon.SimpleSystemsManagement.SessionStatus.Connecting, active.Status);
        Assert.Null(active.EndDate);
        Assert.Equal(Amazon.SimpleSystemsManagement.SessionStatus.Terminated, past.Status);
        Assert.NotNull(past.EndDate);
        Assert.Empty(await SessionsAsync(ssm, SessionState.Active));
    }

    [Fact]
    public async Task DescribeSessions_FilteredAndPaged_GivesEachOnce()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("requester");
        List<string> ids = [];
        for (int n = 0; n < 3; n++)
            ids.Add((await ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancelled)).SessionId);
        await ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux2 }, Cancelled);

        List<string> found = [];
        string? token = null;
        do
        {
            DescribeSessionsResponse page = await ssm.DescribeSessionsAsync(
                new DescribeSessionsRequest
                {
                    State = SessionState.Active,
                    Filters = [new SessionFilter { Key = SessionFilterKey.Target, Value = DefaultWorld.DemoLinux }],
                    MaxResults = 2,
                    NextToken = token,
                },
                Cancelled);
            found.AddRange(page.Sessions.Select(session => session.SessionId));
            token = page.NextToken;
        }
        while (token is not null);

        Assert.Equal(ids.Order(StringComparer.Ordinal), found);
    }

    [Theory]
    [InlineData(DefaultWorld.LegacyApp, DefaultWorld.Ireland)]
    [InlineData("i-00000000000000000", DefaultWorld.Ireland)]
    [InlineData(DefaultWorld.DemoLinux, DefaultWorld.Ireland)]
    [InlineData(DefaultWorld.PaymentsApi, DefaultWorld.Tokyo)]
    public async Task StartSession_NodeOffLineOrElsewhere_IsNotConnected(string target, string region)
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("requester", region: region);

        await Assert.ThrowsAsync<TargetNotConnectedException>(
            () => ssm.StartSessionAsync(new StartSessionRequest { Target = target }, Cancelled));
    }

    [Fact]
    public async Task StartSession_UnknownDocument_IsRefused()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("requester");

        await Assert.ThrowsAsync<InvalidDocumentException>(
            () => ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux, DocumentName = "No-Such-Document" }, Cancelled));
    }

    [Fact]
    public async Task StartSession_SessionPolicyForOneNode_DeniesOthers()
    {
        const string Policy = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "ssm:StartSession",
                  "Resource": [
                    "arn:aws:ec2:ap-northeast-1:111111111111:instance/i-0a1b2c3d4e5f60718",
                    "arn:aws:ssm:ap-northeast-1:111111111111:document/SSM-SessionManagerRunShell"
                  ],
                  "Condition": { "BoolIfExists": { "ssm:SessionDocumentAccessCheck": "true" } }
                },
                {
                  "Effect": "Allow",
                  "Action": ["ssm:TerminateSession", "ssm:ResumeSession"],
                  "Resource": "arn:aws:ssm:ap-northeast-1:111111111111:session/requester-*"
                }
              ]
            }
            """;
        using AmazonSimpleSystemsManagementClient narrow = await cloud.SsmAsync("requester", policy: Policy);
        using AmazonSimpleSystemsManagementClient wide = await cloud.SsmAsync("somebody");
        StartSessionResponse foreign = await wide.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancelled);

        StartSessionResponse own = await narrow.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancelled);
        ResumeSessionResponse resumed = await narrow.ResumeSessionAsync(new ResumeSessionRequest { SessionId = own.SessionId }, Cancelled);
        await narrow.TerminateSessionAsync(new TerminateSessionRequest { SessionId = own.SessionId }, Cancelled);

        Assert.NotEqual(own.TokenValue, resumed.TokenValue);
        Assert.Equal(
            ["AccessDeniedException", "AccessDeniedException", "AccessDeniedException", "AccessDeniedException", "AccessDeniedException"],
            [
                await RefusalAsync(narrow.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux2 }, Cancelled)),
                await RefusalAsync(narrow.StartSessionAsync(
                    new StartSessionRequest { Target = DefaultWorld.DemoLinux, DocumentName = "AWS-StartPortForwardingSession" }, Cancelled)),
                await RefusalAsync(narrow.ResumeSessionAsync(new ResumeSessionRequest { SessionId = foreign.SessionId }, Cancelled)),
                await RefusalAsync(narrow.TerminateSessionAsync(new TerminateSessionRequest { SessionId = foreign.SessionId }, Cancelled)),
                await RefusalAsync(narrow.DescribeSessionsAsync(new DescribeSessionsRequest { State = SessionState.Active }, Cancelled)),
            ]);
    }

    [Fact]
    public async Task StartSession_ApplicationWithoutItsRole_IsDenied()
    {
        using AmazonSimpleSystemsManagementClient ssm = cloud.Ssm(cloud.Application);

        Assert.Equal(
            "AccessDeniedException",
            await RefusalAsync(ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancelled)));
    }

    [Fact]
    public async Task ResumeSession_UnknownSession_DoesNotExist()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("requester");

        await Assert.ThrowsAsync<DoesNotExistException>(
            () => ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = "requester-00000000000000000" }, Cancelled));
    }

    [Fact]
    public async Task ResumeSession_EndedSession_GivesNoToken()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("requester");
        StartSessionResponse started = await ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancelled);
        await ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = started.SessionId }, Cancelled);

        ResumeSessionResponse resumed = await ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = started.SessionId }, Cancelled);

        Assert.Null(resumed.TokenValue);
    }

    [Fact]
    public async Task FailNext_CountOfTwo_RefusesTwiceAndRecordsIt()
    {
        using AmazonSimpleSystemsManagementClient ssm = await cloud.SsmAsync("requester");
        StartSessionRequest asked = new() { Target = DefaultWorld.DemoLinux };

        cloud.Emulator.Faults.FailNext("StartSession", "ThrottlingException");
        cloud.Emulator.Faults.FailNext("StartSession", "TargetNotConnected");
        Assert.Equal("ThrottlingException", await RefusalAsync(ssm.StartSessionAsync(asked, Cancelled)));
        await Assert.ThrowsAsync<TargetNotConnectedException>(() => ssm.StartSessionAsync(asked, Cancelled));
        await ssm.StartSessionAsync(asked, Cancelled);

        Assert.Equal(
            ["ThrottlingException", "TargetNotConnected", null],
            cloud.Emulator.Calls.Where(call => call.Operation == "StartSession").Select(call => call.ErrorCode));
        Assert.All(
            cloud.Emulator.Calls.Where(call => call.Operation == "StartSession"),
            call => Assert.Equal(("requester", DefaultWorld.DemoLinux), (call.SessionName, call.Parameters["Target"])));
    }

    private static async Task<List<Session>> SessionsAsync(AmazonSimpleSystemsManagementClient ssm, SessionState state) =>
        (await ssm.DescribeSessionsAsync(new DescribeSessionsRequest { State = state }, Cancelled)).Sessions ?? [];

    private static async Task<string> RefusalAsync(Task call) => (await Assert.ThrowsAnyAsync<AmazonServiceException>(() => call)).ErrorCode;
}
