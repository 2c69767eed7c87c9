using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Volumes;
using JitAccess.Sandbox.Processes;
using Npgsql;
using Testcontainers.PostgreSql;

namespace JitAccess.Sandbox.Postgres;

/// <summary>A server in a container; data that is kept between runs lives in a volume named in the data folder.</summary>
internal sealed class ContainerPostgres : PostgresServer
{
    public const string Image = "postgres:17-alpine";

    private readonly PostgreSqlContainer container;

    private ContainerPostgres(PostgreSqlContainer container, string password, int port)
        : base(PostgresKind.Container)
    {
        this.container = container;
        Description = $"a {Image} container, port {port}";
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = container.Hostname,
            Port = port,
            Username = "postgres",
            Password = password,
            Database = "postgres",
            Pooling = false,
        }.ConnectionString;
    }

    public static async Task<PostgresServer> OpenAsync(PostgresServerOptions options, CancellationToken cancellationToken)
    {
        // A fixed port: with one that the engine chooses, a restarted container would be somewhere else.
        int port = LoopbackPort.Find(options.Port);
        string password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        PostgreSqlBuilder builder = new PostgreSqlBuilder(Image)
            .WithUsername("postgres")
            .WithPassword(password)
            .WithPortBinding(port, PostgreSqlBuilder.PostgreSqlPort)
            .WithCreateParameterModifier(parameters =>
            {
                foreach (PortBinding binding in parameters.HostConfig!.PortBindings!.Values.SelectMany(bindings => bindings))
                    binding.HostIP = IPAddress.Loopback.ToString();
            });
        if (!options.Durable)
            builder = builder.WithCommand([.. PostgresSettings.Throwaway.SelectMany(setting => new[] { "-c", setting })]);
        if (options.DataDirectory is { } folder)
        {
            (string volume, password) = await RememberAsync(folder, password, cancellationToken);
            builder = builder.WithPassword(password).WithVolumeMount(volume, "/var/lib/postgresql/data");
        }

        PostgreSqlContainer container = builder.Build();
        try
        {
            await container.StartAsync(cancellationToken);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
        return new ContainerPostgres(container, password, port);
    }

    public static async Task DeleteVolumeAsync(string folder, CancellationToken cancellationToken)
    {
        string file = VolumeFile(folder);
        if (!File.Exists(file) || await DockerEngine.WhyNotAsync(cancellationToken) is not null)
            return;
        string name = (await File.ReadAllLinesAsync(file, cancellationToken))[0];
        IVolume volume = new VolumeBuilder().WithName(name).WithCleanUp(false).Build();
        await volume.CreateAsync(cancellationToken);
        await volume.DeleteAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken = default) => container.StopAsync(cancellationToken);

    public override async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await container.StopAsync(cancellationToken);
        await container.StartAsync(cancellationToken);
    }

    private protected override ValueTask EndAsync() => container.DisposeAsync();

    /// <summary>The volume's name and the password that its cluster was created with.</summary>
    private static async Task<(string Volume, string Password)> RememberAsync(string folder, string newPassword, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string file = VolumeFile(folder);
        if (!File.Exists(file))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"jitaccess-{Guid.CreateVersion7():n}");
            await PrivateFile.WriteAsync(file, $"{name}\n{newPassword}\n", cancellationToken);
        }
        string[] lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return (lines[0], lines[1]);
    }

    private static string VolumeFile(string folder) => Path.Combine(folder, "container-volume");
}
