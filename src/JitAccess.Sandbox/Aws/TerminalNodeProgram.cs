using System.Collections.Concurrent;
using JitAccess.Sandbox.Terminal;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>A shell, or one command, on a pseudo terminal.</summary>
/// <param name="program">What to run.</param>
/// <param name="sessionType">A plain shell, or InteractiveCommands.</param>
internal sealed class TerminalNodeProgram(TerminalProgram program, string sessionType) : NodeProgram
{
    private const int ReadBytes = 4096;

    private readonly BlockingCollection<byte[]> keys = [];
    private PseudoTerminal? terminal;
    private Task pumps = Task.CompletedTask;

    public override string SessionType => sessionType;

    public override void Start(INodeOutput output)
    {
        PseudoTerminal started = PseudoTerminal.Start(program, columns: 80, rows: 24);
        terminal = started;
        pumps = Task.WhenAll(OnItsOwnThread(() => PumpOutput(started, output)), OnItsOwnThread(() => PumpInput(started)));
    }

    public override void TakeInput(byte[] input)
    {
        CountTaken(input.Length);
        keys.Add(input);
    }

    public override void Resize(int columns, int rows) => terminal?.Resize(columns, rows);

    public override async ValueTask DisposeAsync()
    {
        keys.CompleteAdding();
        if (terminal is not null)
            await terminal.DisposeAsync();
        await pumps;
        keys.Dispose();
    }

    private static void PumpOutput(PseudoTerminal from, INodeOutput output)
    {
        byte[] buffer = new byte[ReadBytes];
        int count;
        while ((count = from.Read(buffer)) > 0 && output.Send(PayloadType.Output, buffer.AsSpan(0, count)))
        {
        }

        output.Finish();
    }

    private void PumpInput(PseudoTerminal to)
    {
        foreach (byte[] typed in keys.GetConsumingEnumerable())
        {
            to.Write(typed);
            CountUsed(typed.Length);
        }
    }
}
