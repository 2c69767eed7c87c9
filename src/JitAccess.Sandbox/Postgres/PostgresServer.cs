using System.Collections.Concurrent;
using Npgsql;

namespace JitAccess.Sandbox.Postgres;

/// <summary>
/// A Postgres server for demo and tests: the configured one, a container, or a private one from local binaries.
/// Who starts it disposes it; nothing of it runs on afterwards.
/// </summary>
public abstract class PostgresServer : IAsyncDisposable
{
    /// <summary>The environment variable that names a server to use instead of starting one.</summary>
    public const string EnvironmentVariable = "JITACCESS_POSTGRES";

    private readonly ConcurrentDictionary<string, bool> handedOut = new();

    private protected PostgresServer(PostgresKind kind) => Kind = kind;

    public PostgresKind Kind { get; }

    /// <summary>What was chosen and where it lives, for people; holds no password.</summary>
    public string Description { get; private protected set; } = "";

    /// <summary>The superuser's connection to the maintenance database, without pooling.</summary>
    public string ConnectionString { get; private protected set; } = "";

    /// <summary>The port, worth keeping for the next run.</summary>
    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    /// <exception cref="PostgresNotFoundException">There is none to be had; the message says how to get one.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions options, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } configured)
            return await ConfiguredPostgres.OpenAsync(configured, options, cancellationToken);

        List<string> tried = [$"{EnvironmentVariable} is not set."];
        if (await DockerEngine.WhyNotAsync(cancellationToken) is { } whyNoDocker)
        {
            tried.Add(whyNoDocker);
        }
        else
        {
            try
            {
                return await ContainerPostgres.OpenAsync(options, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // An engine that cannot fetch the image (no network) must not hide a server that is installed.
                tried.Add($"The Docker engine answers, but could not start {ContainerPostgres.Image}: {e.Message}");
            }
        }

        if (PostgresBinaries.Find() is { } binaries)
            return await LocalPostgres.OpenAsync(binaries, options, cancellationToken);
        tried.Add("No server programs (postgres, initdb, pg_ctl) are on the PATH or in the usual places.");
        throw new PostgresNotFoundException(tried);
    }

    /// <summary>Removes what a server that is not running any more kept in its data folder.</summary>
    public static async Task DeleteDataAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(dataDirectory))
            return;
        await ContainerPostgres.DeleteVolumeAsync(dataDirectory, cancellationToken);
        await LocalPostgres.DeleteAsync(dataDirectory, cancellationToken);
    }

    /// <summary>Creates a database, as a copy of a template if one is named, and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name, string? template = null, CancellationToken cancellationToken = default)
    {
        string sql = template is null
            ? $"CREATE DATABASE {Quote(name)}"
            : $"CREATE DATABASE {Quote(name)} TEMPLATE {Quote(template)}";
        if (template is not null)
            ForgetPooledConnections(template);
        await RetryWhileTemplateIsInUseAsync(() => ExecuteAsync(sql, cancellationToken), cancellationToken);
        Created.Add(name);
        return ConnectionStringFor(name);
    }

    /// <summary>The connection string of a database that is created when it does not exist yet.</summary>
    public async Task<string> OpenDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        await using NpgsqlConnection connection = new(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand exists = new("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        exists.Parameters.Add(new NpgsqlParameter { Value = name });
        return await exists.ExecuteScalarAsync(cancellationToken) is null
            ? await CreateDatabaseAsync(name, cancellationToken: cancellationToken)
            : ConnectionStringFor(name);
    }

    /// <summary>Drops a database, ending the connections that are open to it.</summary>
    public async Task DropDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        ForgetPooledConnections(name);
        await ExecuteAsync($"DROP DATABASE IF EXISTS {Quote(name)} WITH (FORCE)", cancellationToken);
    }

    /// <summary>Stops the server, ending every connection; the data stays.</summary>
    public abstract Task StopAsync(CancellationToken cancellationToken = default);

    /// <summary>Starts a stopped server again, at the same address; a running one is stopped first.</summary>
    public abstract Task RestartAsync(CancellationToken cancellationToken = default);

    public async ValueTask DisposeAsync()
    {
        // A server that comes up at the same address later must not meet connections that died with this one.
        foreach (string database in handedOut.Keys)
            ForgetPooledConnections(database);
        await EndAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The databases that were created here.</summary>
    private protected ConcurrentBag<string> Created { get; } = [];

    private protected abstract ValueTask EndAsync();

    private protected async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(ConnectionString);
        await connection.OpenAsync(cancellationToken);
#pragma warning disable CA2100 // Names of databases cannot be parameters; they are quoted above.
        await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private protected static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string ConnectionStringFor(string database)
    {
        handedOut[database] = true;
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, Pooling = true }.ConnectionString;
    }

    /// <summary>A pooled connection that idles in a template keeps it from being copied.</summary>
    private void ForgetPooledConnections(string database)
    {
        using NpgsqlConnection connection = new(ConnectionStringFor(database));
        NpgsqlConnection.ClearPool(connection);
    }

    private static async Task RetryWhileTemplateIsInUseAsync(Func<Task> create, CancellationToken cancellationToken)
    {
        // A connection that was just closed can linger in the server for a moment.
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await create();
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse && attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }
}
