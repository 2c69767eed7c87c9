using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Postgres;
using JitAccess.Web.Audit;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Live;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitAccess.Benchmarks;

/// <summary>The application's services as its own setup registers them, over a Postgres of their own that writes to disk as a real one does, or over a given database.</summary>
internal sealed class BenchmarkApplication : IAsyncDisposable
{
    private readonly PostgresServer? _server;
    private readonly IHost _host;

    private BenchmarkApplication(PostgresServer? server, IHost host) => (_server, _host) = (server, host);

    public static async Task<BenchmarkApplication> StartAsync()
    {
        PostgresServer server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = true }, CancellationToken.None);
        IHost host = Build(await server.CreateDatabaseAsync("benchmark"));
        await host.Services.MigrateAsync(CancellationToken.None);
        return new BenchmarkApplication(server, host);
    }

    /// <summary>Beside whatever else works on the database, which is migrated.</summary>
    public static BenchmarkApplication Over(string connectionString) => new(null, Build(connectionString));

    public Task MigrateAsync() => _host.Services.MigrateAsync(CancellationToken.None);

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>A background service of the application, not running.</summary>
    public T Background<T>() where T : IHostedService => _host.Services.GetServices<IHostedService>().OfType<T>().Single();

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_host).DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private static IHost Build(string connectionString)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Database"] = connectionString + ";Maximum Pool Size=64",
            ["Aws:HomeRegion"] = DefaultWorld.Ireland,
        });
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddData();
        builder.AddAudit();
        builder.AddLive();
        builder.AddPolicies();
        builder.AddRequests();
        builder.AddGrants();
        return builder.Build();
    }
}
