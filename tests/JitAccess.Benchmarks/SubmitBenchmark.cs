using System.Diagnostics;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Data;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PingStatus = JitAccess.Domain.Nodes.PingStatus;

namespace JitAccess.Benchmarks;

/// <summary>
/// A durable submit through <see cref="RequestService"/> (read, decide, save request, audit entry and outbox message) beside a bare Npgsql
/// transaction that inserts the same three rows into the same tables. Both write to disk before they answer. The two take turns,
/// so that whatever else the machine does falls on both.
/// </summary>
internal static class SubmitBenchmark
{
    // Until the runtime has compiled for good what a submit runs through: with fewer, its compiler is what is measured.
    private const int WarmUps = 3000;
    private const int Rounds = 20;
    private const int PerRound = 50;
    private const int AtOnce = 32;
    private const int PerRoundAtOnce = 320;
    internal static readonly InstanceId Node = InstanceId.Parse(DefaultWorld.DemoLinux);
    private static int _people;

    public static async Task RunAsync()
    {
        await using BenchmarkApplication application = await BenchmarkApplication.StartAsync();
        await SeedAsync(application);
        RequestService requests = application.Get<RequestService>();
        Task ServiceAsync() => requests.SubmitAsync(NextPerson(), Node, new("Look into the slow checkout", TimeSpan.FromHours(2)), CancellationToken.None);

        await ServiceAsync();
        SameRows rows = await SameRows.ReadAsync(application.Get<NpgsqlDataSource>());
        Task BareAsync() => rows.InsertAsync(NextPerson().Subject);

        await ManyAsync(ServiceAsync, WarmUps);
        await ManyAsync(BareAsync, WarmUps);

        List<double> service = [], bare = [];
        for (int round = 0; round < Rounds; round++)
        {
            service.AddRange(await ManyAsync(ServiceAsync, PerRound));
            bare.AddRange(await ManyAsync(BareAsync, PerRound));
        }
        service.Sort();
        bare.Sort();
        Figure.Print("submit.service_p50", Figure.Percentile(service, 0.5), "ms");
        Figure.Print("submit.service_p99", Figure.Percentile(service, 0.99), "ms");
        Figure.Print("submit.bare_p50", Figure.Percentile(bare, 0.5), "ms");
        Figure.Print("submit.bare_p99", Figure.Percentile(bare, 0.99), "ms");
        Figure.Print("submit.p50_vs_bare", Figure.Percentile(service, 0.5) / Figure.Percentile(bare, 0.5), "x");

        List<double> servicePerSecond = [], barePerSecond = [];
        for (int round = 0; round < Rounds / 2; round++)
        {
            servicePerSecond.Add(await PerSecondAsync(ServiceAsync));
            barePerSecond.Add(await PerSecondAsync(BareAsync));
        }
        servicePerSecond.Sort();
        barePerSecond.Sort();
        Figure.Print("submit.service_per_second", Figure.Percentile(servicePerSecond, 0.5), "1/s");
        Figure.Print("submit.bare_per_second", Figure.Percentile(barePerSecond, 0.5), "1/s");
        Figure.Print("submit.throughput_vs_bare", Figure.Percentile(servicePerSecond, 0.5) / Figure.Percentile(barePerSecond, 0.5), "x");
    }

    /// <summary>Milliseconds of each call, one after the other.</summary>
    private static async Task<List<double>> ManyAsync(Func<Task> work, int times)
    {
        List<double> milliseconds = [];
        for (int time = 0; time < times; time++)
        {
            long start = Stopwatch.GetTimestamp();
            await work();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return milliseconds;
    }

    /// <summary>Calls a second with <see cref="AtOnce"/> at the same time.</summary>
    private static async Task<double> PerSecondAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, PerRoundAtOnce), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) => await work());
        return PerRoundAtOnce / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // A person may have one pending request per node, so each submit is somebody else's.
    private static Actor NextPerson()
    {
        string name = $"person-{Interlocked.Increment(ref _people)}";
        return new Actor
        {
            Person = new Person(name, name, $"{name}@example.com", ["engineering"], new PersonAttributes()),
            Identity = new ProvenIdentity.Role(RoleArn.Parse("arn:aws:iam::111111111111:role/jit-requester")),
            Address = "192.0.2.7",
        };
    }

    /// <summary>One node and the demo's policies.</summary>
    internal static async Task SeedAsync(BenchmarkApplication application)
    {
        await using JitAccessDbContext database = await application.Get<IDbContextFactory<JitAccessDbContext>>().CreateDbContextAsync();
        database.Nodes.Add(new Node
        {
            Id = Node,
            Name = "demo-linux",
            Account = AccountId.Parse(DefaultWorld.MainAccount),
            Region = DefaultWorld.Ireland,
            Platform = "Linux",
            PlatformName = "Amazon Linux 2023",
            PingStatus = PingStatus.Online,
            Tags = Domain.Nodes.Node.NoTags.Add("Name", "demo-linux").Add("env", "demo"),
        });
        database.PolicySets.Add(new PublishedPolicySet
        {
            Number = 1,
            Policies = DemoPolicies.PolicySet,
            PublishedAt = DateTimeOffset.UtcNow,
            PublishedBy = "admin",
            PublishedByName = "admin",
            Comment = "For the benchmark.",
        });
        await database.SaveChangesAsync();
    }
}
