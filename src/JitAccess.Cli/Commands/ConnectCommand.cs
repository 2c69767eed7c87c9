using System.CommandLine;
using JitAccess.Cli.Client;
using JitAccess.Cli.Terminal;

namespace JitAccess.Cli.Commands;

/// <summary>Opens a session on a node, in the terminal that the program runs in.</summary>
internal static class ConnectCommand
{
    public static Command Create(CommandFactory commands)
    {
        Argument<string> node = new("node") { Description = "A node's id, or its whole name" };
        return commands.Create("connect", "Open a shell on a node that you have access to", async (parsed, cancellationToken) =>
        {
            CliContext context = commands.Context;
            JitClient client = new(context);
            (Node found, Guid request) = await Find.OpenNodeAsync(client, parsed.GetRequiredValue(node), cancellationToken);
            Opened opened = Wire.Read<Opened>(await client.MakeAsync("sessions", new { requestId = request }, cancellationToken));
            context.Error.WriteLine($"Connected to {Texts.Printable(found.Name)} until {Texts.Local(opened.EndsAt)} at the latest. ENTER ~ . leaves.");
            using ITerminal terminal = context.OpenTerminal();
            SessionLink link = new(client, new Uri(client.Server, opened.SocketPath), terminal, context.Time);
            LinkEnd end = await link.RunAsync(cancellationToken);
            terminal.Dispose();
            context.Error.WriteLine(Texts.Printable(end.Reason));
            if (end.IsLeft) await client.PostAsync($"sessions/{opened.Id}/end", null, CancellationToken.None);
            return end.ExitCode;
        }, node);
    }
}
