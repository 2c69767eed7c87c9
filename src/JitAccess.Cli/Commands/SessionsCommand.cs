using System.CommandLine;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Lists the person's own sessions.</summary>
internal static class SessionsCommand
{
    public static Command Create(CommandFactory commands)
    {
        Option<bool> live = new("--live") { Description = "Only those that are open" };
        Option<int> limit = new("--limit") { Description = "How many at most", DefaultValueFactory = _ => 20 };
        return commands.Create("sessions", "List your own sessions, newest first", async (parsed, cancellationToken) =>
        {
            List<JsonElement> sessions = await new JitClient(commands.Context).AllAsync(parsed.GetValue(live) ? "sessions/own?live=true" : "sessions/own", parsed.GetValue(limit), cancellationToken);
            commands.Context.Result(sessions, screen => screen.WriteTable(["ID", "NODE", "STARTED", "ENDED", "WHY"],
                sessions.Select(Wire.Read<OwnSession>).Select(session => new[] { $"{session.Id}", session.NodeName, Texts.Local(session.StartedAt), session.EndedAt is { } ended ? Texts.Local(ended) : "open", session.EndReason })));
            return ExitCode.Done;
        }, live, limit);
    }
}
