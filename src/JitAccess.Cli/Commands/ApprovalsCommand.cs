using System.CommandLine;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Lists what waits for the person's answer.</summary>
internal static class ApprovalsCommand
{
    public static Command Create(CommandFactory commands) => commands.Create("approvals", "List the requests that wait for your answer", async (_, cancellationToken) =>
    {
        List<JsonElement> waiting = await new JitClient(commands.Context).AllAsync("approvals?limit=100", 1000, cancellationToken);
        commands.Context.Result(waiting, screen => screen.WriteTable(["NUMBER", "WHO", "NODE", "FOR", "REASON"],
            waiting.Select(Wire.Read<Waiting>).Select(one => one.Request).Select(request => new[] { $"{request.Number}", request.RequesterName, request.NodeName, $"{request.DurationMinutes:0.##} min", request.Reason })));
        return ExitCode.Done;
    });
}
