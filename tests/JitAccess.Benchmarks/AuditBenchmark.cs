using System.Diagnostics;
using System.Globalization;
using JitAccess.Domain.Audit;
using JitAccess.Web.Audit;
using Npgsql;

namespace JitAccess.Benchmarks;

/// <summary>Sealing and checking 1,000,000 audit entries as large as those of a submit: from Postgres by one connection, and the check alone.</summary>
internal static class AuditBenchmark
{
    private const int Entries = 1_000_000;
    private const int Runs = 3;

    public static async Task RunAsync()
    {
        await using BenchmarkApplication application = await BenchmarkApplication.StartAsync();
        await SeedAsync(application.Get<NpgsqlDataSource>());

        AuditSealing sealing = application.Background<AuditSealing>();
        long start = Stopwatch.GetTimestamp();
        while (await sealing.DoDueAsync(CancellationToken.None))
        {
        }
        Figure.Print("audit.seal_per_second", Entries / Stopwatch.GetElapsedTime(start).TotalSeconds, "1/s");
        await ExecuteAsync(application.Get<NpgsqlDataSource>(), "vacuum analyze");

        AuditVerification verification = application.Get<AuditVerification>();
        List<double> perSecond = [], perCpuSecond = [];
        long atRest = WorkingSet(), highest = 0;
        for (int run = 0; run < Runs; run++)
        {
            using CancellationTokenSource done = new();
            Task watching = Task.Run(async () =>
            {
                while (!done.IsCancellationRequested)
                {
                    highest = Math.Max(highest, WorkingSet() - atRest);
                    await Task.Delay(100);
                }
            });
            TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
            start = Stopwatch.GetTimestamp();
            AuditFindings findings = await verification.CheckAsync(AuditVerification.DefaultTolerance, CancellationToken.None);
            perSecond.Add(Entries / Stopwatch.GetElapsedTime(start).TotalSeconds);
            perCpuSecond.Add(Entries / (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds);
            await done.CancelAsync();
            await watching;
            if (findings is not { Problem: null, Entries: Entries, Waiting: 0 }) throw new InvalidOperationException($"The audit is not as it was written: {findings}");
        }
        perSecond.Sort();
        perCpuSecond.Sort();
        Figure.Print("audit.verify_per_second", Figure.Percentile(perSecond, 0.5), "1/s");
        Figure.Print("audit.verify_per_cpu_second", Figure.Percentile(perCpuSecond, 0.5), "1/s");
        Figure.Print("audit.verify_memory_mb", highest / 1048576.0, "MB");
        Figure.Print("audit.check_per_second", CheckAlone(), "1/s");
    }

    /// <summary>Entries a second that are encoded, hashed and compared on one core, without a store.</summary>
    private static double CheckAlone()
    {
        const int count = 200_000;
        LeafEncoder encoder = new();
        MerkleTree tree = new();
        (AuditSeal Seal, StoredEntry Entry)[] entries = [.. Enumerable.Range(0, count).Select(position =>
        {
            StoredEntry entry = new(
                Guid.CreateVersion7(), DateTimeOffset.UnixEpoch.AddSeconds(position), "person-1", "Person One", "arn:aws:iam::111111111111:role/jit-requester", "192.0.2.7", "RequestSubmitted",
                Guid.NewGuid().ToString(), "i-0a1b2c3d4e5f60718", null, new string('x', 400), 3, "Look into the slow checkout");
            Digest leaf = encoder.Leaf(1, position, entry);
            tree.Add(leaf);
            return (new AuditSeal(1, position, entry.Id, leaf), entry);
        })];
        AuditBlock block = AuditBlock.Close(null, tree, isComplete: true, DateTimeOffset.UnixEpoch);
        List<double> perSecond = [];
        for (int run = 0; run < Runs; run++)
        {
            ChainCheck check = new(AuditVerification.DefaultTolerance);
            long start = Stopwatch.GetTimestamp();
            AuditProblem? problem = check.Begin(block);
            foreach ((AuditSeal seal, StoredEntry entry) in entries) problem ??= check.Add(seal, entry);
            problem ??= check.Finish();
            perSecond.Add(count / Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (problem is not null) throw new InvalidOperationException(problem.Message);
        }
        perSecond.Sort();
        return Figure.Percentile(perSecond, 0.5);
    }

    private static async Task SeedAsync(NpgsqlDataSource database)
    {
        const int atOnce = 100_000;
        for (int first = 0; first < Entries; first += atOnce)
        {
            // Ids rise with time, as those of the application do (UUID version 7).
            await ExecuteAsync(database, string.Create(CultureInfo.InvariantCulture,
                $$"""
                insert into audit_entries (id, at, actor, actor_name, actor_identity, actor_address, action, subject, node_id, after, policy_set_version, why)
                select (lpad(to_hex(1764000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid, timestamptz '2025-11-24T16:00:00Z' + n * interval '1 millisecond',
                       'person-' || n % 5000, 'Person ' || n % 5000, 'arn:aws:iam::111111111111:role/jit-requester', '192.0.2.7', 'RequestSubmitted', gen_random_uuid(), 'i-' || substr(md5((n % 2000)::text), 1, 17),
                       jsonb_build_object('status', 'Pending', 'openLevel', 1, 'durationHours', 2, 'levels', jsonb_build_array(jsonb_build_object('requiredApprovals', 1, 'approvers', jsonb_build_array('group:platform-leads', 'group:on-call', 'person:' || n)), jsonb_build_object('requiredApprovals', 2, 'approvers', jsonb_build_array('group:security')))),
                       3, 'Look into the slow checkout of shop ' || n
                from generate_series({{first + 1}}, {{first + atOnce}}) n
                """));
        }
        await ExecuteAsync(database, "vacuum analyze");
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
#pragma warning disable CA2100 // The texts stand above.
        await using NpgsqlCommand command = database.CreateCommand(sql);
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private static long WorkingSet()
    {
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
