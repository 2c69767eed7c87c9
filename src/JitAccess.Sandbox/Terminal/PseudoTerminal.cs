using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JitAccess.Sandbox.Terminal;

/// <summary>
/// A program on a pseudo terminal of its own, as the leader of a new session with the terminal as its controlling one.
/// When the program ends, everything that it left running ends with it.
/// </summary>
public sealed class PseudoTerminal : IAsyncDisposable
{
    private readonly SafeFileHandle master;
    private readonly SafeFileHandle closing;
    private readonly SessionProcesses processes;
    private readonly Task<int> exited;

    private PseudoTerminal(SafeFileHandle master, SafeFileHandle closing, SessionProcesses processes, Task<int> exited)
    {
        this.master = master;
        this.closing = closing;
        this.processes = processes;
        this.exited = exited;
    }

    /// <summary>The exit code, once the program and all that it started are gone.</summary>
    public Task<int> Exited => exited;

    /// <summary>The id of the program's process, and of its session.</summary>
    public int ProcessId => processes.SessionId;

    public static PseudoTerminal Start(TerminalProgram program, int columns, int rows)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("The sandbox's shells need Linux.");

        SafeFileHandle master = Libc.posix_openpt(Libc.ReadWrite | Libc.NoControllingTerminal | Libc.NonBlocking | Libc.CloseOnExec);
        if (master.IsInvalid)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "No pseudo terminal could be opened.");
        SafeFileHandle? closing = null;
        try
        {
            closing = Libc.eventfd(0, Libc.CloseOnExec);
            if (closing.IsInvalid)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "eventfd failed.");
            Libc.Check(Libc.grantpt(master), nameof(Libc.grantpt));
            Libc.Check(Libc.unlockpt(master), nameof(Libc.unlockpt));
            Resize(master, columns, rows);

            string mark = Guid.NewGuid().ToString("N");
            int processId = Spawn(program, Libc.SlavePath(master), SessionProcesses.Marked(program.Environment, mark));
            SessionProcesses processes = new(processId, mark);
            return new PseudoTerminal(master, closing, processes, WatchForEnd(processes));
        }
        catch
        {
            master.Dispose();
            closing?.Dispose();
            throw;
        }
    }

    /// <summary>Waits for output. 0: the program is gone and everything it wrote was read, or the terminal is being disposed.</summary>
    public unsafe int Read(Span<byte> buffer)
    {
        using Hold hold = new(this);
        while (hold.WaitFor(Libc.Readable))
        {
            nint count;
            fixed (byte* bytes = buffer)
                count = Libc.read(hold.Master, bytes, (nuint)buffer.Length);
            if (count > 0)
                return (int)count;
            // EIO is the end: no process has the terminal open any more.
            if (count == 0 || Marshal.GetLastPInvokeError() is not (Libc.TryAgain or Libc.Interrupted))
                break;
        }

        return 0;
    }

    /// <summary>Types; waits while the program does not read. False when nobody is there to read it.</summary>
    public unsafe bool Write(ReadOnlySpan<byte> keys)
    {
        using Hold hold = new(this);
        while (!keys.IsEmpty)
        {
            if (!hold.WaitFor(Libc.Writable))
                return false;
            nint count;
            fixed (byte* bytes = keys)
                count = Libc.write(hold.Master, bytes, (nuint)keys.Length);
            if (count > 0)
                keys = keys[(int)count..];
            else if (Marshal.GetLastPInvokeError() is not (Libc.TryAgain or Libc.Interrupted))
                return false;
        }

        return true;
    }

    public void Resize(int columns, int rows) => Resize(master, columns, rows);

    /// <summary>Ends the program and everything that it started, whoever is still reading or writing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (master.IsClosed)
            return;
        try
        {
            processes.KillLeader();
            await exited;
        }
        finally
        {
            WakeWaiters();
            // Handles that a reader or writer still holds are closed when it lets go of them.
            master.Dispose();
            closing.Dispose();
        }
    }

    private static unsafe void Resize(SafeFileHandle master, int columns, int rows)
    {
        Libc.WindowSize size = new()
        {
            Columns = (ushort)Math.Clamp(columns, 1, ushort.MaxValue),
            Rows = (ushort)Math.Clamp(rows, 1, ushort.MaxValue),
        };
        Libc.Check(Libc.ioctl(master, Libc.SetWindowSize, &size), nameof(Libc.ioctl));
    }

    private static unsafe int Spawn(TerminalProgram program, string terminalPath, IReadOnlyDictionary<string, string> environment)
    {
        byte* actions = stackalloc byte[Libc.OpaqueSize];
        byte* attributes = stackalloc byte[Libc.OpaqueSize];
        byte* signals = stackalloc byte[Libc.OpaqueSize];
        Libc.ThrowIfError(Libc.posix_spawn_file_actions_init(actions), nameof(Libc.posix_spawn_file_actions_init));
        Libc.ThrowIfError(Libc.posix_spawnattr_init(attributes), nameof(Libc.posix_spawnattr_init));
        try
        {
            // The new session's leader opens the terminal itself: that makes it the controlling one.
            Libc.ThrowIfError(Libc.posix_spawn_file_actions_addopen(actions, 0, terminalPath, Libc.ReadWrite, 0), "addopen");
            Libc.ThrowIfError(Libc.posix_spawn_file_actions_adddup2(actions, 0, 1), "adddup2");
            Libc.ThrowIfError(Libc.posix_spawn_file_actions_adddup2(actions, 0, 2), "adddup2");
            Libc.ThrowIfError(Libc.posix_spawn_file_actions_addchdir_np(actions, program.WorkingDirectory), "addchdir_np");
            CloseInheritedDescriptors(actions);

            // The runtime ignores SIGPIPE and blocks others; a shell must not inherit that.
            Libc.ThrowIfError(
                Libc.posix_spawnattr_setflags(attributes, Libc.NewSession | Libc.SetSignalDefaults | Libc.SetSignalMask), "setflags");
            _ = Libc.sigfillset(signals);
            Libc.ThrowIfError(Libc.posix_spawnattr_setsigdefault(attributes, signals), "setsigdefault");
            _ = Libc.sigemptyset(signals);
            Libc.ThrowIfError(Libc.posix_spawnattr_setsigmask(attributes, signals), "setsigmask");

            string?[] arguments = [program.Path, .. program.Arguments, null];
            string?[] variables = [.. environment.Select(variable => $"{variable.Key}={variable.Value}"), null];
            Libc.ThrowIfError(
                Libc.posix_spawn(out int processId, program.Path, actions, attributes, arguments, variables), $"Starting {program.Path}");
            return processId;
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    private static unsafe void CloseInheritedDescriptors(byte* actions)
    {
        try
        {
            Libc.ThrowIfError(Libc.posix_spawn_file_actions_addclosefrom_np(actions, 3), "addclosefrom_np");
        }
        catch (EntryPointNotFoundException)
        {
            // musl and old glibc have no such call. The runtime opens its own descriptors close-on-exec, so none of ours leak.
        }
    }

    private static Task<int> WatchForEnd(SessionProcesses processes)
    {
        TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread watcher = new(() =>
        {
            try
            {
                // The leader stays a zombie until the others are gone, so its id cannot come to mean another session.
                Libc.WaitForEnd(processes.SessionId);
                processes.KillAll();
                ended.SetResult(processes.ReapLeader());
            }
            catch (Exception failure)
            {
                ended.SetException(failure);
            }
        })
        {
            IsBackground = true,
            Name = $"terminal {processes.SessionId}",
        };
        watcher.Start();
        return ended.Task;
    }

    private unsafe void WakeWaiters()
    {
        using Hold hold = new(this);
        ulong one = 1;
        Libc.Check(Libc.write(hold.Closing, (byte*)&one, sizeof(ulong)), nameof(Libc.write));
    }

    /// <summary>Keeps the descriptors open while a call uses them, even if the terminal is disposed meanwhile.</summary>
    private readonly ref struct Hold
    {
        private readonly PseudoTerminal terminal;
        private readonly bool isHeld;

        public Hold(PseudoTerminal terminal)
        {
            this.terminal = terminal;
            try
            {
                terminal.master.DangerousAddRef(ref isHeld);
                bool closingIsHeld = false;
                terminal.closing.DangerousAddRef(ref closingIsHeld);
            }
            catch (ObjectDisposedException)
            {
                // Disposed already: there is nothing to wait for.
                if (isHeld)
                    terminal.master.DangerousRelease();
                isHeld = false;
            }
        }

        public int Master => (int)terminal.master.DangerousGetHandle();

        public int Closing => (int)terminal.closing.DangerousGetHandle();

        /// <summary>False when it will not happen: the terminal is being disposed, or nobody is there to read.</summary>
        public unsafe bool WaitFor(short happening)
        {
            if (!isHeld)
                return false;
            Libc.PollEntry* entries = stackalloc Libc.PollEntry[2];
            entries[0] = new() { Descriptor = Master, Asked = happening };
            entries[1] = new() { Descriptor = Closing, Asked = Libc.Readable };
            Libc.Persist(() => Libc.poll(entries, 2, -1), nameof(Libc.poll));
            // After a hang-up there may still be output to read, but nothing can be written.
            bool canHappen = happening == Libc.Readable || (entries[0].Happened & Libc.HungUp) == 0;
            return canHappen && entries[1].Happened == 0;
        }

        public void Dispose()
        {
            if (!isHeld)
                return;
            terminal.master.DangerousRelease();
            terminal.closing.DangerousRelease();
        }
    }
}
