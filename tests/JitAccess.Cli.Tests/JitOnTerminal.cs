using System.Runtime.InteropServices;
using System.Text;
using JitAccess.Sandbox.Terminal;

namespace JitAccess.Cli.Tests;

/// <summary>The program in a shell on a pseudo terminal, as a person runs it.</summary>
internal sealed class JitOnTerminal : IAsyncDisposable
{
    private readonly PseudoTerminal _terminal;
    private readonly Task _reading;
    private readonly StringBuilder _shown = new();

    private JitOnTerminal(PseudoTerminal terminal)
    {
        _terminal = terminal;
        _reading = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    public string Shown
    {
        get
        {
            lock (_shown) return _shown.ToString();
        }
    }

    /// <summary>Starts a shell that runs the command line, then says its exit code and whether the terminal echoes as before.</summary>
    public static JitOnTerminal Start(string configFolder, string arguments)
    {
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", "dotnet"));
        Dictionary<string, string> environment = new() { ["PATH"] = "/usr/bin:/bin", ["HOME"] = configFolder, ["XDG_CONFIG_HOME"] = configFolder, ["TERM"] = "xterm" };
        string script = $"'{dotnet}' '{Path.Combine(AppContext.BaseDirectory, "jit.dll")}' {arguments}; echo \"exit=$?\"; stty -a | grep -ow -e '-\\?echo' -e '-\\?icanon' | tr '\\n' ' '; echo end";
        return new JitOnTerminal(PseudoTerminal.Start(new TerminalProgram("/bin/sh", ["-c", script], environment, AppContext.BaseDirectory), 91, 31));
    }

    public void Type(string keys) => _terminal.Write(Encoding.UTF8.GetBytes(keys));

    /// <summary>Waits for what the program will do; fails with what the terminal shows.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        DateTime until = DateTime.UtcNow.AddSeconds(40);
        while (!condition())
        {
            if (DateTime.UtcNow > until) Assert.Fail($"Never: {what}. The terminal shows: {Shown}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public void Resize(int columns, int rows) => _terminal.Resize(columns, rows);

    public async ValueTask DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await _reading;
    }

    private void Read()
    {
        byte[] buffer = new byte[4096];
        for (int count; (count = _terminal.Read(buffer)) > 0;)
        {
            lock (_shown) _shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }
}
