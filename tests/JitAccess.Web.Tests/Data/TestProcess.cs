using JitAccess.Cedar;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Audit;
using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using JitAccess.Web.Delegations;
using JitAccess.Web.Grants;
using JitAccess.Web.Identity;
using JitAccess.Web.Live;
using JitAccess.Web.Nodes;
using JitAccess.Web.Notifications;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using JitAccess.Web.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitAccess.Web.Tests.Data;

/// <summary>The application's services as its own setup registers them, without the web server. Background work runs only where a test starts it.</summary>
internal sealed class TestProcess : IAsyncDisposable
{
    // Compiling the engine takes a second; it keeps nothing between questions.
    internal static readonly CedarEngine Engine = new();

    private readonly IHost _host;
    private readonly List<IHostedService> _running = [];

    public TestProcess(TestWorld world, Action<IServiceCollection>? configure, IReadOnlyDictionary<string, string?>? settings = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(Settings(world));
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton<TimeProvider>(world.Clock);
        builder.AddData();
        builder.AddAudit();
        builder.AddLive();
        builder.AddIdentity();
        builder.AddAws();
        builder.AddNodes();
        builder.AddPolicies();
        builder.AddDelegations();
        builder.AddRequests();
        builder.AddGrants();
        builder.AddSessions();
        builder.AddNotifications();
        builder.AddTokens();
        builder.Services.AddSingleton(Engine);
        builder.Services.AddSingleton<ISessionOpener>(world.Aws);
        builder.Services.AddSingleton<INodeReader>(world.NodesAtAws);
        configure?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>A background service of the application, not running.</summary>
    public T Background<T>() where T : IHostedService => _host.Services.GetServices<IHostedService>().OfType<T>().Single();

    /// <summary>All background services of a kind, not running.</summary>
    public IEnumerable<T> Backgrounds<T>() where T : IHostedService => _host.Services.GetServices<IHostedService>().OfType<T>();

    /// <summary>Starts a background service of the application; it stops with the process.</summary>
    public async Task<T> RunAsync<T>() where T : IHostedService
    {
        T service = Background<T>();
        await service.StartAsync(TestContext.Current.CancellationToken);
        _running.Add(service);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHostedService service in _running) await service.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    internal static Dictionary<string, string?> Settings(TestWorld world) => new()
    {
        ["ConnectionStrings:Database"] = world.ConnectionString,
        ["Identity:Authority"] = "http://127.0.0.1/",
        ["Identity:ClientId"] = "jitaccess",
        ["Identity:ClientSecret"] = "secret",
        ["Identity:AdminGroups:0"] = "jit-admins",
        ["Recording:Off"] = "true",
        ["Aws:HomeRegion"] = DefaultWorld.Ireland,
        ["Aws:Accounts:0:Id"] = DefaultWorld.MainAccount,
        ["Aws:Accounts:0:Name"] = "sandbox-main",
        ["Aws:Accounts:0:AccessRoleArn"] = DefaultWorld.AccessRoleArn(DefaultWorld.MainAccount),
        ["Aws:Accounts:0:Regions:0"] = DefaultWorld.Ireland,
        ["Aws:Accounts:0:Regions:1"] = DefaultWorld.Tokyo,
        ["Aws:Accounts:1:Id"] = DefaultWorld.PaymentsAccount,
        ["Aws:Accounts:1:Name"] = "sandbox-payments",
        ["Aws:Accounts:1:AccessRoleArn"] = DefaultWorld.AccessRoleArn(DefaultWorld.PaymentsAccount),
        ["Aws:Accounts:1:Regions:0"] = DefaultWorld.Tokyo,
    };
}
