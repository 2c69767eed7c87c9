using System.CommandLine;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Who is signed in, and what is open.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandFactory commands) => commands.Create("status", "Who is signed in, what waits, what is open", (_, cancellationToken) => ShowAsync(commands.Context, cancellationToken));

    private static async Task<int> ShowAsync(CliContext context, CancellationToken cancellationToken)
    {
        JitClient client = new(context);
        JsonElement me = await client.GetAsync("me", cancellationToken);
        List<JsonElement> pending = await client.AllAsync("requests?status=pending", 100, cancellationToken), waiting = await client.AllAsync("approvals", 100, cancellationToken), live = await client.AllAsync("sessions/own?live=true", 100, cancellationToken);
        context.Result(JsonSerializer.SerializeToElement(new { server = client.Server, me, pendingRequests = pending, waitingForMe = waiting, liveSessions = live }, Wire.Json), _ =>
        {
            Me person = Wire.Read<Me>(me);
            context.Out.WriteLine($"{client.Server.Authority}: {Texts.Printable(person.Name)}, {Texts.Printable(person.Role ?? "no role")}");
            if (!person.CanAct.Allowed) context.Out.WriteLine(person.CanAct.Why);
            context.Out.WriteLine($"{pending.Count} of your requests wait, {waiting.Count} wait for you, {live.Count} sessions are open.");
        });
        return ExitCode.Done;
    }
}
