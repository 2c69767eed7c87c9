namespace JitAccess.Sandbox.Processes;

internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder that only its owner can enter.</summary>
    public static void Create(string path) => Create(path, OwnerOnly);

    /// <summary>
    /// Makes a folder that nobody else can list. Root's can be passed through, because the servers that root
    /// starts as another user have their own private folders inside.
    /// </summary>
    public static void CreatePassable(string path) =>
        Create(path, Environment.IsPrivilegedProcess ? OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : OwnerOnly);

    private static void Create(string path, UnixFileMode mode)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
