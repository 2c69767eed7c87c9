using System.Diagnostics;
using System.Globalization;
using JitAccess.Sandbox.Postgres;
using Npgsql;

namespace JitAccess.Sandbox.Tests.Postgres;

public sealed class PostgresServerTests
{
    private static readonly PostgresServerOptions Throwaway = new() { Durable = false };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_Started_AnswersOnLoopbackWithItsPasswordOnly()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(Throwaway, Cancelled);

        Assert.Equal("1", await ScalarAsync(server.ConnectionString, "SELECT 1"));
        NpgsqlConnectionStringBuilder wrong = new(server.ConnectionString) { Password = "wrong" };
        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(wrong.ConnectionString, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(server.ConnectionString).Password!, server.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_CreatedFromTemplateWithPooledConnection_HoldsItsRows()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(Throwaway, Cancelled);
        string template = await server.CreateDatabaseAsync("template_rows", cancellationToken: Cancelled);
        await ScalarAsync(template, "CREATE TABLE marks (text text); INSERT INTO marks VALUES ('kept')");

        string[] copies = await Task.WhenAll(
            server.CreateDatabaseAsync("copy_1", "template_rows", Cancelled),
            server.CreateDatabaseAsync("copy_2", "template_rows", Cancelled));

        foreach (string copy in copies)
            Assert.Equal("kept", await ScalarAsync(copy, "SELECT text FROM marks"));
    }

    [Fact]
    public async Task Server_StoppedAndRestarted_RefusesThenAnswersAtTheSameAddressWithItsData()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(Throwaway, Cancelled);
        string database = await server.CreateDatabaseAsync("survivor", cancellationToken: Cancelled);
        await ScalarAsync(database, "CREATE TABLE marks (text text); INSERT INTO marks VALUES ('kept')");

        await server.StopAsync(Cancelled);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(database, "SELECT 1"));
        await server.RestartAsync(Cancelled);

        Assert.Equal("kept", await ScalarAsync(database, "SELECT text FROM marks"));
    }

    [Fact]
    public async Task Server_Disposed_LeavesNoProcessAndNoFolder()
    {
        PostgresServer server = await StartLocalAsync(new() { Durable = false });
        int id = int.Parse((await ScalarAsync(server.ConnectionString, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))!, CultureInfo.InvariantCulture);
        string cluster = (await ScalarAsync(server.ConnectionString, "SHOW data_directory"))!;
        Assert.True(Directory.Exists(cluster));

        await server.DisposeAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
        Assert.False(Directory.Exists(Path.GetDirectoryName(cluster)));
    }

    [Fact]
    public async Task DataFolder_OpenedAgain_HoldsTheDataAtTheSamePort()
    {
        using TemporaryFolder folder = new();
        PostgresServerOptions options = new() { DataDirectory = folder.Path, Durable = false };
        int port;
        await using (PostgresServer first = await StartLocalAsync(options))
        {
            port = first.Port;
            await ScalarAsync(await first.OpenDatabaseAsync("demo", Cancelled), "CREATE TABLE marks (text text); INSERT INTO marks VALUES ('kept')");
        }

        await using PostgresServer second = await StartLocalAsync(options with { Port = port });

        Assert.Equal(port, second.Port);
        Assert.Equal("kept", await ScalarAsync(await second.OpenDatabaseAsync("demo", Cancelled), "SELECT text FROM marks"));
        await second.DisposeAsync();
        await PostgresServer.DeleteDataAsync(folder.Path, Cancelled);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task DataFolder_InUse_IsRefusedToASecondServer()
    {
        using TemporaryFolder folder = new();
        PostgresServerOptions options = new() { DataDirectory = folder.Path, Durable = false };
        await using PostgresServer first = await StartLocalAsync(options);

        InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartLocalAsync(options));

        Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("1", await ScalarAsync(first.ConnectionString, "SELECT 1"));
        await first.DisposeAsync();
        await PostgresServer.DeleteDataAsync(folder.Path, Cancelled);
    }

    [Fact]
    public async Task DataFolder_WithProcessFileOfAnotherProgram_StartsAndLeavesThatProgramAlone()
    {
        using TemporaryFolder folder = new();
        PostgresServerOptions options = new() { DataDirectory = folder.Path, Durable = false };
        string cluster;
        await using (PostgresServer first = await StartLocalAsync(options))
            cluster = (await ScalarAsync(first.ConnectionString, "SHOW data_directory"))!;
        await File.WriteAllTextAsync(Path.Combine(cluster, "postmaster.pid"), $"{Environment.ProcessId}\n{cluster}\n", Cancelled);

        await using PostgresServer second = await StartLocalAsync(options);

        Assert.Equal("1", await ScalarAsync(second.ConnectionString, "SELECT 1"));
        await second.DisposeAsync();
        await PostgresServer.DeleteDataAsync(folder.Path, Cancelled);
    }

    [Fact]
    public async Task DataFolder_BehindAClosedParent_StillWorks()
    {
        // Root's server runs as another user, who cannot pass this parent; an ordinary user's own server can.
        using TemporaryFolder closed = new();
        string wished = Path.Combine(closed.Path, "postgres");
        PostgresServerOptions options = new() { DataDirectory = wished, Durable = false };
        string cluster;
        await using (PostgresServer first = await StartLocalAsync(options))
            cluster = (await ScalarAsync(first.ConnectionString, "SHOW data_directory"))!;

        await using (PostgresServer second = await StartLocalAsync(options))
        {
            Assert.Equal(cluster, await ScalarAsync(second.ConnectionString, "SHOW data_directory"));
            Assert.Contains(Path.GetDirectoryName(cluster)!, second.Description, StringComparison.Ordinal);
        }
        await PostgresServer.DeleteDataAsync(wished, Cancelled);
        Assert.False(Directory.Exists(cluster));
    }

    [Fact]
    public void NotFound_Message_SaysHowToGetOne()
    {
        PostgresNotFoundException error = new(["nothing there"]);

        Assert.Contains("nothing there", error.Message, StringComparison.Ordinal);
        Assert.Contains("JITACCESS_POSTGRES", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql", error.Message, StringComparison.Ordinal);
    }

    /// <summary>These tests are about the private server, whatever else this machine has.</summary>
    private static Task<PostgresServer> StartLocalAsync(PostgresServerOptions options) =>
        LocalPostgres.OpenAsync(
            PostgresBinaries.Find() ?? throw new InvalidOperationException("Install a Postgres server: its programs are needed here, even beside a Docker engine."),
            options,
            Cancelled);

    private static async Task<string?> ScalarAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync(Cancelled);
#pragma warning disable CA2100 // The statements are the tests' own.
        await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        return Convert.ToString(await command.ExecuteScalarAsync(Cancelled), CultureInfo.InvariantCulture);
    }
}
