using System.CommandLine;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Asks for access, and waits for the answer if that is wanted.</summary>
internal static class RequestCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static Command Create(CommandFactory commands)
    {
        Argument<string> node = new("node") { Description = "A node's id, or its whole name" };
        Option<string> reason = new("--reason", "-r") { Description = "Why", Required = true };
        Option<string?> length = new("--for") { Description = "How long: 30m, 2h, 1h30m; as long as the policies allow if not given" };
        Option<DateTimeOffset?> start = new("--start") { Description = "From when on, as 2026-06-01T09:00Z" };
        Option<string?> ticket = new("--ticket") { Description = "The ticket that the work belongs to" };
        Option<bool> breakGlass = new("--break-glass") { Description = "In an emergency: open access at once, past the approvers" };
        Option<bool> wait = new("--wait", "-w") { Description = "Wait until it is decided" };
        return commands.Create("request", "Ask for access to a node", async (parsed, cancellationToken) =>
        {
            JitClient client = new(commands.Context);
            Node found = await Find.NodeAsync(client, parsed.GetRequiredValue(node), cancellationToken);
            JsonElement shown = await client.MakeAsync("requests", new
            {
                nodeId = found.Id,
                reason = parsed.GetRequiredValue(reason),
                durationMinutes = Texts.Minutes(parsed.GetValue(length)),
                startsAt = parsed.GetValue(start),
                ticket = parsed.GetValue(ticket),
                breakGlass = parsed.GetValue(breakGlass),
            }, cancellationToken);
            if (parsed.GetValue(wait)) shown = await WaitAsync(commands.Context, client, shown, cancellationToken);
            RequestShown request = Wire.Read<RequestShown>(shown);
            commands.Context.Result(shown, _ => Show(commands.Context, request));
            return parsed.GetValue(wait) && request.Request.Status != "approved" ? ExitCode.NotApproved : ExitCode.Done;
        }, node, reason, length, start, ticket, breakGlass, wait);
    }

    /// <summary>A request in two lines.</summary>
    public static void Show(CliContext context, RequestShown shown)
    {
        context.Out.WriteLine($"Request {shown.Request.Number} for {Texts.Printable(shown.Request.NodeName)}: {Texts.Printable(shown.Request.Described)} ({shown.Request.Id})");
        context.Out.WriteLine(shown.Grant switch
        {
            { IsActive: true } open => $"Access is open until {Texts.Local(open.EndsAt)}. jit connect {shown.Request.NodeId}",
            { } grant => $"Access from {Texts.Local(grant.StartsAt)} until {Texts.Local(grant.EndsAt)}, not open now.",
            null => Texts.Printable(shown.Sentence),
        });
    }

    private static async Task<JsonElement> WaitAsync(CliContext context, JitClient client, JsonElement shown, CancellationToken cancellationToken)
    {
        RequestShown request = Wire.Read<RequestShown>(shown);
        if (request.Request.Status == "pending") context.Error.WriteLine($"Request {request.Request.Number} waits: {Texts.Printable(request.Sentence)}");
        while (request.Request.Status == "pending")
        {
            await Task.Delay(Pause, context.Time, cancellationToken);
            shown = await client.GetAsync($"requests/{request.Request.Id}", cancellationToken);
            request = Wire.Read<RequestShown>(shown);
        }
        return shown;
    }
}
