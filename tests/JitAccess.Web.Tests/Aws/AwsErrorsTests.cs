using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Web.Aws;

namespace JitAccess.Web.Tests.Aws;

public class AwsErrorsTests
{
    private static readonly RoleArn Role = RoleArn.Parse("arn:aws:iam::111111111111:role/JitAccess-AccessRole");
    private static readonly AwsPlace Place = new(AccountId.Parse("111111111111"), "eu-west-1");
    private static readonly AwsCall StartSession = new("ssm:StartSession", Place, Role, "i-0a1b2c3d4e5f60718");

    [Theory]
    [InlineData("ThrottlingException", 400, AwsFailure.Throttled)]
    [InlineData("RequestLimitExceeded", 503, AwsFailure.Throttled)]
    [InlineData("Whatever", 429, AwsFailure.Throttled)]
    [InlineData("AccessDeniedException", 400, AwsFailure.AccessDenied)]
    [InlineData("UnauthorizedOperation", 403, AwsFailure.AccessDenied)]
    [InlineData("ExpiredTokenException", 400, AwsFailure.AccessDenied)]
    [InlineData("TargetNotConnected", 400, AwsFailure.NotConnected)]
    [InlineData("InvalidDocument", 400, AwsFailure.NotFound)]
    [InlineData("DoesNotExistException", 400, AwsFailure.NotFound)]
    [InlineData("InternalServerError", 500, AwsFailure.Unreachable)]
    [InlineData("ValidationException", 400, AwsFailure.Unreachable)]
    public void AwsErrors_Answer_IsTranslatedByItsCode(string code, int status, AwsFailure failure)
    {
        AwsException translated = AwsErrors.Translate(Answer(code, status, "AWS's own words"), StartSession);
        Assert.Equal(failure, translated.Failure);
        Assert.EndsWith($"({code}, request 7d1c)", translated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AwsErrors_AccessDenied_NamesRoleAndAction() => Assert.StartsWith(
        "AWS denied ssm:StartSession in account 111111111111, eu-west-1 to the access role arn:aws:iam::111111111111:role/JitAccess-AccessRole.",
        AwsErrors.Translate(Answer("AccessDeniedException", 400, ""), StartSession).Message, StringComparison.Ordinal);

    [Fact]
    public void AwsErrors_RoleMayNotBeAssumed_SaysWhatTheRoleNeeds() => Assert.StartsWith(
        "AWS does not let JitAccess assume its access role arn:aws:iam::111111111111:role/JitAccess-AccessRole.",
        AwsErrors.Translate(Answer("AccessDenied", 403, ""), StartSession with { Action = "sts:AssumeRole" }).Message, StringComparison.Ordinal);

    [Fact]
    public void AwsErrors_WrongSignatureThatQuotesTheToken_IsNotRepeated()
    {
        AwsException translated = AwsErrors.Translate(
            Answer("SignatureDoesNotMatch", 403, "The Canonical String should have been 'x-amz-security-token:SECRET'"), StartSession);
        Assert.DoesNotContain("SECRET", translated.ToString(), StringComparison.Ordinal);
        Assert.Null(translated.InnerException);
    }

    [Fact]
    public void AwsErrors_NoConnection_IsUnreachableWithTheSocketsReason()
    {
        HttpRequestException refused = new("Connection refused", new SocketException((int)SocketError.ConnectionRefused));
        AwsException translated = AwsErrors.Translate(new AmazonServiceException("A WebException", refused), StartSession);
        Assert.Equal(AwsFailure.Unreachable, translated.Failure);
        Assert.Same(refused, translated.InnerException);
    }

    private static AmazonServiceException Answer(string code, int status, string words) =>
        new(words, ErrorType.Sender, code, "7d1c", (HttpStatusCode)status);
}
