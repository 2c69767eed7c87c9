using System.Diagnostics;
using JitAccess.Sandbox.Terminal;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>One command without a terminal: a NonInteractiveCommands session.</summary>
/// <param name="program">What to run.</param>
/// <param name="separatesStreams">Whether standard error comes apart, and the exit code at the end.</param>
internal sealed class CommandNodeProgram(TerminalProgram program, bool separatesStreams) : NodeProgram
{
    private const byte ControlC = 3;
    private const int ReadBytes = 4096;

    private readonly string mark = Guid.NewGuid().ToString("N");
    private Process? process;
    private Task pumps = Task.CompletedTask;

    public override string SessionType => SessionTypes.NonInteractiveCommands;

    public override void Start(INodeOutput output)
    {
        ProcessStartInfo start = new(program.Path, program.Arguments)
        {
            WorkingDirectory = program.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in SessionProcesses.Marked(program.Environment, mark))
            start.Environment[name] = value;
        Process started = Process.Start(start) ?? throw new InvalidOperationException($"{program.Path} did not start.");
        process = started;
        started.StandardInput.Close();
        Task outputs = Task.WhenAll(
            OnItsOwnThread(() => Pump(started.StandardOutput.BaseStream, PayloadType.Output, output)),
            OnItsOwnThread(() => Pump(started.StandardError.BaseStream, separatesStreams ? PayloadType.StandardError : PayloadType.Output, output)));
        pumps = OnItsOwnThread(() =>
        {
            outputs.Wait();
            started.WaitForExit();
            if (separatesStreams)
                output.Send(PayloadType.ExitCode, ExitCodePayload.Write(started.ExitCode));
            output.Finish();
        });
    }

    /// <summary>Only Ctrl-C means something to a command without a terminal.</summary>
    public override void TakeInput(byte[] input)
    {
        if (input is [ControlC] && process is { HasExited: false } running)
            _ = Libc.kill(running.Id, Libc.Interrupt); // It may be gone by now, which is what is wanted.
    }

    public override async ValueTask DisposeAsync()
    {
        SessionProcesses.KillMarked(mark);
        await pumps;
        process?.Dispose();
    }

    private static void Pump(Stream from, PayloadType type, INodeOutput output)
    {
        byte[] buffer = new byte[ReadBytes];
        int count;
        while ((count = from.Read(buffer)) > 0 && output.Send(type, buffer.AsSpan(0, count)))
        {
        }
    }
}
