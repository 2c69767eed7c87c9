using System.Runtime.InteropServices;
using System.Text;

namespace JitAccess.Cli.Terminal;

/// <summary>Takes a Windows console out of the way of the keys, and has it understand a terminal's sequences, until disposed.</summary>
internal sealed partial class WindowsRawMode : IDisposable
{
    private const int Input = -10;
    private const int Output = -11;
    private const uint ProcessedInput = 0x1, LineInput = 0x2, EchoInput = 0x4, TerminalInput = 0x200;
    private const uint ProcessedOutput = 0x1, TerminalOutput = 0x4, NoAutoReturn = 0x8;

    private readonly uint _input;
    private readonly uint _output;
    private readonly (Encoding In, Encoding Out) _encodings = (Console.InputEncoding, Console.OutputEncoding);

    public WindowsRawMode()
    {
        (Console.InputEncoding, Console.OutputEncoding) = (Encoding.UTF8, Encoding.UTF8);
        if (GetConsoleMode(GetStdHandle(Input), out _input)) SetConsoleMode(GetStdHandle(Input), (_input & ~(ProcessedInput | LineInput | EchoInput)) | TerminalInput);
        if (GetConsoleMode(GetStdHandle(Output), out _output)) SetConsoleMode(GetStdHandle(Output), _output | ProcessedOutput | TerminalOutput | NoAutoReturn);
    }

    public void Dispose()
    {
        SetConsoleMode(GetStdHandle(Input), _input);
        SetConsoleMode(GetStdHandle(Output), _output);
        (Console.InputEncoding, Console.OutputEncoding) = _encodings;
    }

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetConsoleMode(nint console, out uint mode);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleMode(nint console, uint mode);
}
