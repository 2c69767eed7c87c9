using System.Globalization;
using System.Text;
using JitAccess.Sandbox.Terminal;

namespace JitAccess.Sandbox.Tests.Terminal;

public sealed class PseudoTerminalTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Program_HasTheTerminalTheSizeAndNothingElse()
    {
        await using PseudoTerminal terminal = Run("tty; stty size; env | sort; pwd; ls /proc/self/fd | tr '\\n' ' '");

        string[] lines = (await ReadToEndAsync(terminal)).Split("\r\n");

        Assert.StartsWith("/dev/pts/", lines[0], StringComparison.Ordinal);
        Assert.Equal("31 91", lines[1]);
        Assert.StartsWith("JITACCESS_TERMINAL=", lines[2], StringComparison.Ordinal);
        Assert.Equal(["PATH=/usr/bin:/bin", "PWD=/"], lines[3..5]);
        Assert.Equal("/", lines[5]);
        // The three of the terminal, and the folder that ls reads.
        Assert.Equal("0 1 2 3 ", lines[6]);
        Assert.Equal(0, await terminal.Exited);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("yes | head -1 >/dev/null; exit 0", 0)]
    public async Task Exited_ProgramEnds_TellsItsCode(string script, int code)
    {
        await using PseudoTerminal terminal = Run(script);

        Assert.Equal(code, await terminal.Exited.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Fact]
    public async Task Write_Keys_ReachTheProgram()
    {
        await using PseudoTerminal terminal = Run("read line; echo got $line");

        Assert.True(terminal.Write("häuser\r"u8));

        Assert.Contains("got häuser\r\n", await ReadToEndAsync(terminal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ProgramThatLeftAJobBehind_ComesToTheEnd()
    {
        await using PseudoTerminal terminal = Run("sleep 1000 & echo $!; echo bye");

        string[] lines = (await ReadToEndAsync(terminal)).Split("\r\n");

        Assert.Equal("bye", lines[1]);
        Assert.False(IsRunning(int.Parse(lines[0], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Dispose_ReaderAndWriterWait_BothReturn()
    {
        PseudoTerminal terminal = Run("stty raw -echo; echo ready; sleep 1000");
        byte[] buffer = new byte[100];
        Assert.True(terminal.Read(buffer) > 0);
        Task<int> reading = Task.Run(() => terminal.Read(buffer), Cancelled);
        Task<bool> writing = Task.Run(() => terminal.Write(new byte[10_000_000]), Cancelled);

        await terminal.DisposeAsync();

        Assert.Equal(0, await reading.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.False(await writing.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.Equal(137, await terminal.Exited);
    }

    [Fact]
    public void Start_ProgramThatIsNotThere_Fails() =>
        Assert.Throws<System.ComponentModel.Win32Exception>(
            () => PseudoTerminal.Start(new TerminalProgram("/no/such/program", [], new Dictionary<string, string>(), "/"), 80, 24));

    private static PseudoTerminal Run(string script) => PseudoTerminal.Start(
        new TerminalProgram("/bin/sh", ["-c", script], new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }, "/"), columns: 91, rows: 31);

    private static Task<string> ReadToEndAsync(PseudoTerminal terminal) => Task.Run(
        () =>
        {
            List<byte> output = [];
            byte[] buffer = new byte[1000];
            while (terminal.Read(buffer) is > 0 and int count)
                output.AddRange(buffer.AsSpan(0, count));
            return Encoding.UTF8.GetString([.. output]);
        },
        Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

    private static bool IsRunning(int processId)
    {
        try
        {
            return !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
