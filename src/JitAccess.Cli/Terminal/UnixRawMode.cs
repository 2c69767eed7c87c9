using System.Runtime.InteropServices;

namespace JitAccess.Cli.Terminal;

/// <summary>Takes a Unix terminal out of the way of the keys: no echo, no lines, no signals (<c>cfmakeraw(3)</c>), until disposed.</summary>
internal sealed partial class UnixRawMode : IDisposable
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Now = 0;

    // Larger than struct termios anywhere; its inside is the C library's alone.
    private const int Largest = 256;

    private readonly byte[] _before;

    private UnixRawMode(byte[] before) => _before = before;

    /// <summary>Null when the input is no terminal.</summary>
    public static UnixRawMode? Enter()
    {
        byte[] before = new byte[Largest];
        if (isatty(Input) == 0 || tcgetattr(Input, before) != 0) return null;
        byte[] raw = [.. before];
        cfmakeraw(raw);
        return tcsetattr(Input, Now, raw) == 0 ? new UnixRawMode(before) : null;
    }

    /// <summary>Columns and rows of the output; null when it is no terminal.</summary>
    public static (ushort Columns, ushort Rows)? SizeOfOutput()
    {
        // Rows, columns, and two that nobody uses.
        ushort[] size = new ushort[4];
        nuint getWindowSize = OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD() ? 0x40087468u : 0x5413u;
        return ioctl(Output, getWindowSize, size) == 0 && size[0] > 0 && size[1] > 0 ? (size[1], size[0]) : null;
    }

    public void Dispose() => tcsetattr(Input, Now, _before);

    [LibraryImport("libc")]
    private static partial int isatty(int descriptor);

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, [Out] byte[] attributes);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, [In] byte[] attributes);

    [LibraryImport("libc")]
    private static partial void cfmakeraw([In, Out] byte[] attributes);

    // Variadic in C. Where variadic arguments travel otherwise than others (macOS on arm64) the size stays unknown, and is 80 by 24.
    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, [In, Out] ushort[] argument);
}
