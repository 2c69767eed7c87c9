using System.Globalization;
using System.Net;
using System.Net.Sockets;
using JitAccess.Domain.Nodes;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Aws;
using PingStatus = JitAccess.Domain.Nodes.PingStatus;

namespace JitAccess.Web.Tests.Aws;

public class NodeReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_InstancesAndHybridNodes_HaveTheirTagsFromBothSources()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();

        IReadOnlyList<Node> nodes = await aws.Nodes.ReadAsync(EmulatedAws.PaymentsTokyo, Cancellation);

        Assert.Equal(
            ["edge-tokyo-1: Name=edge-tokyo-1 env=edge", "payments-api-1: Name=payments-api-1 app=payments env=prod", "payments-db-1: Name=payments-db-1 app=payments env=prod tier=db"],
            nodes.Select(node => $"{node.Name}: {string.Join(' ', node.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}").Order(StringComparer.Ordinal));
        Node edge = nodes.Single(node => node.Id.IsHybrid);
        Assert.Equal(("Linux", "Debian GNU/Linux 12", "3.3.987.0", PingStatus.Online), (edge.Platform, edge.PlatformName, edge.AgentVersion, edge.PingStatus));
        Assert.Equal((EmulatedAws.PaymentsTokyo.Account, EmulatedAws.PaymentsTokyo.Region), (edge.Account, edge.Region));
        Assert.NotNull(edge.LastPingAt);
    }

    [Fact]
    public async Task Nodes_OfflineNode_IsListedAsNotReachable()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        Node legacy = (await aws.Nodes.ReadAsync(EmulatedAws.MainIreland, Cancellation)).Single(node => node.Id.Value == DefaultWorld.LegacyApp);
        Assert.Equal(PingStatus.ConnectionLost, legacy.PingStatus);
        Assert.False(legacy.CanBeReached().IsAllowed);
    }

    [Fact]
    public async Task Nodes_MoreThanFitOnePage_AreAllReadOnce()
    {
        const int Instances = 430, Hybrids = 23;
        await using EmulatedAws aws = await EmulatedAws.StartAsync(DefaultWorld.Create() with
        {
            Nodes =
            [
                .. Enumerable.Range(0, Instances).Select(number => Numbered("i-", number)),
                .. Enumerable.Range(0, Hybrids).Select(number => Numbered("mi-", number)),
            ],
        });

        IReadOnlyList<Node> nodes = await aws.Nodes.ReadAsync(EmulatedAws.MainTokyo, Cancellation);

        Assert.Equal(Instances + Hybrids, nodes.Select(node => node.Id).Distinct().Count());
        Assert.Equal(Instances + Hybrids, nodes.Count);
        Assert.All(nodes, node => Assert.Equal((node.Name[5..], 4), (node.Tags["number"], node.Tags.Count)));
        Assert.Equal(10, aws.CallsOf("DescribeInstanceInformation").Count);
        // 200 instances with 4 tags each fit one page of 1000 tags.
        Assert.Equal(3, aws.CallsOf("DescribeTags").Count);
        Assert.Equal(Hybrids, aws.CallsOf("ListTagsForResource").Count);
    }

    [Fact]
    public async Task Nodes_MoreTagsThanFitOnePage_AreAllRead()
    {
        Dictionary<string, string> many = Enumerable.Range(0, 49).ToDictionary(
            number => $"tag{number}", number => number.ToString(CultureInfo.InvariantCulture));
        await using EmulatedAws aws = await EmulatedAws.StartAsync(DefaultWorld.Create() with
        {
            Nodes = [.. Enumerable.Range(0, 60).Select(number => Numbered("i-", number) with { Tags = many })],
        });

        IReadOnlyList<Node> nodes = await aws.Nodes.ReadAsync(EmulatedAws.MainTokyo, Cancellation);

        Assert.All(nodes, node => Assert.Equal(49, node.Tags.Count));
        Assert.Equal(3, aws.CallsOf("DescribeTags").Count);
    }

    [Fact]
    public async Task Nodes_ThingThatIsNoNode_IsLeftOut()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync(DefaultWorld.Create() with
        {
            Nodes = [Numbered("i-", 1), new EmulatedNode("ecs:cluster_task", "task", DefaultWorld.MainAccount, DefaultWorld.Tokyo)],
        });
        Assert.Equal("node-1", Assert.Single(await aws.Nodes.ReadAsync(EmulatedAws.MainTokyo, Cancellation)).Name);
    }

    [Fact]
    public async Task Nodes_HybridNodeDeregisteredMeanwhile_IsLeftOut()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        aws.Emulator.Faults.FailNext("ListTagsForResource", "InvalidResourceId");
        IReadOnlyList<Node> nodes = await aws.Nodes.ReadAsync(EmulatedAws.PaymentsTokyo, Cancellation);
        Assert.DoesNotContain(nodes, node => node.Id.IsHybrid);
        Assert.Equal(2, nodes.Count);
    }

    [Fact]
    public async Task Nodes_NoneInThatRegion_IsAnEmptyList()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync(DefaultWorld.Create() with { Nodes = [] });
        Assert.Empty(await aws.Nodes.ReadAsync(EmulatedAws.MainTokyo, Cancellation));
        Assert.Empty(aws.CallsOf("DescribeTags"));
    }

    [Theory]
    [InlineData("DescribeInstanceInformation", "ThrottlingException")]
    [InlineData("DescribeTags", "RequestLimitExceeded")]
    [InlineData("ListTagsForResource", "ThrottlingException")]
    [InlineData("AssumeRole", "Throttling")]
    public async Task Nodes_ThrottledTwice_AreReadAllTheSame(string operation, string errorCode)
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        aws.Emulator.Faults.FailNext(operation, errorCode, count: 2);
        Assert.Equal(3, (await aws.Nodes.ReadAsync(EmulatedAws.PaymentsTokyo, Cancellation)).Count);
        Assert.Equal([errorCode, errorCode, null], aws.CallsOf(operation).Take(3).Select(call => call.ErrorCode));
    }

    [Theory]
    [InlineData("DescribeInstanceInformation", "ThrottlingException")]
    [InlineData("DescribeTags", "RequestLimitExceeded")]
    [InlineData("ListTagsForResource", "ThrottlingException")]
    [InlineData("AssumeRole", "Throttling")]
    public async Task Nodes_ThrottledForGood_IsSaidAfterFourAttempts(string operation, string errorCode)
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        aws.Emulator.Faults.FailNext(operation, errorCode, count: 1000);
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Nodes.ReadAsync(EmulatedAws.PaymentsTokyo, Cancellation));
        Assert.Equal(AwsFailure.Throttled, refused.Failure);
        Assert.StartsWith("AWS is busy (throttling)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(4, aws.CallsOf(operation).Count);
    }

    [Theory]
    [InlineData("DescribeInstanceInformation", "AccessDeniedException", "ssm:DescribeInstanceInformation")]
    [InlineData("DescribeTags", "UnauthorizedOperation", "ec2:DescribeTags")]
    [InlineData("ListTagsForResource", "AccessDeniedException", "ssm:ListTagsForResource")]
    public async Task Nodes_ActionDenied_NamesTheActionAndTheAccessRole(string operation, string errorCode, string action)
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        aws.Emulator.Faults.FailNext(operation, errorCode);
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Nodes.ReadAsync(EmulatedAws.PaymentsTokyo, Cancellation));
        Assert.Equal(AwsFailure.AccessDenied, refused.Failure);
        Assert.StartsWith($"AWS denied {action} in account 222222222222, ap-northeast-1 to the access role arn:aws:iam::222222222222:role/JitAccess-AccessRole.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_AccessRoleDoesNotTrustJitAccess_SaysSo()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync(DefaultWorld.Create(), ("Aws:Accounts:0:ExternalId", "wrong"));
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Nodes.ReadAsync(EmulatedAws.MainTokyo, Cancellation));
        Assert.Equal(AwsFailure.AccessDenied, refused.Failure);
        Assert.StartsWith("AWS does not let JitAccess assume its access role arn:aws:iam::111111111111:role/JitAccess-AccessRole.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_AccountThatIsNotConfigured_IsNotFound()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Nodes.ReadAsync(new AwsPlace(AccountId.Parse("333333333333"), "eu-west-1"), Cancellation));
        Assert.Equal(AwsFailure.NotFound, refused.Failure);
    }

    [Fact]
    public async Task Nodes_NobodyListens_IsUnreachable()
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        string address = $"http://{closed.LocalEndpoint}";
        closed.Stop();
        await using EmulatedAws aws = await EmulatedAws.StartAsync(DefaultWorld.Create(), ("Aws:ServiceUrl", address));
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Nodes.ReadAsync(EmulatedAws.MainTokyo, Cancellation));
        Assert.Equal(AwsFailure.Unreachable, refused.Failure);
    }

    [Fact]
    public async Task Nodes_CallerGivesUp_IsCancelled()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => aws.Nodes.ReadAsync(EmulatedAws.MainTokyo, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Nodes_ManyReadersAtOnce_AssumeTheAccessRoleOnceAnAccount()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        AwsPlace[] places = [EmulatedAws.MainTokyo, EmulatedAws.MainIreland, EmulatedAws.PaymentsTokyo];

        await Task.WhenAll(Enumerable.Range(0, 24).Select(number => Task.Run(() => aws.Nodes.ReadAsync(places[number % 3], Cancellation), Cancellation)));

        Assert.Equal(["111111111111", "222222222222"], aws.CallsOf("AssumeRole").Select(call => call.Parameters["RoleArn"].Split(':')[4]).Order(StringComparer.Ordinal));
        Assert.All(aws.CallsOf("AssumeRole"), call => Assert.Equal(("JitAccess", "eu-west-1"), (call.Parameters["RoleSessionName"], call.Region)));
        Assert.All(aws.CallsOf("DescribeInstanceInformation"), call => Assert.Equal("JitAccess", call.SessionName));
    }

    private static EmulatedNode Numbered(string prefix, int number) =>
        new($"{prefix}{number:x17}", $"node-{number}", DefaultWorld.MainAccount, DefaultWorld.Tokyo)
        {
            Tags = new Dictionary<string, string>
            {
                ["Name"] = $"node-{number}",
                ["number"] = number.ToString(CultureInfo.InvariantCulture),
                ["env"] = "test",
                ["Env"] = "",
            },
        };
}
