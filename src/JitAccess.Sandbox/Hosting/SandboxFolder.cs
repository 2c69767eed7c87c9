using System.Security.Cryptography;
using System.Text.Json;
using JitAccess.Sandbox.Postgres;
using JitAccess.Sandbox.Processes;

namespace JitAccess.Sandbox.Hosting;

/// <summary>The sandbox's folder: what it keeps between runs. Held by one sandbox at a time.</summary>
internal sealed class SandboxFolder : IDisposable
{
    private readonly FileStream hold;
    private readonly bool isTemporary;

    private SandboxFolder(string path, FileStream hold, bool isTemporary)
    {
        Path = path;
        this.hold = hold;
        this.isTemporary = isTemporary;
    }

    public string Path { get; }

    public string Postgres => In("postgres");

    public string Identity => In("identity");

    public string Mail => In("mail");

    public string Logs => In("logs");

    public string Recordings => In("recordings");

    public string WebLog => System.IO.Path.Combine(Logs, "web.log");

    /// <summary>What an AWS client needs in its environment to talk to the emulator.</summary>
    public string AwsEnvironment => In("aws.env");

    private string PortsFile => In("ports.json");

    private string RecordingKeyFile => In("recording.key");

    public static SandboxFolder Open(string? wished)
    {
        string path = wished is null
            ? Directory.CreateTempSubdirectory("jitaccess-sandbox-").FullName
            : System.IO.Path.GetFullPath(wished);
        PrivateFolder.CreatePassable(path);
        try
        {
            FileStream hold = new(System.IO.Path.Combine(path, "in-use"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            return new(path, hold, isTemporary: wished is null);
        }
        catch (IOException e)
        {
            throw new SandboxException($"Another sandbox is running with its data in {path}. Stop it, or name another folder with --data.", e);
        }
    }

    /// <summary>Removes what earlier runs kept, and nothing else that may lie in a folder that a person named.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await PostgresServer.DeleteDataAsync(Postgres, cancellationToken);
        foreach (string folder in new[] { Identity, Logs, Mail, Recordings }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        foreach (string file in new[] { AwsEnvironment, PortsFile, RecordingKeyFile })
            File.Delete(file);
    }

    /// <summary>The ports of the last run, so that addresses stay the same as long as they are free.</summary>
    public async Task<SandboxPorts> RecallPortsAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(PortsFile))
            return new SandboxPorts(null, null, null);
        await using FileStream file = File.OpenRead(PortsFile);
        try
        {
            return await JsonSerializer.DeserializeAsync<SandboxPorts>(file, cancellationToken: cancellationToken) ?? new(null, null, null);
        }
        catch (JsonException e)
        {
            throw new SandboxException($"{PortsFile} cannot be read. Delete it, or start with --fresh.", e);
        }
    }

    public Task RememberPortsAsync(SandboxPorts ports, CancellationToken cancellationToken) =>
        PrivateFile.WriteAsync(PortsFile, JsonSerializer.Serialize(ports), cancellationToken);

    /// <summary>The key of the recordings in this folder, made at the first run.</summary>
    public async Task<string> RecordingKeyAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(RecordingKeyFile))
            await PrivateFile.WriteAsync(RecordingKeyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        return await File.ReadAllTextAsync(RecordingKeyFile, cancellationToken);
    }

    public void Dispose()
    {
        if (isTemporary)
            Directory.Delete(Path, recursive: true);
        hold.Dispose();
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
