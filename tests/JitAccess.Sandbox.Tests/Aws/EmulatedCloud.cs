using System.Security.Cryptography.X509Certificates;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement;
using JitAccess.Sandbox.Aws;

namespace JitAccess.Sandbox.Tests.Aws;

/// <summary>A running emulator of the demo's world, and AWS's own clients for it.</summary>
public sealed class EmulatedCloud : IAsyncLifetime
{
    public AwsEmulator Emulator { get; private set; } = null!;

    private EmulatedAccessKey ApplicationKey => Emulator.World.AccessKeys[0];

    public AWSCredentials Application => new BasicAWSCredentials(ApplicationKey.AccessKeyId, ApplicationKey.SecretAccessKey);

    /// <summary>A machine whose own agent may attach, and the key that the agent signs with.</summary>
    public static EmulatedNode WithAgent { get; } =
        new("mi-0fedcba9876543211", "attached-1", DefaultWorld.MainAccount, DefaultWorld.Tokyo) { PingStatus = JitAccess.Sandbox.Aws.PingStatus.ConnectionLost };

    public EmulatedAccessKey AgentKey { get; } = EmulatedAccessKey.CreateRandom($"arn:aws:iam::{DefaultWorld.MainAccount}:user/agent");

    /// <summary>With what machines may register themselves.</summary>
    public EmulatedActivation Activation { get; } = new(
        Guid.NewGuid().ToString(), "activation-code", DefaultWorld.MainAccount, DefaultWorld.Tokyo, $"arn:aws:iam::{DefaultWorld.MainAccount}:role/Machines", "registered-1");

    /// <summary>What the agents' port presents; null for no such port.</summary>
    public X509Certificate2? AgentCertificate { get; init; }

    public static EmulatedNode WithHandshake { get; } =
        new("i-0fedcba9876543210", "own-agent-1", DefaultWorld.MainAccount, DefaultWorld.Tokyo) { Handshake = true };

    /// <summary>How long nodes wait for answers in a handshake; as the real ones do unless set.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = new AwsEmulatorOptions().HandshakeTimeout;

    public async ValueTask InitializeAsync()
    {
        SandboxWorld world = DefaultWorld.Create();
        Emulator = await AwsEmulator.StartAsync(
            new AwsEmulatorOptions
            {
                World = world with
                {
                    Nodes = [.. world.Nodes, WithHandshake, WithAgent],
                    AccessKeys = [.. world.AccessKeys, AgentKey],
                    Roles = [.. world.Roles, new EmulatedRole(Activation.RoleArn, [])],
                    Activations = [Activation],
                },
                HandshakeTimeout = HandshakeTimeout,
                AgentCertificate = AgentCertificate,
            },
            TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();

    public async Task<Credentials> AssumeAsync(
        string sessionName, string accountId = DefaultWorld.MainAccount, string? policy = null, AWSCredentials? caller = null)
    {
        using AmazonSecurityTokenServiceClient sts = Sts(caller ?? Application);
        AssumeRoleResponse response = await sts.AssumeRoleAsync(
            new AssumeRoleRequest
            {
                RoleArn = DefaultWorld.AccessRoleArn(accountId),
                RoleSessionName = sessionName,
                ExternalId = DefaultWorld.ExternalId,
                Policy = policy,
            },
            TestContext.Current.CancellationToken);
        return response.Credentials;
    }

    public async Task<AmazonSimpleSystemsManagementClient> SsmAsync(
        string sessionName, string accountId = DefaultWorld.MainAccount, string region = DefaultWorld.Tokyo, string? policy = null) =>
        Ssm(await AssumeAsync(sessionName, accountId, policy), region);

    public AmazonSimpleSystemsManagementClient Ssm(AWSCredentials credentials, string region = DefaultWorld.Tokyo) =>
        new(credentials, Configured(new AmazonSimpleSystemsManagementConfig(), region));

    public AmazonSecurityTokenServiceClient Sts(AWSCredentials credentials) =>
        new(credentials, Configured(new AmazonSecurityTokenServiceConfig(), DefaultWorld.Tokyo));

    public AmazonEC2Client Ec2(AWSCredentials credentials, string region = DefaultWorld.Tokyo) =>
        new(credentials, Configured(new AmazonEC2Config(), region));

    private T Configured<T>(T config, string region) where T : ClientConfig
    {
        config.ServiceURL = Emulator.Endpoint.ToString();
        config.AuthenticationRegion = region;
        config.MaxErrorRetry = 0;
        return config;
    }
}
