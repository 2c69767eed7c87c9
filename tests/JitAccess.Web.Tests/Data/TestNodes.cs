using JitAccess.Domain.Nodes;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Aws;
using PingStatus = JitAccess.Domain.Nodes.PingStatus;

namespace JitAccess.Web.Tests.Data;

/// <summary>The demo's nodes as the inventory stores them.</summary>
internal static class TestNodes
{
    public static readonly AwsPlace MainIreland = new(AccountId.Parse(DefaultWorld.MainAccount), DefaultWorld.Ireland);
    public static readonly AwsPlace MainTokyo = new(AccountId.Parse(DefaultWorld.MainAccount), DefaultWorld.Tokyo);
    public static readonly AwsPlace PaymentsIreland = new(AccountId.Parse(DefaultWorld.PaymentsAccount), DefaultWorld.Ireland);
    public static readonly AwsPlace PaymentsTokyo = new(AccountId.Parse(DefaultWorld.PaymentsAccount), DefaultWorld.Tokyo);

    /// <summary>Needs one approval by jit-approver.</summary>
    public static readonly Node DemoLinux = New(DefaultWorld.DemoLinux, "demo-linux", MainTokyo, ("env", "demo"));

    /// <summary>Opens automatically for 1 h.</summary>
    public static readonly Node DemoLinux2 = New(DefaultWorld.DemoLinux2, "demo-linux2", MainTokyo, ("env", "demo"), ("access", "auto"));

    /// <summary>Needs two levels of one approval each.</summary>
    public static readonly Node PaymentsApi = New(DefaultWorld.PaymentsApi, "payments-api-1", PaymentsTokyo, ("env", "prod"), ("app", "payments"));

    public static readonly Node EdgeTokyo = New(DefaultWorld.EdgeTokyo, "edge-tokyo-1", PaymentsTokyo, ("env", "edge"));

    /// <summary>No policy covers it.</summary>
    public static readonly Node BatchWorker = New(DefaultWorld.BatchWorker, "batch-worker-1", PaymentsIreland, ("env", "batch"));

    public static readonly Node BuildAgent = New(DefaultWorld.BuildAgent, "build-agent-1", MainIreland, ("env", "dev"));

    /// <summary>Its agent does not answer.</summary>
    public static readonly Node LegacyApp = New(DefaultWorld.LegacyApp, "legacy-app-1", MainIreland, ("env", "dev")) with { PingStatus = PingStatus.ConnectionLost };

    public static IReadOnlyList<Node> All { get; } = [DemoLinux, DemoLinux2, PaymentsApi, EdgeTokyo, BatchWorker, BuildAgent, LegacyApp];

    public static Node New(string id, string name, AwsPlace place, params (string Key, string Value)[] tags) => new()
    {
        Id = InstanceId.Parse(id),
        Name = name,
        Account = place.Account,
        Region = place.Region,
        Platform = "Linux",
        PlatformName = "Amazon Linux 2023",
        PingStatus = PingStatus.Online,
        Tags = Node.NoTags.Add("Name", name).AddRange(tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value))),
    };

    /// <summary>A node of the main account in Tokyo with a made-up id.</summary>
    public static Node Numbered(int number) => New($"i-{number:x17}", $"node-{number:000}", MainTokyo, ("env", "many"));
}
