using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using JitAccess.Sandbox.Aws;

namespace JitAccess.Sandbox.Tests.Aws;

public sealed class StsTests(EmulatedCloud cloud) : IClassFixture<EmulatedCloud>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AssumeRole_TrustedCaller_GivesARoleSession()
    {
        using AmazonSecurityTokenServiceClient application = cloud.Sts(cloud.Application);
        AssumeRoleResponse response = await application.AssumeRoleAsync(Asked(), Cancelled);
        using AmazonSecurityTokenServiceClient session = cloud.Sts(response.Credentials);
        GetCallerIdentityResponse identity = await session.GetCallerIdentityAsync(new GetCallerIdentityRequest(), Cancelled);

        const string Arn = "arn:aws:sts::222222222222:assumed-role/JitAccess-AccessRole/requester";
        Assert.Equal(Arn, response.AssumedRoleUser.Arn);
        Assert.Equal(Arn, identity.Arn);
        Assert.Equal("222222222222", identity.Account);
        Assert.Equal(response.AssumedRoleUser.AssumedRoleId, identity.UserId);
        Assert.EndsWith(":requester", identity.UserId, StringComparison.Ordinal);
        Assert.InRange(response.Credentials.Expiration!.Value.ToUniversalTime(), DateTime.UtcNow.AddMinutes(14), DateTime.UtcNow.AddMinutes(16));
    }

    [Theory]
    [InlineData("arn:aws:iam::222222222222:role/Other", DefaultWorld.ExternalId)]
    [InlineData("arn:aws:iam::222222222222:role/JitAccess-AccessRole", "wrong")]
    [InlineData("arn:aws:iam::222222222222:role/JitAccess-AccessRole", null)]
    public async Task AssumeRole_UnknownRoleOrWrongExternalId_IsDenied(string roleArn, string? externalId)
    {
        AssumeRoleRequest asked = Asked();
        asked.RoleArn = roleArn;
        asked.ExternalId = externalId;

        Assert.Equal("AccessDenied", await RefusalAsync(asked));
    }

    [Fact]
    public async Task AssumeRole_CallerWhomTheRoleDoesNotTrust_IsDenied()
    {
        using AmazonSecurityTokenServiceClient session = cloud.Sts(await cloud.AssumeAsync("requester"));

        AmazonServiceException refusal = await Assert.ThrowsAnyAsync<AmazonServiceException>(() => session.AssumeRoleAsync(Asked(), Cancelled));

        Assert.Equal("AccessDenied", refusal.ErrorCode);
    }

    [Theory]
    [InlineData("with blank", 900, null, "ValidationError")]
    [InlineData("x", 900, null, "ValidationError")]
    [InlineData("requester", 899, null, "ValidationError")]
    [InlineData("requester", 43201, null, "ValidationError")]
    [InlineData("requester", 900, "{", "MalformedPolicyDocument")]
    [InlineData("requester", 900, """{"Statement":{"Effect":"Allow","NotAction":"ssm:*","Resource":"*"}}""", "MalformedPolicyDocument")]
    public async Task AssumeRole_BadParameter_IsRefused(string sessionName, int seconds, string? policy, string code)
    {
        AssumeRoleRequest asked = Asked();
        asked.RoleSessionName = sessionName;
        asked.DurationSeconds = seconds;
        asked.Policy = policy;

        Assert.Equal(code, await RefusalAsync(asked));
    }

    [Fact]
    public async Task Calls_AfterAssumeRole_TellWhatWasAskedFor()
    {
        AssumeRoleRequest asked = Asked();
        asked.RoleSessionName = "recorded";

        using AmazonSecurityTokenServiceClient application = cloud.Sts(cloud.Application);
        await application.AssumeRoleAsync(asked, Cancelled);

        RecordedCall call = Assert.Single(cloud.Emulator.Calls, call => call.Parameters.GetValueOrDefault("RoleSessionName") == "recorded");
        Assert.Equal(("sts", "AssumeRole", "111111111111"), (call.Service, call.Operation, call.AccountId));
        Assert.Equal("arn:aws:iam::111111111111:user/jitaccess", call.PrincipalArn);
        Assert.Equal("900", call.Parameters["DurationSeconds"]);
        Assert.Null(call.ErrorCode);
    }

    private static AssumeRoleRequest Asked() => new()
    {
        RoleArn = DefaultWorld.AccessRoleArn(DefaultWorld.PaymentsAccount),
        RoleSessionName = "requester",
        DurationSeconds = 900,
        ExternalId = DefaultWorld.ExternalId,
    };

    private async Task<string> RefusalAsync(AssumeRoleRequest asked)
    {
        using AmazonSecurityTokenServiceClient application = cloud.Sts(cloud.Application);
        return (await Assert.ThrowsAnyAsync<AmazonServiceException>(() => application.AssumeRoleAsync(asked, Cancelled))).ErrorCode;
    }
}
