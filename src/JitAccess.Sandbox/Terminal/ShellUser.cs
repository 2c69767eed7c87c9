using System.Globalization;

namespace JitAccess.Sandbox.Terminal;

/// <summary>The unprivileged user that shells run as when the sandbox itself runs as root.</summary>
internal sealed record ShellUser(string Name, uint UserId, uint GroupId, string SetprivPath)
{
    private static readonly string[] SystemFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    /// <summary>Null when the sandbox does not run as root: then shells run as the same user as it does.</summary>
    public static ShellUser? Resolve(string name)
    {
        if (!OperatingSystem.IsLinux() || Libc.geteuid() != 0)
            return null;
        string[] entry = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == name)
            ?? throw new InvalidOperationException($"Shells must not run as root, and there is no user {name} to run them as.");
        (uint userId, uint groupId) = (uint.Parse(entry[2], CultureInfo.InvariantCulture), uint.Parse(entry[3], CultureInfo.InvariantCulture));
        if (userId == 0)
            throw new InvalidOperationException($"Shells must not run as root, which {name} is.");
        string setpriv = SystemFolders.Select(folder => Path.Combine(folder, "setpriv")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"Shells must not run as root, and setpriv (package util-linux), which runs them as {name}, is missing. Install it, or start the sandbox as another user.");
        return new ShellUser(name, userId, groupId, setpriv);
    }
}
