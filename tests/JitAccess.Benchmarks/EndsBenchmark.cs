using System.Diagnostics;
using System.Globalization;
using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Postgres;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Data;
using JitAccess.Web.Policies;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JitAccess.Benchmarks;

/// <summary>
/// 500 live sessions, each a shell on the emulator, whose grants end in the same second: from that second until AWS has confirmed each TerminateSession.
/// Then the same with a process that was killed before the end, from the moment at which its successor is ready.
/// </summary>
internal static class EndsBenchmark
{
    private const int Sessions = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync()
    {
        DirectoryInfo recordings = Directory.CreateTempSubdirectory("jitaccess-ends-");
        await using PostgresServer server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = true }, CancellationToken.None);
        string connection = await server.CreateDatabaseAsync("ends") + ";Maximum Pool Size=64";
        await using (BenchmarkApplication application = BenchmarkApplication.Over(connection))
        {
            await application.MigrateAsync();
            await using JitAccessDbContext context = await application.Get<IDbContextFactory<JitAccessDbContext>>().CreateDbContextAsync();
            context.PolicySets.Add(new PublishedPolicySet { Number = 1, Policies = DemoPolicies.PolicySet, PublishedAt = DateTimeOffset.UtcNow, PublishedBy = "admin", PublishedByName = "admin", Comment = "For the benchmark." });
            await context.SaveChangesAsync();
        }
        EmulatedAccessKey key = DefaultWorld.Create().AccessKeys[0];
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new AwsEmulatorOptions { World = DefaultWorld.Create() with { AccessKeys = [key] } }, CancellationToken.None);
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        try
        {
            using (Process application = Start(connection, emulator, key, recordings, Sessions, "first"))
            {
                await UntilSaidAsync(application, "connected");
                DateTimeOffset ends = await EndAllAsync(database, TimeSpan.FromSeconds(5));
                List<double> took = await UntilConfirmedAsync(database, "first", ends);
                Figure.Print("ends.p50_s", Figure.Percentile(took, 0.5), "s");
                Figure.Print("ends.p99_s", Figure.Percentile(took, 0.99), "s");
                application.Kill(entireProcessTree: true);
                await application.WaitForExitAsync();
            }
            using (Process lost = Start(connection, emulator, key, recordings, Sessions, "second"))
            {
                await UntilSaidAsync(lost, "connected");
                await EndAllAsync(database, TimeSpan.FromSeconds(5));
                lost.Kill();
                await lost.WaitForExitAsync();
            }
            await Task.Delay(TimeSpan.FromSeconds(7));
            using Process successor = Start(connection, emulator, key, recordings, 0, "nobody");
            DateTimeOffset ready = await UntilSaidAsync(successor, "ready");
            List<double> after = await UntilConfirmedAsync(database, "second", ready);
            Figure.Print("ends.after_restart_s", Figure.Percentile(after, 0.99), "s");
            successor.Kill();
            await successor.WaitForExitAsync();
        }
        finally
        {
            recordings.Delete(recursive: true);
        }
    }

    private static Process Start(string connection, AwsEmulator emulator, EmulatedAccessKey key, DirectoryInfo recordings, int people, string prefix) => OwnProcess.Start(
        SessionsProcess.Name, connection, emulator.Endpoint.ToString(), key.AccessKeyId, key.SecretAccessKey, recordings.FullName, people.ToString(CultureInfo.InvariantCulture), prefix);

    /// <summary>Waits for a line of the process; when it came.</summary>
    private static async Task<DateTimeOffset> UntilSaidAsync(Process process, string line)
    {
        using CancellationTokenSource patience = new(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } said)
        {
            if (said == line) return DateTimeOffset.UtcNow;
            if (said != "ready") Console.Error.WriteLine(said);
        }
        throw new InvalidOperationException($"The process ended before it said “{line}”.");
    }

    /// <summary>Lets all grants that live end at one instant, which is returned.</summary>
    private static async Task<DateTimeOffset> EndAllAsync(NpgsqlDataSource database, TimeSpan from)
    {
        DateTimeOffset ends = DateTimeOffset.UtcNow + from;
        await using NpgsqlCommand command = database.CreateCommand("update grants set ends_at = $1 where ended_at is null");
        command.Parameters.Add(new NpgsqlParameter { Value = ends });
        int moved = await command.ExecuteNonQueryAsync();
        return moved == Sessions ? ends : throw new InvalidOperationException($"{moved} grants live, not {Sessions}.");
    }

    /// <summary>The seconds from an instant until AWS had confirmed each end, sorted.</summary>
    private static async Task<List<double>> UntilConfirmedAsync(NpgsqlDataSource database, string prefix, DateTimeOffset from)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            List<double> seconds = [];
            await using (NpgsqlCommand command = database.CreateCommand("select termination_confirmed_at from sessions where holder like $1 and termination_confirmed_at is not null"))
            {
                command.Parameters.Add(new NpgsqlParameter { Value = $"{prefix}-%" });
                await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync()) seconds.Add((rows.GetFieldValue<DateTimeOffset>(0) - from).TotalSeconds);
            }
            seconds.Sort();
            if (seconds.Count == Sessions) return seconds;
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new InvalidOperationException($"AWS has confirmed {seconds.Count} of {Sessions} ends.");
            await Task.Delay(200);
        }
    }
}
