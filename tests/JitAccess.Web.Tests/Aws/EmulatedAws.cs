using Amazon.Runtime;
using JitAccess.Domain.Nodes;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Aws;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JitAccess.Web.Tests.Aws;

/// <summary>The real reader and opener, against the emulator.</summary>
internal sealed class EmulatedAws : IAsyncDisposable
{
    public static readonly AwsPlace MainTokyo = new(AccountId.Parse(DefaultWorld.MainAccount), DefaultWorld.Tokyo);
    public static readonly AwsPlace MainIreland = new(AccountId.Parse(DefaultWorld.MainAccount), DefaultWorld.Ireland);
    public static readonly AwsPlace PaymentsTokyo = new(AccountId.Parse(DefaultWorld.PaymentsAccount), DefaultWorld.Tokyo);

    private readonly IHost host;

    private EmulatedAws(AwsEmulator emulator, IHost host) => (Emulator, this.host) = (emulator, host);

    public AwsEmulator Emulator { get; }

    public INodeReader Nodes => host.Services.GetRequiredService<INodeReader>();

    public ISessionOpener Sessions => host.Services.GetRequiredService<ISessionOpener>();

    public AwsClients Clients => host.Services.GetRequiredService<AwsClients>();

    public static Task<EmulatedAws> StartAsync() => StartAsync(DefaultWorld.Create());

    /// <param name="world">What exists.</param>
    /// <param name="settings">More configuration, or other than usual.</param>
    public static async Task<EmulatedAws> StartAsync(SandboxWorld world, params (string Key, string Value)[] settings)
    {
        AwsEmulator emulator = await AwsEmulator.StartAsync(new AwsEmulatorOptions { World = world }, TestContext.Current.CancellationToken);
        Dictionary<string, string?> configuration = new()
        {
            ["Aws:HomeRegion"] = DefaultWorld.Ireland,
            ["Aws:ServiceUrl"] = emulator.Endpoint.AbsoluteUri,
        };
        foreach ((int index, EmulatedAccount account) in world.Accounts.Index())
        {
            configuration[$"Aws:Accounts:{index}:Id"] = account.Id;
            configuration[$"Aws:Accounts:{index}:AccessRoleArn"] = DefaultWorld.AccessRoleArn(account.Id);
            configuration[$"Aws:Accounts:{index}:ExternalId"] = DefaultWorld.ExternalId;
            foreach ((int at, string region) in world.Regions.Index()) configuration[$"Aws:Accounts:{index}:Regions:{at}"] = region;
        }

        foreach ((string key, string value) in settings) configuration[key] = value;

        EmulatedAccessKey own = world.AccessKeys[0];
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<AWSCredentials>(new BasicAWSCredentials(own.AccessKeyId, own.SecretAccessKey));
        builder.AddAws();
        return new EmulatedAws(emulator, builder.Build());
    }

    /// <summary>The calls of one operation, oldest first.</summary>
    public IReadOnlyList<RecordedCall> CallsOf(string operation) => [.. Emulator.Calls.Where(call => call.Operation == operation)];

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await Emulator.DisposeAsync();
    }
}
