using JitAccess.Domain.Policies;
using JitAccess.Sandbox.Postgres;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace JitAccess.Web.Tests.Data;

/// <summary>An installation for one test: a database of its own, a clock that the test moves, fakes where AWS begins, and as many processes as wanted.</summary>
internal sealed class TestWorld : IAsyncDisposable
{
    private static readonly string[] Attempts =
        [.. new[] { "Review", "Cancel", "Revoke", "Return" }.SelectMany(verb => new[] { $"\"{verb}Refused\"", $"\"{verb.ToLowerInvariant()}.refused\"" })];

    private readonly Func<ValueTask> _dropDatabase;
    private readonly List<TestProcess> _processes = [];

    private TestWorld(string connectionString, Func<ValueTask> dropDatabase)
    {
        (ConnectionString, _dropDatabase) = (connectionString, dropDatabase);
        Here = AnotherProcess();
    }

    public string ConnectionString { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));

    public FakeSessionOpener Aws { get; } = new();

    public FakeNodeReader NodesAtAws { get; } = new();

    /// <summary>The first process; the shorthands below are its services.</summary>
    public TestProcess Here { get; }

    public RequestService Requests => Here.Get<RequestService>();

    public RequestQueries RequestQueries => Here.Get<RequestQueries>();

    public GrantService Grants => Here.Get<GrantService>();

    public GrantQueries GrantQueries => Here.Get<GrantQueries>();

    public PolicyService Policies => Here.Get<PolicyService>();

    public PolicyQueries PolicyQueries => Here.Get<PolicyQueries>();

    public SessionService Sessions => Here.Get<SessionService>();

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An installation without nodes and policies.</summary>
    public static async Task<TestWorld> CreateEmptyAsync()
    {
        PostgresFixture postgres = (await TestContext.Current.GetFixture<PostgresFixture>())!;
        PostgresServer server = await postgres.ServerAsync();
        (string name, string connectionString) = await postgres.CreateDatabaseAsync();
        return new TestWorld(connectionString, async () => await server.DropDatabaseAsync(name, CancellationToken.None));
    }

    /// <summary>An installation with the demo's nodes and policies.</summary>
    public static async Task<TestWorld> CreateAsync()
    {
        TestWorld world = await CreateEmptyAsync();
        await world.SeedAsync();
        return world;
    }

    /// <summary>An installation with the demo's nodes and policies on a server of its own, which the test may stop and start.</summary>
    public static async Task<TestWorld> CreateOnAsync(PostgresServer server)
    {
        string connectionString = await server.CreateDatabaseAsync("jitaccess", cancellationToken: Cancellation);
        await PostgresFixture.MigrateAsync(connectionString);
        TestWorld world = new(connectionString, () => ValueTask.CompletedTask);
        await world.SeedAsync();
        return world;
    }

    /// <summary>One more replica, or the same after a restart: nothing in memory is shared.</summary>
    public TestProcess AnotherProcess(Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        TestProcess process = new(this, configure, settings);
        _processes.Add(process);
        return process;
    }

    /// <summary>Publishes a policy set as the newest version.</summary>
    public async Task<int> PublishAsync(PolicySet policies)
    {
        await using JitAccessDbContext database = await DatabaseAsync();
        int number = 1 + (await database.PolicySets.MaxAsync(policySet => (int?)policySet.Number, Cancellation) ?? 0);
        database.PolicySets.Add(new PublishedPolicySet { Number = number, Policies = policies, PublishedAt = Clock.GetUtcNow(), PublishedBy = "admin", PublishedByName = "admin", Comment = "For the test." });
        await database.SaveChangesAsync(Cancellation);
        return number;
    }

    public async Task AddNodesAsync(params Domain.Nodes.Node[] nodes)
    {
        await using JitAccessDbContext database = await DatabaseAsync();
        database.Nodes.AddRange(nodes);
        await database.SaveChangesAsync(Cancellation);
    }

    public Task<JitAccessDbContext> DatabaseAsync() => Here.Get<IDbContextFactory<JitAccessDbContext>>().CreateDbContextAsync(Cancellation);

    /// <summary>Runs SQL beside the application.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = Here.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Asks SQL beside the application: the first column of all rows, as text.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string sql)
    {
        await using NpgsqlCommand command = Here.Get<NpgsqlDataSource>().CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancellation);
        List<string> rows = [];
        while (await reader.ReadAsync(Cancellation)) rows.Add(reader.IsDBNull(0) ? "" : reader.GetValue(0).ToString()!);
        return rows;
    }

    public async Task<int> CountAsync(string table) => int.Parse((await QueryAsync($"select count(*) from {table}"))[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Everything that a change could have written, as text to compare.</summary>
    public Task<IReadOnlyList<string>> EverythingAsync() => QueryAsync("""
        select 'request ' || to_jsonb(r)::text from requests r union all select 'review ' || to_jsonb(r)::text from reviews r union all select 'grant ' || to_jsonb(g)::text from grants g
        union all select 'session ' || to_jsonb(s)::text from sessions s union all select 'policies ' || to_jsonb(p)::text from policy_sets p union all select 'draft ' || to_jsonb(d)::text from policy_draft d
        union all select 'audit ' || to_jsonb(a)::text from audit_entries a union all select 'outbox ' || to_jsonb(o)::text from outbox o order by 1
        """);

    /// <summary>The same without what refused attempts to answer, cancel, revoke or return leave in the audit and the outbox.</summary>
    public async Task<IReadOnlyList<string>> EverythingButTheAttemptsAsync() =>
        [.. (await EverythingAsync()).Where(row => !Attempts.Any(attempt => row.Contains(attempt, StringComparison.Ordinal)))];

    public async ValueTask DisposeAsync()
    {
        foreach (TestProcess process in _processes) await process.DisposeAsync();
        await _dropDatabase();
    }

    private async Task SeedAsync()
    {
        await AddNodesAsync([.. TestNodes.All]);
        await PublishAsync(DemoPolicies.PolicySet);
    }
}
