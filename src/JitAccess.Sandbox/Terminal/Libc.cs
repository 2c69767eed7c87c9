using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace JitAccess.Sandbox.Terminal;

/// <summary>The calls of Linux's C library that a pseudo terminal needs; the constants hold on x64 and arm64, glibc and musl.</summary>
internal static unsafe partial class Libc
{
    public const int ReadWrite = 0x2;
    public const int NoControllingTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const short SetSignalDefaults = 0x04;
    public const short SetSignalMask = 0x08;
    public const short NewSession = 0x80;

    public const nuint SetWindowSize = 0x5414;

    public const short Readable = 0x1;
    public const short Writable = 0x4;
    public const short HungUp = 0x10;

    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int Interrupt = 2;
    public const int Kill = 9;

    // Larger than posix_spawnattr_t, posix_spawn_file_actions_t, sigset_t and siginfo_t of any Linux.
    public const int OpaqueSize = 1024;

    private const int ProcessId = 1;
    private const int WaitExited = 0x4;
    private const int LeaveZombie = 0x1000000;

    [StructLayout(LayoutKind.Sequential)]
    public struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Asked;
        public short Happened;
    }

    /// <summary>Throws for the functions that return -1 and set an error number.</summary>
    public static void Check(long result, string name)
    {
        if (result < 0)
            ThrowIfError(Marshal.GetLastPInvokeError(), name);
    }

    /// <summary>Repeats a call that a signal interrupted, and throws when it fails.</summary>
    public static void Persist(Func<long> call, string name)
    {
        long result = call();
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            result = call();
        Check(result, name);
    }

    /// <summary>Throws for the functions that return an error number.</summary>
    public static void ThrowIfError(int error, string name)
    {
        if (error != 0)
            throw new Win32Exception(error, $"{name}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Waits until a child has ended, but leaves it unreaped, so that its id stays taken.</summary>
    public static void WaitForEnd(int processId)
    {
        byte* information = stackalloc byte[OpaqueSize];
        nint address = (nint)information;
        Persist(() => waitid(ProcessId, processId, address, WaitExited | LeaveZombie), nameof(waitid));
    }

    /// <summary>Reaps a child and returns its exit code; 128 + signal when one killed it, as shells count.</summary>
    public static int Reap(int processId)
    {
        int status = 0;
        Persist(() => waitpid(processId, out status, 0), nameof(waitpid));
        int signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    public static string SlavePath(SafeFileHandle master)
    {
        byte[] name = new byte[128];
        ThrowIfError(ptsname_r(master, name, (nuint)name.Length), nameof(ptsname_r));
        return Encoding.UTF8.GetString(name.AsSpan(0, Array.IndexOf(name, (byte)0)));
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial SafeFileHandle posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int grantpt(SafeFileHandle master);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlockpt(SafeFileHandle master);

    [LibraryImport("libc")]
    private static partial int ptsname_r(SafeFileHandle master, [Out] byte[] name, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial SafeFileHandle eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(SafeFileHandle file, nuint request, WindowSize* size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int processId, int signal);

    [LibraryImport("libc")]
    public static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chown(string path, uint owner, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chmod(string path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int processId, out int status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int kind, int id, nint information, int options);

    [LibraryImport("libc")]
    public static partial int sigemptyset(void* set);

    [LibraryImport("libc")]
    public static partial int sigfillset(void* set);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigdefault(void* attributes, void* set);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigmask(void* attributes, void* set);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn_file_actions_addopen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn_file_actions_addchdir_np(void* actions, string path);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addclosefrom_np(void* actions, int first);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn(out int processId, string path, void* actions, void* attributes, string?[] arguments, string?[] environment);
}
