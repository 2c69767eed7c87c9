namespace JitAccess.Sandbox.Terminal;

/// <summary>What shells and commands of a node are started with: an unprivileged user, and a temporary home that all of the node share.</summary>
internal sealed class NodeShells : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly ShellUser? user;
    private readonly DirectoryInfo homes;

    public NodeShells(string userName)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("The sandbox's shells need Linux.");
        user = ShellUser.Resolve(userName);
        homes = Directory.CreateTempSubdirectory("jitaccess-nodes-");
        // The unprivileged user may pass through, not look around.
        Libc.Check(Libc.chmod(homes.FullName, (uint)Passable), nameof(Libc.chmod));
    }

    /// <summary>An interactive shell on the node.</summary>
    public TerminalProgram Shell(string hostName)
    {
        bool isBash = File.Exists("/bin/bash");
        return Program(hostName, isBash ? "/bin/bash" : "/bin/sh", isBash ? ["--norc", "--noprofile", "-i"] : ["-i"], isBash);
    }

    /// <summary>One command on the node, read by its shell.</summary>
    public TerminalProgram Command(string hostName, string command) => Program(hostName, "/bin/sh", ["-c", command], isBash: false);

    public void Dispose() => homes.Delete(recursive: true);

    private TerminalProgram Program(string hostName, string shell, string[] arguments, bool isBash)
    {
        string home = Home(hostName);
        Dictionary<string, string> environment = new()
        {
            ["TERM"] = "xterm-256color",
            ["HOME"] = home,
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["LANG"] = "C.UTF-8",
            ["USER"] = user?.Name ?? Environment.UserName,
            ["SHELL"] = shell,
            ["PS1"] = isBash ? $@"ssm-user@{hostName}:\w\$ " : $"ssm-user@{hostName}:~$ ",
        };
        return user is null
            ? new(shell, arguments, environment, home)
            : new(
                user.SetprivPath,
                [
                    $"--reuid={user.UserId}", $"--regid={user.GroupId}", "--clear-groups", "--no-new-privs",
                    "--inh-caps=-all", "--bounding-set=-all", "--", shell, .. arguments,
                ],
                environment,
                home);
    }

    private string Home(string hostName)
    {
        DirectoryInfo home = homes.CreateSubdirectory(hostName);
        if (user is not null)
            Libc.Check(Libc.chown(home.FullName, user.UserId, user.GroupId), nameof(Libc.chown));
        Libc.Check(Libc.chmod(home.FullName, (uint)Private), nameof(Libc.chmod));
        return home.FullName;
    }
}
