using System.Globalization;
using System.Security.Cryptography;
using JitAccess.Sandbox.Processes;
using Npgsql;

namespace JitAccess.Sandbox.Postgres;

/// <summary>A private server from binaries on this machine: loopback only, a password of its own, no socket file.</summary>
internal sealed class LocalPostgres : PostgresServer
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly PostgresBinaries binaries;
    private readonly PostgresDataFolder folder;
    private readonly bool durable;
    private ChildProcess? server;

    private LocalPostgres(PostgresBinaries binaries, PostgresDataFolder folder, bool durable)
        : base(PostgresKind.LocalBinaries)
    {
        this.binaries = binaries;
        this.folder = folder;
        this.durable = durable;
    }

    public static async Task<PostgresServer> OpenAsync(PostgresBinaries binaries, PostgresServerOptions options, CancellationToken cancellationToken)
    {
        PostgresDataFolder folder = await PostgresDataFolder.OpenAsync(options.DataDirectory, cancellationToken);
        LocalPostgres postgres = new(binaries, folder, options.Durable);
        try
        {
            await EndOrphanAsync(binaries, folder, cancellationToken);
            string password = await postgres.CreateClusterAsync(cancellationToken);
            await postgres.ListenAsync(password, LoopbackPort.Find(options.Port), cancellationToken);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public static async Task DeleteAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        using PostgresDataFolder folder = await PostgresDataFolder.OpenAsync(dataDirectory, cancellationToken);
        if (PostgresBinaries.Find() is { } binaries)
            await EndOrphanAsync(binaries, folder, cancellationToken);
        folder.Delete();
    }

    public override async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (server is null)
            return;
        await server.StopAsync(StopPatience);
        await server.DisposeAsync();
        server = null;
    }

    public override async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        NpgsqlConnectionStringBuilder connection = new(ConnectionString);
        await ListenAsync(connection.Password!, connection.Port, cancellationToken);
    }

    private protected override async ValueTask EndAsync()
    {
        await StopAsync();
        folder.Dispose();
    }

    /// <summary>
    /// A server that still runs in the folder was left behind by a killed sandbox (the folder is held by nobody else).
    /// A process file without such a server is what a killed server leaves: its number may belong to another
    /// program by now, which Postgres would take for a running server.
    /// </summary>
    private static async Task EndOrphanAsync(PostgresBinaries binaries, PostgresDataFolder folder, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.ProcessFile))
            return;
        string[] lines = await File.ReadAllLinesAsync(folder.ProcessFile, cancellationToken);
        if (int.TryParse(lines.FirstOrDefault(), CultureInfo.InvariantCulture, out int id) && IsServerOf(id, folder.Cluster))
            await RunAsync(folder, binaries.Control, ["stop", "-D", folder.Cluster, "-m", "fast", "-w"], cancellationToken);
        else
            File.Delete(folder.ProcessFile);
    }

    /// <summary>A server's working directory is its cluster; where that cannot be asked, Postgres' own check must do.</summary>
    private static bool IsServerOf(int processId, string cluster) =>
        !OperatingSystem.IsLinux()
        || Directory.ResolveLinkTarget($"/proc/{processId}/cwd", returnFinalTarget: false)?.FullName == cluster;

    private async Task<string> CreateClusterAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder.Cluster))
        {
            // Made beside its place and moved there when complete: an interrupted start leaves nothing half made.
            string unfinished = folder.Cluster + "-unfinished";
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
            await PrivateFile.WriteAsync(folder.PasswordFile, RandomNumberGenerator.GetHexString(32, lowercase: true), cancellationToken);
            if (folder.RunAs is { } user)
                await ChildProcess.RunAsync(new("chown", [user, "--", folder.PasswordFile]), cancellationToken);
            List<string> arguments =
            [
                "-D", unfinished,
                "--username=postgres",
                "--pwfile=" + folder.PasswordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--no-locale",
            ];
            if (!durable)
                arguments.Add("--no-sync");
            await RunAsync(folder, binaries.InitDb, arguments, cancellationToken);
            Directory.Move(unfinished, folder.Cluster);
        }
        return await File.ReadAllTextAsync(folder.PasswordFile, cancellationToken);
    }

    private async Task ListenAsync(string password, int port, CancellationToken cancellationToken)
    {
        List<string> arguments = ["-D", folder.Cluster, "-p", port.ToString(CultureInfo.InvariantCulture)];
        IEnumerable<string> settings =
        [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "timezone=UTC",
            .. durable ? [] : PostgresSettings.Throwaway,
        ];
        foreach (string setting in settings)
            arguments.AddRange(["-c", setting]);

        server = await ChildProcess.StartAsync(new(binaries.Server, arguments)
        {
            RunAs = folder.RunAs,
            WorkingDirectory = folder.Path,
            Environment = CleanEnvironment(),
            StopSignal = StopSignal.Interrupt,
            LogFile = folder.LogFile,
        });
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "postgres",
            Password = password,
            Database = "postgres",
            Pooling = false,
        }.ConnectionString;
        Description = $"a private server from {binaries.Folder}, port {port}, data in {folder.Path}"
            + (folder.RunAs is null ? "" : $", run as {folder.RunAs}")
            + (folder.InsteadOf is null ? "" : $" ({folder.RunAs} cannot reach {folder.InsteadOf})");
        await WaitUntilReadyAsync(server, cancellationToken);
    }

    private async Task WaitUntilReadyAsync(ChildProcess started, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartPatience);
        while (true)
        {
            if (started.Exited.IsCompleted)
                throw new InvalidOperationException($"Postgres ended while starting, exit code {await started.Exited}: {started.LastLines}");
            try
            {
                await ExecuteAsync("SELECT 1", deadline.Token);
                return;
            }
            catch (NpgsqlException) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
            catch (Exception e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Postgres did not answer within {StartPatience.TotalSeconds} s: {started.LastLines}", e);
            }
        }
    }

    private static Task<string> RunAsync(PostgresDataFolder folder, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(
            new(program, arguments)
            {
                RunAs = folder.RunAs,
                WorkingDirectory = folder.Path,
                Environment = CleanEnvironment(),
            },
            cancellationToken);

    /// <summary>PGDATA, PGPORT and their like in the caller's environment speak of another server.</summary>
    private static Dictionary<string, string?> CleanEnvironment() =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("PG", StringComparison.Ordinal))
            .ToDictionary(name => name, _ => (string?)null);
}
