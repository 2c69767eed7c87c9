using Npgsql;

namespace JitAccess.Sandbox.Postgres;

/// <summary>
/// A server that belongs to somebody else: it is never stopped. To stop means here that the databases created
/// through this object take no connections; a temporary use drops them at dispose.
/// </summary>
internal sealed class ConfiguredPostgres : PostgresServer
{
    private readonly bool dropAtDispose;

    private ConfiguredPostgres(NpgsqlConnectionStringBuilder connection, bool dropAtDispose)
        : base(PostgresKind.Configured)
    {
        this.dropAtDispose = dropAtDispose;
        connection.Database ??= "postgres";
        connection.Pooling = false;
        ConnectionString = connection.ConnectionString;
        Description = $"the server at {connection.Host}:{connection.Port}, named by {EnvironmentVariable}";
    }

    public static async Task<PostgresServer> OpenAsync(string connectionString, PostgresServerOptions options, CancellationToken cancellationToken)
    {
        ConfiguredPostgres server = new(new NpgsqlConnectionStringBuilder(connectionString), options.IsTemporary);
        await server.ExecuteAsync("SELECT 1", cancellationToken);
        return server;
    }

    public override async Task StopAsync(CancellationToken cancellationToken = default)
    {
        foreach (string database in Created)
        {
            await ExecuteAsync($"ALTER DATABASE {Quote(database)} ALLOW_CONNECTIONS false", cancellationToken);
            await using NpgsqlConnection connection = new(ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand end = new("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", connection);
            end.Parameters.Add(new NpgsqlParameter { Value = database });
            await end.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public override async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        foreach (string database in Created)
            await ExecuteAsync($"ALTER DATABASE {Quote(database)} ALLOW_CONNECTIONS true", cancellationToken);
    }

    private protected override async ValueTask EndAsync()
    {
        if (!dropAtDispose)
            return;
        while (Created.TryTake(out string? database))
            await DropDatabaseAsync(database);
    }
}
