namespace JitAccess.Sandbox.Terminal;

/// <summary>Starts an interactive shell for a node, in a temporary home that all shells of the node share.</summary>
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

    public PseudoTerminal Start(string hostName)
    {
        string home = Home(hostName);
        bool isBash = File.Exists("/bin/bash");
        string shell = isBash ? "/bin/bash" : "/bin/sh";
        string[] arguments = isBash ? ["--norc", "--noprofile", "-i"] : ["-i"];
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
        TerminalProgram program = user is null
            ? new(shell, arguments, environment, home)
            : new(
                user.SetprivPath,
                [
                    $"--reuid={user.UserId}", $"--regid={user.GroupId}", "--clear-groups", "--no-new-privs",
                    "--inh-caps=-all", "--bounding-set=-all", "--", shell, .. arguments,
                ],
                environment,
                home);
        return PseudoTerminal.Start(program, columns: 80, rows: 24);
    }

    public void Dispose() => homes.Delete(recursive: true);

    private string Home(string hostName)
    {
        DirectoryInfo home = homes.CreateSubdirectory(hostName);
        if (user is not null)
            Libc.Check(Libc.chown(home.FullName, user.UserId, user.GroupId), nameof(Libc.chown));
        Libc.Check(Libc.chmod(home.FullName, (uint)Private), nameof(Libc.chmod));
        return home.FullName;
    }
}
