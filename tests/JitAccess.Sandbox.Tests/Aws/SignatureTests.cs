using System.Net;
using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Sandbox.Aws;
using Credentials = Amazon.SecurityToken.Model.Credentials;

namespace JitAccess.Sandbox.Tests.Aws;

public sealed class SignatureTests(EmulatedCloud cloud) : IClassFixture<EmulatedCloud>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Two examples of AWS's Signature Version 4 test suite.
    [Theory]
    [InlineData("/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void Sign_ExampleOfAws_GivesItsSignature(string target, string signature)
    {
        SignedRequest request = new()
        {
            Method = "GET",
            Target = target,
            Headers = new Dictionary<string, string> { ["host"] = "example.amazonaws.com", ["x-amz-date"] = "20150830T123600Z" },
            Body = Array.Empty<byte>(),
        };

        Assert.Equal(
            signature,
            request.Sign("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", new CredentialScope("20150830", "us-east-1", "service"), ["host", "x-amz-date"]));
    }

    [Fact]
    public async Task Request_WrongSecret_IsRefusedInTheWordsOfEachService()
    {
        BasicAWSCredentials wrong = new(cloud.Emulator.World.AccessKeys[0].AccessKeyId, "not the secret");
        using AmazonSimpleSystemsManagementClient ssm = cloud.Ssm(wrong);
        using AmazonSecurityTokenServiceClient sts = cloud.Sts(wrong);
        using AmazonEC2Client ec2 = cloud.Ec2(wrong);

        AmazonServiceException fromSsm = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => ssm.DescribeInstanceInformationAsync(new DescribeInstanceInformationRequest(), Cancelled));
        AmazonServiceException fromSts = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), Cancelled));
        AmazonServiceException fromEc2 = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => ec2.DescribeTagsAsync(new DescribeTagsRequest(), Cancelled));

        Assert.Equal("InvalidSignatureException", fromSsm.ErrorCode);
        Assert.Equal("SignatureDoesNotMatch", fromSts.ErrorCode);
        Assert.Equal("AuthFailure", fromEc2.ErrorCode);
    }

    [Fact]
    public async Task Request_UnknownKey_IsRefused()
    {
        BasicAWSCredentials unknown = new("AKIAUNKNOWNUNKNOWN00", "secret");
        using AmazonSimpleSystemsManagementClient ssm = cloud.Ssm(unknown);
        using AmazonSecurityTokenServiceClient sts = cloud.Sts(unknown);

        AmazonServiceException fromSsm = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => ssm.DescribeInstanceInformationAsync(new DescribeInstanceInformationRequest(), Cancelled));
        AmazonServiceException fromSts = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), Cancelled));

        Assert.Equal("UnrecognizedClientException", fromSsm.ErrorCode);
        Assert.Equal("InvalidClientTokenId", fromSts.ErrorCode);
    }

    [Fact]
    public async Task Request_SessionTokenOfAnotherKey_IsRefused()
    {
        Credentials one = await cloud.AssumeAsync("one");
        Credentials other = await cloud.AssumeAsync("other");
        using AmazonSimpleSystemsManagementClient ssm = cloud.Ssm(new SessionAWSCredentials(one.AccessKeyId, one.SecretAccessKey, other.SessionToken));

        AmazonServiceException refusal = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => ssm.DescribeInstanceInformationAsync(new DescribeInstanceInformationRequest(), Cancelled));

        Assert.Equal("UnrecognizedClientException", refusal.ErrorCode);
    }

    [Fact]
    public async Task Request_ExpiredToken_IsRefused()
    {
        Credentials credentials = await cloud.AssumeAsync("late");
        using AmazonSimpleSystemsManagementClient ssm = cloud.Ssm(credentials);
        using AmazonSecurityTokenServiceClient sts = cloud.Sts(credentials);
        await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), Cancelled);

        cloud.Emulator.Faults.ExpireCredentials(credentials.AccessKeyId);

        Assert.Equal("ExpiredTokenException", (await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => ssm.DescribeInstanceInformationAsync(new DescribeInstanceInformationRequest(), Cancelled))).ErrorCode);
        Assert.Equal("ExpiredToken", (await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), Cancelled))).ErrorCode);
    }

    [Fact]
    public async Task Request_WellSigned_IsAnswered() =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(DateTimeOffset.UtcNow)).Status);

    [Theory]
    [InlineData(-6)]
    [InlineData(6)]
    public async Task Request_SignedMoreThanFiveMinutesOff_IsRefused(int minutes)
    {
        (HttpStatusCode status, string body) = await SendAsync(DateTimeOffset.UtcNow.AddMinutes(minutes));

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("SignatureDoesNotMatch", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BodyChangedAfterSigning_IsRefused()
    {
        (HttpStatusCode status, string body) = await SendAsync(DateTimeOffset.UtcNow, sentBody: "Action=GetCallerIdentity&Version=2011-06-16");

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("SignatureDoesNotMatch", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_Unsigned_IsRefused()
    {
        using HttpClient http = new();
        using FormUrlEncodedContent form = new(new Dictionary<string, string> { ["Action"] = "GetCallerIdentity" });

        using HttpResponseMessage response = await http.PostAsync(cloud.Emulator.Endpoint, form, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("MissingAuthenticationToken", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(DateTimeOffset signedAt, string? sentBody = null)
    {
        const string Body = "Action=GetCallerIdentity&Version=2011-06-15";
        EmulatedAccessKey key = cloud.Emulator.World.AccessKeys[0];
        string time = signedAt.UtcDateTime.ToString(SignedRequest.TimeFormat, System.Globalization.CultureInfo.InvariantCulture);
        CredentialScope scope = new(time[..8], "eu-west-1", "sts");
        string signature = new SignedRequest
        {
            Method = "POST",
            Target = "/",
            Headers = new Dictionary<string, string> { ["host"] = cloud.Emulator.Endpoint.Authority, ["x-amz-date"] = time },
            Body = Encoding.UTF8.GetBytes(Body),
        }.Sign(key.SecretAccessKey, scope, ["host", "x-amz-date"]);

        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Post, cloud.Emulator.Endpoint);
        request.Content = new StringContent(sentBody ?? Body, Encoding.UTF8, "application/x-www-form-urlencoded");
        request.Headers.Add("x-amz-date", time);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={key.AccessKeyId}/{scope.Date}/{scope.Region}/{scope.Service}/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}");
        using HttpResponseMessage response = await http.SendAsync(request, Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }
}
