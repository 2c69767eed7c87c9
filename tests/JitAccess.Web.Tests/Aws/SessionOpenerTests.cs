using System.Text.Json.Nodes;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Aws;
using JitAccess.Web.Sessions.DataChannel;
using SessionStatus = JitAccess.Sandbox.Aws.SessionStatus;

namespace JitAccess.Web.Tests.Aws;

public class SessionOpenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_OnlineNode_OpensASessionOfThePersonForThisNodeAndDocumentOnly()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();

        OpenedSession opened = await aws.Sessions.StartAsync(Order() with { Reason = "look at\nthe logs" }, Cancellation);

        Assert.StartsWith("requester-", opened.AwsSessionId, StringComparison.Ordinal);
        Assert.Contains(opened.AwsSessionId, opened.Address.StreamUrl.AbsolutePath, StringComparison.Ordinal);
        RecordedCall assumed = Assert.Single(aws.CallsOf("AssumeRole"));
        Assert.Equal(("requester", "3600", "arn:aws:iam::111111111111:role/JitAccess-AccessRole", DefaultWorld.ExternalId),
            (assumed.Parameters["RoleSessionName"], assumed.Parameters["DurationSeconds"], assumed.Parameters["RoleArn"], assumed.Parameters["ExternalId"]));
        JsonNode statement = JsonNode.Parse(assumed.Parameters["Policy"])!["Statement"]![0]!;
        Assert.Equal("ssm:StartSession", (string?)statement["Action"]);
        Assert.Equal(
            [$"arn:aws:ec2:ap-northeast-1:111111111111:instance/{DefaultWorld.DemoLinux}", "arn:aws:ssm:ap-northeast-1:111111111111:document/SSM-SessionManagerRunShell"],
            statement["Resource"]!.AsArray().Select(arn => (string?)arn));
        RecordedCall started = Assert.Single(aws.CallsOf("StartSession"));
        Assert.Equal(("requester", "ap-northeast-1", "SSM-SessionManagerRunShell", "look at the logs"),
            (started.SessionName, started.Region, started.Parameters["DocumentName"], started.Parameters["Reason"]));
    }

    [Theory]
    [InlineData(1, 900)]
    [InlineData(40, 2400)]
    [InlineData(24 * 60, 3600)]
    public async Task Start_GrantLeft_BoundsTheCredentialsWithinWhatAwsAllows(int minutesLeft, int seconds)
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        await aws.Sessions.StartAsync(Order() with { EndsAt = DateTimeOffset.UtcNow.AddMinutes(minutesLeft) }, Cancellation);
        int asked = int.Parse(Assert.Single(aws.CallsOf("AssumeRole")).Parameters["DurationSeconds"], System.Globalization.CultureInfo.InvariantCulture);
        // Never longer than the grant; shorter by the time that the test itself took.
        Assert.InRange(asked, Math.Max(900, seconds - 60), seconds);
    }

    [Fact]
    public async Task Start_GrantHasEnded_AsksNothingOfAws()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => aws.Sessions.StartAsync(Order() with { EndsAt = DateTimeOffset.UtcNow.AddSeconds(-1) }, Cancellation));
        Assert.Empty(aws.Emulator.Calls);
    }

    [Fact]
    public async Task Start_HybridNodeInAnotherAccount_IsOpenedThere()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        await aws.Sessions.StartAsync(Order() with { Place = EmulatedAws.PaymentsTokyo, NodeId = InstanceId.Parse(DefaultWorld.EdgeTokyo) }, Cancellation);
        Assert.Equal("222222222222", Assert.Single(aws.CallsOf("StartSession")).AccountId);
    }

    [Fact]
    public async Task Start_SubjectThatAwsRefuses_StillOpensAndIsToldApart()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        OpenedSession opened = await aws.Sessions.StartAsync(Order() with { Person = "auth0|Zoë" }, Cancellation);
        await aws.Sessions.TerminateAsync(EmulatedAws.MainTokyo, opened.AwsSessionId, Cancellation);
        Assert.Equal(SessionName.Of("auth0|Zoë"), Assert.Single(aws.CallsOf("StartSession")).SessionName);
    }

    [Fact]
    public async Task Start_ReasonThatIsTooLong_IsCutNotRefused()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        await aws.Sessions.StartAsync(Order() with { Reason = new string('r', 255) + "😀" }, Cancellation);
        Assert.Equal(new string('r', 255), Assert.Single(aws.CallsOf("StartSession")).Parameters["Reason"]);
    }

    [Fact]
    public async Task Credentials_OfOneSession_OpenNoOtherNodeAndDoNothingElse()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        RoleArn role = RoleArn.Parse(DefaultWorld.AccessRoleArn(DefaultWorld.MainAccount));
        AssumeRoleResponse assumed = await aws.Clients.Sts.AssumeRoleAsync(new AssumeRoleRequest
        {
            RoleArn = role.Value,
            RoleSessionName = "requester",
            ExternalId = DefaultWorld.ExternalId,
            Policy = SessionPolicy.For(new AwsArns(role, EmulatedAws.MainTokyo), InstanceId.Parse(DefaultWorld.DemoLinux), "SSM-SessionManagerRunShell", "requester"),
        }, Cancellation);
        OpenedSession someoneElses = await aws.Sessions.StartAsync(Order() with { Person = "approver" }, Cancellation);
        using AmazonSimpleSystemsManagementClient ssm = aws.Clients.SsmUnder(assumed.Credentials, DefaultWorld.Tokyo);

        await AssertDenied(ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux2 }, Cancellation));
        await AssertDenied(ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux, DocumentName = "AWS-StartPortForwardingSession" }, Cancellation));
        await AssertDenied(ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = someoneElses.AwsSessionId }, Cancellation));
        await AssertDenied(ssm.DescribeInstanceInformationAsync(new DescribeInstanceInformationRequest(), Cancellation));
        StartSessionResponse own = await ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux }, Cancellation);
        await ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = own.SessionId }, Cancellation);
    }

    [Fact]
    public async Task Start_OfflineNode_SaysThatItsAgentIsNotConnected()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() =>
            aws.Sessions.StartAsync(Order() with { Place = EmulatedAws.MainIreland, NodeId = InstanceId.Parse(DefaultWorld.LegacyApp) }, Cancellation));
        Assert.Equal(AwsFailure.NotConnected, refused.Failure);
        Assert.StartsWith($"The agent of {DefaultWorld.LegacyApp} is not connected", refused.Message, StringComparison.Ordinal);
        Assert.Empty(aws.Emulator.Sessions);
    }

    [Fact]
    public async Task Start_DocumentThatDoesNotExist_SaysWhichSettingToLookAt()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync(DefaultWorld.Create(), ("Aws:SessionDocument", "Our-Shell"));
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Sessions.StartAsync(Order(), Cancellation));
        Assert.Equal(AwsFailure.NotFound, refused.Failure);
        Assert.Contains("Aws:SessionDocument", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ThrottledTwice_Opens()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        aws.Emulator.Faults.FailNext("StartSession", "ThrottlingException", count: 2);
        Assert.NotEmpty((await aws.Sessions.StartAsync(Order(), Cancellation)).Address.Token);
        Assert.Single(aws.Emulator.Sessions);
    }

    [Theory]
    [InlineData("ThrottlingException", AwsFailure.Throttled)]
    [InlineData("AccessDeniedException", AwsFailure.AccessDenied)]
    [InlineData("InternalServerError", AwsFailure.Unreachable)]
    public async Task Start_RefusedForGood_IsSaidAndNothingIsOpen(string errorCode, AwsFailure failure)
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        aws.Emulator.Faults.FailNext("StartSession", errorCode, count: 1000);
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Sessions.StartAsync(Order(), Cancellation));
        Assert.Equal(failure, refused.Failure);
        Assert.Empty(aws.Emulator.Sessions);
    }

    [Fact]
    public async Task Resume_CutDataChannel_GivesAFreshToken()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        OpenedSession opened = await aws.Sessions.StartAsync(Order(), Cancellation);
        DataChannelAddress fresh = await aws.Sessions.ResumeAsync(Order(), opened.AwsSessionId, Cancellation);
        Assert.Equal(opened.Address.StreamUrl, fresh.StreamUrl);
        Assert.NotEqual(opened.Address.Token, fresh.Token);
    }

    [Fact]
    public async Task Resume_EndedSession_SaysThatItHasEnded()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        OpenedSession opened = await aws.Sessions.StartAsync(Order(), Cancellation);
        await aws.Sessions.TerminateAsync(EmulatedAws.MainTokyo, opened.AwsSessionId, Cancellation);
        AwsException gone = await Assert.ThrowsAsync<AwsException>(() => aws.Sessions.ResumeAsync(Order(), opened.AwsSessionId, Cancellation));
        Assert.Equal(AwsFailure.NotFound, gone.Failure);
    }

    [Fact]
    public async Task Resume_UnknownSession_IsNotFound()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        AwsException gone = await Assert.ThrowsAsync<AwsException>(() => aws.Sessions.ResumeAsync(Order(), "requester-0123456789abcdef0", Cancellation));
        Assert.Equal(AwsFailure.NotFound, gone.Failure);
        Assert.StartsWith("The session requester-0123456789abcdef0 does not exist", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_SessionOfSomebodyElse_IsDenied()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        OpenedSession opened = await aws.Sessions.StartAsync(Order(), Cancellation);
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Sessions.ResumeAsync(Order() with { Person = "approver" }, opened.AwsSessionId, Cancellation));
        Assert.Equal(AwsFailure.AccessDenied, refused.Failure);
    }

    [Fact]
    public async Task Terminate_LiveSession_EndsItUnderTheAccessRoleItself()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        OpenedSession opened = await aws.Sessions.StartAsync(Order(), Cancellation);

        await aws.Sessions.TerminateAsync(EmulatedAws.MainTokyo, opened.AwsSessionId, Cancellation);

        Assert.Equal(SessionStatus.Terminated, Assert.Single(aws.Emulator.Sessions).Status);
        Assert.Equal("JitAccess", Assert.Single(aws.CallsOf("TerminateSession")).SessionName);
    }

    [Fact]
    public async Task Terminate_UnknownSession_IsConfirmed()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        await aws.Sessions.TerminateAsync(EmulatedAws.MainTokyo, "requester-0123456789abcdef0", Cancellation);
        Assert.Equal("DoesNotExistException", Assert.Single(aws.CallsOf("TerminateSession")).ErrorCode);
    }

    [Fact]
    public async Task Terminate_ThrottledForGood_IsNotConfirmed()
    {
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        OpenedSession opened = await aws.Sessions.StartAsync(Order(), Cancellation);
        aws.Emulator.Faults.FailNext("TerminateSession", "ThrottlingException", count: 1000);
        AwsException refused = await Assert.ThrowsAsync<AwsException>(() => aws.Sessions.TerminateAsync(EmulatedAws.MainTokyo, opened.AwsSessionId, Cancellation));
        Assert.Equal(AwsFailure.Throttled, refused.Failure);
    }

    private static SessionOrder Order() =>
        new("requester", EmulatedAws.MainTokyo, InstanceId.Parse(DefaultWorld.DemoLinux), "look at the logs", DateTimeOffset.UtcNow.AddHours(24));

    private static async Task AssertDenied(Task call) =>
        Assert.Equal("AccessDeniedException", (await Assert.ThrowsAnyAsync<AmazonSimpleSystemsManagementException>(() => call)).ErrorCode);
}
