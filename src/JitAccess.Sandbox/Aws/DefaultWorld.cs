namespace JitAccess.Sandbox.Aws;

/// <summary>The world of the demo: two accounts, two Regions, nine nodes, one access role an account.</summary>
public static class DefaultWorld
{
    public const string MainAccount = "111111111111";
    public const string PaymentsAccount = "222222222222";
    public const string Ireland = "eu-west-1";
    public const string Tokyo = "ap-northeast-1";

    /// <summary>What the access roles ask of whoever assumes them.</summary>
    public const string ExternalId = "jitaccess-sandbox";

    public const string DemoLinux = "i-0a1b2c3d4e5f60718";
    public const string DemoLinux2 = "i-0a1b2c3d4e5f60719";
    public const string PaymentsApi = "i-0b2c3d4e5f6071829";
    public const string PaymentsDatabase = "i-0e5f6071829304152";
    public const string StagingWeb = "i-0d4e5f60718293041";
    public const string BuildAgent = "i-0c3d4e5f607182930";
    public const string EdgeTokyo = "mi-0f1e2d3c4b5a69788";
    public const string BatchWorker = "i-0f60718293041526a";
    public const string LegacyApp = "i-0123456789abcdef0";

    private const string ApplicationUser = $"arn:aws:iam::{MainAccount}:user/jitaccess";

    // The application's own key can look around in its account, but sessions need the access role.
    private const string ApplicationPolicy = """
        {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/JitAccess-AccessRole" },
            { "Effect": "Allow", "Action": ["ssm:Describe*", "ssm:Get*", "ssm:ListTagsForResource", "ec2:Describe*"], "Resource": "*" }
          ]
        }
        """;

    /// <summary>The role that the application assumes in an account.</summary>
    public static string AccessRoleArn(string accountId) => $"arn:aws:iam::{accountId}:role/JitAccess-AccessRole";

    /// <summary>The world, with a fresh secret for the application's access key.</summary>
    public static SandboxWorld Create() => new()
    {
        Accounts = [new(MainAccount, "sandbox-main"), new(PaymentsAccount, "sandbox-payments")],
        Regions = [Ireland, Tokyo],
        Roles =
        [
            new(AccessRoleArn(MainAccount), [ApplicationUser]) { ExternalId = ExternalId },
            new(AccessRoleArn(PaymentsAccount), [ApplicationUser]) { ExternalId = ExternalId },
        ],
        AccessKeys = [EmulatedAccessKey.CreateRandom(ApplicationUser, ApplicationPolicy)],
        Nodes =
        [
            Node(DemoLinux, "demo-linux", MainAccount, Tokyo, "10.1.0.11", ("env", "demo")),
            Node(DemoLinux2, "demo-linux2", MainAccount, Tokyo, "10.1.0.12", ("env", "demo"), ("access", "auto")),
            Node(PaymentsApi, "payments-api-1", PaymentsAccount, Tokyo, "10.2.0.21", ("env", "prod"), ("app", "payments")),
            Node(PaymentsDatabase, "payments-db-1", PaymentsAccount, Tokyo, "10.2.0.22", ("env", "prod"), ("app", "payments"), ("tier", "db")),
            Node(StagingWeb, "staging-web-1", MainAccount, Ireland, "10.3.0.31", ("env", "staging"), ("access", "auto"), ("data", "restricted")),
            Node(BuildAgent, "build-agent-1", MainAccount, Ireland, "10.3.0.32", ("env", "dev"))
                with { PlatformName = "Ubuntu", PlatformVersion = "24.04" },
            Node(EdgeTokyo, "edge-tokyo-1", PaymentsAccount, Tokyo, "192.168.7.4", ("env", "edge"))
                with { PlatformName = "Debian GNU/Linux", PlatformVersion = "12" },
            Node(BatchWorker, "batch-worker-1", PaymentsAccount, Ireland, "10.4.0.41", ("env", "batch")),
            Node(LegacyApp, "legacy-app-1", MainAccount, Ireland, "10.3.0.33", ("env", "dev"))
                with { PingStatus = PingStatus.ConnectionLost, PlatformVersion = "2", AgentVersion = "3.1.1732.0" },
        ],
    };

    private static EmulatedNode Node(
        string id, string name, string accountId, string region, string ipAddress, params (string Key, string Value)[] tags) =>
        new(id, name, accountId, region)
        {
            IpAddress = ipAddress,
            Tags = tags.Prepend(("Name", name)).ToDictionary(tag => tag.Item1, tag => tag.Item2),
        };
}
