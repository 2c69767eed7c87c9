using System.ComponentModel;
using System.Runtime.InteropServices;

namespace JitAccess.Sandbox.Processes;

/// <summary>A signal by which a child is asked to end.</summary>
internal enum StopSignal
{
    /// <summary>Postgres: fast shutdown (sessions are ended, data is flushed).</summary>
    Interrupt = 2,

    /// <summary>ASP.NET Core: graceful shutdown.</summary>
    Terminate = 15,
}

internal static partial class UnixSignal
{
    private const int NoSuchProcess = 3;

    public static void Send(int processId, StopSignal signal)
    {
        if (Kill(processId, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
