using System.Runtime.Versioning;
using JitAccess.Sandbox.Processes;

namespace JitAccess.Sandbox.Postgres;

/// <summary>
/// The private folder of a local server: its cluster, password and log. Held by one process at a time.
/// When root starts the server, another user runs it, and the folder must be one that this user can reach:
/// where the wished one lies behind a closed parent (/root, say), a folder in /var/tmp takes its place.
/// </summary>
internal sealed class PostgresDataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream hold;
    private readonly string? temporary;

    private PostgresDataFolder(string path, string? runAs, string? insteadOf, FileStream hold, string? temporary)
    {
        Path = path;
        RunAs = runAs;
        InsteadOf = insteadOf;
        this.hold = hold;
        this.temporary = temporary;
    }

    public string Path { get; }

    /// <summary>The user who owns the folder and runs the server; null is the caller.</summary>
    public string? RunAs { get; }

    /// <summary>The folder that was wished for, when it could not be used.</summary>
    public string? InsteadOf { get; }

    public string Cluster => System.IO.Path.Combine(Path, "cluster");

    public string PasswordFile => System.IO.Path.Combine(Path, "password");

    public string LogFile => System.IO.Path.Combine(Path, "server.log");

    public string ProcessFile => System.IO.Path.Combine(Cluster, "postmaster.pid");

    public static async Task<PostgresDataFolder> OpenAsync(string? wished, CancellationToken cancellationToken)
    {
        string? temporary = wished is null ? Directory.CreateTempSubdirectory("jitaccess-postgres-").FullName : null;
        string anchor = System.IO.Path.GetFullPath(wished ?? temporary!);
        Directory.CreateDirectory(anchor);
        FileStream hold = Hold(anchor);
        try
        {
            if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            {
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(anchor, OwnerOnly);
                return new(anchor, null, null, hold, temporary);
            }
            string user = await ServerUserAsync(cancellationToken);
            string path = await ReachableAsync(anchor, user, cancellationToken);
            return new(path, user, path == anchor ? null : anchor, hold, temporary);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Removes the folder and everything that belongs to it; the caller has stopped the server.</summary>
    public void Delete()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
        if (InsteadOf is { } wished)
            Directory.Delete(wished, recursive: true);
    }

    /// <summary>Lets go of the folder, and removes it if it was a temporary one.</summary>
    public void Dispose()
    {
        if (temporary is not null)
            Delete();
        hold.Dispose();
    }

    private static FileStream Hold(string anchor)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(anchor, "in-use"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"{anchor} is in use by another running sandbox: stop that one first, or name another data folder.", e);
        }
    }

    private static async Task<string> ServerUserAsync(CancellationToken cancellationToken)
    {
        if (!ChildProcess.CanRunAsOtherUser)
            throw new InvalidOperationException("Postgres refuses to run as root, and setpriv (package util-linux) is not there to start it as another user. Start the sandbox as an ordinary user.");
        string[] users = await File.ReadAllLinesAsync("/etc/passwd", cancellationToken);
        return users.Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task<string> ReachableAsync(string anchor, string user, CancellationToken cancellationToken)
    {
        // The pointer lies in root's own folder, so nobody else can lead the server to a folder of theirs.
        string pointer = System.IO.Path.Combine(anchor, "elsewhere");
        if (File.Exists(pointer))
        {
            string known = (await File.ReadAllTextAsync(pointer, cancellationToken)).Trim();
            if (await IsOwnAsync(known, user, cancellationToken))
                return known;
        }

        await GiveAsync(anchor, user, cancellationToken);
        if (await IsOwnAsync(anchor, user, cancellationToken))
            return anchor;

        await GiveAsync(anchor, "root", cancellationToken);
        string elsewhere = System.IO.Path.Combine("/var/tmp", $"jitaccess-postgres-{Guid.NewGuid():n}");
        Directory.CreateDirectory(elsewhere, OwnerOnly);
        await GiveAsync(elsewhere, user, cancellationToken);
        if (!await IsOwnAsync(elsewhere, user, cancellationToken))
            throw new InvalidOperationException($"Neither {anchor} nor {elsewhere} can be reached by the user {user}, who would run Postgres on behalf of root.");
        await PrivateFile.WriteAsync(pointer, elsewhere + "\n", cancellationToken);
        return elsewhere;
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task GiveAsync(string folder, string user, CancellationToken cancellationToken)
    {
        await ChildProcess.RunAsync(new("chown", [user, "--", folder]), cancellationToken);
        File.SetUnixFileMode(folder, OwnerOnly);
    }

    /// <summary>Asked as that user, so that closed parents, ACLs and a stranger's folder of the same name all count.</summary>
    private static async Task<bool> IsOwnAsync(string folder, string user, CancellationToken cancellationToken)
    {
        ChildProcessOptions test = new("/bin/sh", ["-c", "test -O \"$1\" && test -w \"$1\" && test -x \"$1\"", "test", folder])
        {
            RunAs = user,
            WorkingDirectory = "/",
        };
        await using ChildProcess child = await ChildProcess.StartAsync(test);
        return await child.Exited.WaitAsync(cancellationToken) == 0;
    }
}
