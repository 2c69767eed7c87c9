using System.Globalization;
using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Mail;
using JitAccess.Sandbox.OpenIdConnect;
using JitAccess.Sandbox.Postgres;
using JitAccess.Sandbox.Processes;

namespace JitAccess.Sandbox.Hosting;

/// <summary>
/// Everything around the real application, and the application itself: Postgres, the AWS emulator and the identity
/// provider are started, the database is migrated and seeded, then the application is served by a child process.
/// </summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly SandboxOptions options;
    private readonly SandboxFolder folder;
    private readonly TaskCompletionSource<SandboxException> webFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AwsEmulator? emulator;
    private OpenIdProvider? provider;
    private MailServer? mail;
    private PostgresServer? postgres;
    private WebProgram? program;
    private ChildProcess? web;

    private SandboxHost(SandboxOptions options, SandboxFolder folder)
    {
        this.options = options;
        this.folder = folder;
        Addresses = [.. options.Addresses.Select(WithPort)];
    }

    /// <summary>Where the application is served.</summary>
    public Uri BaseAddress => Addresses[0];

    public AwsEmulator Emulator => emulator ?? throw NotStarted();

    public OpenIdProvider Provider => provider ?? throw NotStarted();

    /// <summary>Takes what the application sends by e-mail.</summary>
    public MailServer Mail => mail ?? throw NotStarted();

    public PostgresServer Postgres => postgres ?? throw NotStarted();

    /// <summary>The connection string of the application's database.</summary>
    public string Database { get; private set; } = "";

    /// <summary>Where everything is kept.</summary>
    public string DataDirectory => folder.Path;

    /// <summary>What the application writes to its console.</summary>
    public string WebLog => folder.WebLog;

    /// <summary>Where e-mail arrives, a file each.</summary>
    public string MailFolder => folder.Mail;

    /// <summary>A file for a shell to source: an AWS client then talks to the emulator as the application does.</summary>
    public string AwsEnvironment => folder.AwsEnvironment;

    /// <summary>Completes, with the reason, when the application ends without having been asked to.</summary>
    public Task<SandboxException> WebFailed => webFailed.Task;

    private IReadOnlyList<Uri> Addresses { get; }

    /// <exception cref="SandboxException">Something is missing or in the way; the message says what.</exception>
    /// <exception cref="PostgresNotFoundException">There is no Postgres; the message says how to get one.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        foreach (Uri address in options.Addresses)
        {
            // Everybody may be anybody here, so nobody else may come in.
            if (address is not { Scheme: "http", IsLoopback: true })
                throw new SandboxException($"{address} is not a plain http address on loopback. The sandbox signs people in without a password: it is not for others.");
            if (address.Port != 0 && !LoopbackPort.IsFree(address.Port))
                throw new SandboxException($"Port {address.Port} is in use. Stop what listens there, or choose another: --urls http://127.0.0.1:{LoopbackPort.Find()}");
        }

        SandboxHost host = new(options, SandboxFolder.Open(options.DataDirectory));
        try
        {
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the application as an operator would, and starts it again at the same address.</summary>
    public async Task RestartWebAsync(CancellationToken cancellationToken = default)
    {
        await StopWebAsync();
        await StartWebAsync(cancellationToken);
    }

    /// <summary>Stops the application; the world around it runs on.</summary>
    public async Task StopWebAsync()
    {
        // Forgotten first, so that its end is not taken for a failure.
        if (Interlocked.Exchange(ref web, null) is { } running)
            await running.DisposeAsync();
    }

    /// <summary>Starts the application after <see cref="StopWebAsync"/>.</summary>
    public async Task StartWebAsync(CancellationToken cancellationToken = default)
    {
        ChildProcess started = await (program ?? throw NotStarted()).ServeAsync(Addresses, cancellationToken);
        web = started;
        _ = WatchAsync(started);
    }

    public async ValueTask DisposeAsync()
    {
        await StopWebAsync();
        if (emulator is not null)
            await emulator.DisposeAsync();
        if (provider is not null)
            await provider.DisposeAsync();
        if (mail is not null)
            await mail.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        folder.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Fresh)
            await folder.ClearAsync(cancellationToken);
        PrivateFolder.Create(folder.Logs);
        PrivateFolder.Create(folder.Identity);
        File.Delete(folder.WebLog);
        SandboxPorts known = await folder.RecallPortsAsync(cancellationToken);

        bool isTemporary = options.DataDirectory is null;
        options.Progress("Starting Postgres, AWS and the identity provider");
        Task<PostgresServer> postgresStarting = PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                DataDirectory = isTemporary ? null : folder.Postgres,
                Port = known.Postgres,
                Durable = !isTemporary,
            },
            cancellationToken);
        try
        {
            emulator = await AwsEmulator.StartAsync(
                new AwsEmulatorOptions { Port = LoopbackPort.Find(known.Emulator), World = options.World }, cancellationToken);
            mail = MailServer.Start(new MailServerOptions { Folder = folder.Mail });
            provider = await OpenIdProvider.StartAsync(
                new OpenIdProviderOptions { ClientAddresses = [.. Addresses.SelectMany(Names)], Port = known.Provider, DataDirectory = folder.Identity },
                cancellationToken);
        }
        finally
        {
            postgres = await postgresStarting;
        }
        await folder.RememberPortsAsync(new SandboxPorts(postgres!.Port, emulator.Endpoint.Port, provider.Authority.Port), cancellationToken);
        await WriteAwsEnvironmentAsync(cancellationToken);

        string database = isTemporary ? $"jitaccess_{Guid.NewGuid():n}" : "jitaccess";
        if (options.Fresh)
            await postgres.DropDatabaseAsync(database, cancellationToken);
        Database = await postgres.OpenDatabaseAsync(database, cancellationToken);

        options.Progress("Migrating and seeding the database");
        program = new WebProgram(Settings(await folder.RecordingKeyAsync(cancellationToken)), folder.WebLog);
        await program.MigrateAsync(cancellationToken);
        await options.Seed(Database, cancellationToken);

        options.Progress("Starting the application");
        await StartWebAsync(cancellationToken);
    }

    private async Task WatchAsync(ChildProcess running)
    {
        int exitCode = await running.Exited;
        if (Interlocked.CompareExchange(ref web, null, running) == running)
            webFailed.TrySetResult(program!.Failed($"The application ended by itself, exit code {exitCode}", running));
    }

    private Dictionary<string, string> Settings(string recordingKey)
    {
        EmulatedAccessKey key = ApplicationKey;
        Dictionary<string, string> settings = new()
        {
            ["ConnectionStrings:Database"] = Database,
            ["Identity:Authority"] = Provider.Authority.ToString(),
            ["Identity:ClientId"] = Provider.ClientId,
            ["Identity:ClientSecret"] = Provider.ClientSecret,
            ["Identity:IdentityClaim"] = "aws_identity",
            ["Identity:GroupsClaim"] = "groups",
            ["Identity:AdminGroups:0"] = "jit-admins",
            ["Identity:AuditorGroups:0"] = "jit-auditors",
            ["Identity:SuggestedRoles:0"] = $"arn:aws:iam::{DefaultWorld.MainAccount}:role/jit-requester",
            ["Notifications:BaseAddress"] = BaseAddress.GetLeftPart(UriPartial.Authority),
            ["Notifications:Email:Host"] = "127.0.0.1",
            ["Notifications:Email:Port"] = Mail.Port.ToString(CultureInfo.InvariantCulture),
            ["Notifications:Email:Security"] = "None",
            ["Notifications:Email:From"] = "JitAccess <jitaccess@example.com>",
            ["Recording:Folder"] = folder.Recordings,
            ["Recording:Keys:0"] = recordingKey,
            ["Aws:HomeRegion"] = options.World.Regions[0],
            ["Aws:ServiceUrl"] = Emulator.Endpoint.ToString(),
            ["Aws:RefreshInterval"] = "00:01:00",
            ["AWS_ACCESS_KEY_ID"] = key.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = key.SecretAccessKey,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            // Not there: nothing of a developer's own profile is read.
            ["AWS_CONFIG_FILE"] = Path.Combine(folder.Path, "no-config"),
            ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(folder.Path, "no-credentials"),
        };
        foreach ((int index, EmulatedAccount account) in options.World.Accounts.Index())
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"Aws:Accounts:{index}");
            settings[$"{prefix}:Id"] = account.Id;
            settings[$"{prefix}:Name"] = account.Name;
            settings[$"{prefix}:AccessRoleArn"] = DefaultWorld.AccessRoleArn(account.Id);
            settings[$"{prefix}:ExternalId"] = DefaultWorld.ExternalId;
            foreach ((int at, string region) in options.World.Regions.Index())
                settings[string.Create(CultureInfo.InvariantCulture, $"{prefix}:Regions:{at}")] = region;
        }
        foreach ((string name, string value) in options.Settings)
            settings[name] = value;
        return settings;
    }

    private Task WriteAwsEnvironmentAsync(CancellationToken cancellationToken) =>
        PrivateFile.WriteAsync(
            folder.AwsEnvironment,
            $"""
            export AWS_ENDPOINT_URL={Emulator.Endpoint}
            export AWS_REGION={DefaultWorld.Tokyo}
            export AWS_DEFAULT_REGION={DefaultWorld.Tokyo}
            export AWS_ACCESS_KEY_ID={ApplicationKey.AccessKeyId}
            export AWS_SECRET_ACCESS_KEY={ApplicationKey.SecretAccessKey}

            """,
            cancellationToken);

    private EmulatedAccessKey ApplicationKey => options.World.AccessKeys[0];

    private static Uri WithPort(Uri address) =>
        address.Port == 0 ? new UriBuilder(address) { Port = LoopbackPort.Find() }.Uri : address;

    /// <summary>A person may write either name of the loopback address, and sign-in must return to that one.</summary>
    private static IEnumerable<Uri> Names(Uri address) =>
        new[] { address.Host, "127.0.0.1", "localhost" }.Distinct().Select(host => new UriBuilder(address) { Host = host }.Uri);

    private static InvalidOperationException NotStarted() => new("The sandbox has not come that far.");
}
