using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using JitAccess.Domain.People;

namespace JitAccess.Web.Aws;

/// <summary>
/// The credentials of an account's access role, for reading and for ending sessions. The base class keeps them until
/// shortly before they expire and lets one caller at a time renew them.
/// </summary>
internal sealed class AccessRoleCredentials : RefreshingAWSCredentials
{
    private const string SessionName = "JitAccess";

    private readonly IAmazonSecurityTokenService sts;
    private readonly AwsCall call;
    private readonly AssumeRoleRequest request;

    public AccessRoleCredentials(IAmazonSecurityTokenService sts, AwsPlace place, RoleArn role, string? externalId)
    {
        this.sts = sts;
        call = new AwsCall("sts:AssumeRole", place, role);
        request = new AssumeRoleRequest { RoleArn = role.Value, RoleSessionName = SessionName, ExternalId = externalId };
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        // No caller's token: others may be waiting for the same renewal.
        AssumeRoleResponse response = await call.AskAsync(token => sts.AssumeRoleAsync(request, token), CancellationToken.None);
        Credentials fresh = response.Credentials;
        return new CredentialsRefreshState(
            new ImmutableCredentials(fresh.AccessKeyId, fresh.SecretAccessKey, fresh.SessionToken), fresh.Expiration!.Value);
    }

    protected override CredentialsRefreshState GenerateNewCredentials() => throw new NotSupportedException("The clients are asked asynchronously.");
}
