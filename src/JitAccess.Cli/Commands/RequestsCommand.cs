using System.CommandLine;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Lists the person's own requests.</summary>
internal static class RequestsCommand
{
    public static Command Create(CommandFactory commands)
    {
        Option<string?> status = new("--status") { Description = "pending, approved, rejected, cancelled or timedOut" };
        Option<int> limit = new("--limit") { Description = "How many at most", DefaultValueFactory = _ => 20 };
        return commands.Create("requests", "List your own requests, newest first", async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(status) is { } only ? $"requests?status={Uri.EscapeDataString(only)}" : "requests";
            List<JsonElement> requests = await new JitClient(commands.Context).AllAsync(path, parsed.GetValue(limit), cancellationToken);
            commands.Context.Result(requests, screen => screen.WriteTable(["NUMBER", "NODE", "STATE", "ASKED AT", "REASON"],
                requests.Select(Wire.Read<Request>).Select(request => new[] { $"{request.Number}", request.NodeName, request.Described, Texts.Local(request.SubmittedAt), request.Reason })));
            return ExitCode.Done;
        }, status, limit);
    }
}
