using JitAccess.Sandbox.Postgres;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

[assembly: AssemblyFixture(typeof(JitAccess.Web.Tests.Data.PostgresFixture))]

namespace JitAccess.Web.Tests.Data;

/// <summary>One Postgres for all tests: a template that is migrated once, and a fresh copy for each test. Starts when the first test asks.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private const string Template = "jitaccess_template";

    private readonly Lazy<Task<PostgresServer>> _server = new(StartAsync);
    private int _copies;

    public Task<PostgresServer> ServerAsync() => _server.Value;

    /// <summary>A database of its own for one test.</summary>
    /// <returns>Its name and its connection string.</returns>
    public async Task<(string Name, string ConnectionString)> CreateDatabaseAsync()
    {
        PostgresServer server = await ServerAsync();
        string name = $"test_{Interlocked.Increment(ref _copies)}";
        return (name, await server.CreateDatabaseAsync(name, Template, TestContext.Current.CancellationToken));
    }

    /// <summary>Brings an empty database to the newest schema, as <c>JitAccess.Web --migrate</c> does.</summary>
    public static async Task MigrateAsync(string connectionString)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        DbContextOptionsBuilder<JitAccessDbContext> options = new();
        DataSetup.Configure(options, source);
        await using JitAccessDbContext context = new(options.Options);
        await context.Database.MigrateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated) await (await _server.Value).DisposeAsync();
    }

    // Not under the first test's token: the server outlives that test.
    private static async Task<PostgresServer> StartAsync()
    {
        PostgresServer server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = false }, CancellationToken.None);
        await MigrateAsync(await server.CreateDatabaseAsync(Template, cancellationToken: CancellationToken.None));
        return server;
    }
}
