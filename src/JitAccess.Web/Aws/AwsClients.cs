using System.Collections.Concurrent;
using Amazon;
using Amazon.EC2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Aws;

/// <summary>The SDK's clients: one STS client, one S3 client a Region, and for each account and Region one SSM and one EC2 client that act under the account's access role.</summary>
/// <param name="options">The accounts, the home Region and the endpoint.</param>
/// <param name="own">The credentials that JitAccess itself has; absent, the SDK's default chain finds them.</param>
internal sealed class AwsClients(IOptions<AwsOptions> options, AWSCredentials? own = null) : IDisposable
{
    private const int Retries = 3;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(20);

    private readonly Lazy<AmazonSecurityTokenServiceClient> sts = new(() => own is null
        ? new AmazonSecurityTokenServiceClient(Configure(new AmazonSecurityTokenServiceConfig(), options.Value, options.Value.HomeRegion))
        : new AmazonSecurityTokenServiceClient(own, Configure(new AmazonSecurityTokenServiceConfig(), options.Value, options.Value.HomeRegion)));

    // Lazy, so that two callers at once never make two of one client or assume a role twice.
    private readonly ConcurrentDictionary<AccountId, Lazy<AccessRoleCredentials>> credentials = new();
    private readonly ConcurrentDictionary<AwsPlace, Lazy<AmazonSimpleSystemsManagementClient>> ssm = new();
    private readonly ConcurrentDictionary<AwsPlace, Lazy<AmazonEC2Client>> ec2 = new();
    private readonly ConcurrentDictionary<string, Lazy<AmazonS3Client>> s3 = new();

    /// <summary>Answers with the credentials of JitAccess itself, in the home Region.</summary>
    public IAmazonSecurityTokenService Sts => sts.Value;

    /// <summary>SSM under the account's access role.</summary>
    public IAmazonSimpleSystemsManagement Ssm(AwsPlace place) =>
        ssm.GetOrAdd(place, key => new(() => new AmazonSimpleSystemsManagementClient(Credentials(key.Account), SsmConfig(key.Region)))).Value;

    /// <summary>EC2 under the account's access role.</summary>
    public IAmazonEC2 Ec2(AwsPlace place) =>
        ec2.GetOrAdd(place, key => new(() => new AmazonEC2Client(Credentials(key.Account), Configure(new AmazonEC2Config(), options.Value, key.Region)))).Value;

    /// <summary>S3 with the credentials of JitAccess itself.</summary>
    /// <param name="region">The bucket's Region; null for the home Region.</param>
    public IAmazonS3 S3(string? region) => s3.GetOrAdd(region ?? options.Value.HomeRegion, key => new(() =>
    {
        // An address that stands for all of AWS has no name for each bucket.
        AmazonS3Config config = Configure(new AmazonS3Config { ForcePathStyle = options.Value.ServiceUrl is not null }, options.Value, key);
        return own is null ? new AmazonS3Client(config) : new AmazonS3Client(own, config);
    })).Value;

    /// <summary>SSM under credentials made for one session; the caller disposes of it.</summary>
    public AmazonSimpleSystemsManagementClient SsmUnder(AWSCredentials scoped, string region) => new(scoped, SsmConfig(region));

    /// <summary>KMS under credentials made for one key; the caller disposes of it.</summary>
    public AmazonKeyManagementServiceClient KmsUnder(AWSCredentials scoped, string region) =>
        new(scoped, Configure(new AmazonKeyManagementServiceConfig(), options.Value, region));

    /// <summary>The access role of an account and the external id that it demands.</summary>
    /// <exception cref="AwsException">The account is not configured (any more).</exception>
    public (RoleArn Role, string? ExternalId) AccessRole(AccountId account) =>
        options.Value.Accounts.Find(configured => configured.Id == account.Value) is { } found
            ? (RoleArn.Parse(found.AccessRoleArn), string.IsNullOrEmpty(found.ExternalId) ? null : found.ExternalId)
            : throw new AwsException(AwsFailure.NotFound, $"JitAccess has no access to account {account}. Name it under Aws:Accounts, with an access role.");

    public void Dispose()
    {
        foreach (Lazy<AmazonSimpleSystemsManagementClient> client in ssm.Values.Where(client => client.IsValueCreated)) client.Value.Dispose();
        foreach (Lazy<AmazonEC2Client> client in ec2.Values.Where(client => client.IsValueCreated)) client.Value.Dispose();
        foreach (Lazy<AmazonS3Client> client in s3.Values.Where(client => client.IsValueCreated)) client.Value.Dispose();
        foreach (Lazy<AccessRoleCredentials> role in credentials.Values.Where(role => role.IsValueCreated)) role.Value.Dispose();
        if (sts.IsValueCreated) sts.Value.Dispose();
    }

    private AccessRoleCredentials Credentials(AccountId account) =>
        credentials.GetOrAdd(account, key => new(() =>
        {
            (RoleArn role, string? externalId) = AccessRole(key);
            return new AccessRoleCredentials(Sts, new AwsPlace(key, options.Value.HomeRegion), role, externalId);
        })).Value;

    private AmazonSimpleSystemsManagementConfig SsmConfig(string region) =>
        Configure(new AmazonSimpleSystemsManagementConfig(), options.Value, region);

    private static TConfig Configure<TConfig>(TConfig config, AwsOptions options, string region) where TConfig : ClientConfig
    {
        if (options.ServiceUrl is { } address)
        {
            config.ServiceURL = address.AbsoluteUri;
            config.AuthenticationRegion = region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        // Throttling and passing faults are tried again by the SDK, with growing pauses; a person waits at the other end, so not for long.
        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = Retries;
        config.ConnectTimeout = ConnectTimeout;
        config.Timeout = AttemptTimeout;
        return config;
    }
}
