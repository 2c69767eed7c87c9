using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JitAccess.Cli.Terminal;

/// <summary>The terminal that the program runs in, made raw for as long as it is open; what is no terminal (a pipe) is read and written as it is.</summary>
internal sealed class LocalTerminal : ITerminal
{
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly IDisposable? _raw;
    private readonly PosixSignalRegistration? _resize;
    private readonly Timer? _poll;
    private (ushort, ushort) _known;
    private int _closed;

    private LocalTerminal()
    {
        // Not the console's own stream, which edits lines.
        (_input, _output) = OperatingSystem.IsWindows()
            ? (Console.OpenStandardInput(), Console.OpenStandardOutput())
            : (new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, 0), new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 0));
        _known = Size;
        if (OperatingSystem.IsWindows())
        {
            _raw = Console.IsInputRedirected ? null : new WindowsRawMode();
            _poll = new Timer(_ => Poll(), null, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500));
        }
        else
        {
            _raw = UnixRawMode.Enter();
            _resize = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resized?.Invoke());
        }
        // However the program ends, the shell gets its terminal back.
        AppDomain.CurrentDomain.ProcessExit += Restore;
    }

    public event Action? Resized;

    public (ushort Columns, ushort Rows) Size => OperatingSystem.IsWindows()
        ? Console.IsOutputRedirected ? ((ushort)80, (ushort)24) : ((ushort)Console.WindowWidth, (ushort)Console.WindowHeight)
        : UnixRawMode.SizeOfOutput() ?? (80, 24);

    public static ITerminal Open() => new LocalTerminal();

    public int Read(Span<byte> buffer) => _input.Read(buffer);

    public void Write(ReadOnlySpan<byte> output)
    {
        _output.Write(output);
        _output.Flush();
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Restore;
        Restore(null, EventArgs.Empty);
    }

    private void Restore(object? sender, EventArgs e)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1) return;
        _raw?.Dispose();
        _resize?.Dispose();
        _poll?.Dispose();
    }

    // Windows says nothing when a console changes its size.
    private void Poll()
    {
        if (Size == _known) return;
        _known = Size;
        Resized?.Invoke();
    }
}
