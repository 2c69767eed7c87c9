using System.CommandLine;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Answers to a request, and what its requester does with it.</summary>
internal static class AnswerCommands
{
    private static readonly Argument<string> Request = new("request") { Description = "The request's number or id" };

    public static Command Approve(CommandFactory commands)
    {
        Option<string> comment = Comment();
        Option<string?> shorten = new("--for") { Description = "Shorten the access: 30m, 2h" };
        return commands.Create("approve", "Approve a request", (parsed, cancellationToken) => DoAsync(commands.Context, parsed, "approve", isOwn: false,
            new { comment = parsed.GetValue(comment), shortenToMinutes = Texts.Minutes(parsed.GetValue(shorten)) }, cancellationToken), Request, comment, shorten);
    }

    public static Command Reject(CommandFactory commands)
    {
        Option<string> comment = Comment();
        return commands.Create("reject", "Reject a request", (parsed, cancellationToken) => DoAsync(commands.Context, parsed, "reject", isOwn: false, new { comment = parsed.GetValue(comment) }, cancellationToken), Request, comment);
    }

    public static Command Cancel(CommandFactory commands) =>
        commands.Create("cancel", "Take a request of yours back", (parsed, cancellationToken) => DoAsync(commands.Context, parsed, "cancel", isOwn: true, null, cancellationToken), Request);

    public static Command Return(CommandFactory commands) =>
        commands.Create("return", "Give the access of a request back", (parsed, cancellationToken) => DoAsync(commands.Context, parsed, "return", isOwn: true, null, cancellationToken), Request);

    private static Option<string> Comment() => new("--comment", "-c") { Description = "A word to the requester", DefaultValueFactory = _ => "" };

    private static async Task<int> DoAsync(CliContext context, ParseResult parsed, string verb, bool isOwn, object? body, CancellationToken cancellationToken)
    {
        JitClient client = new(context);
        Guid id = await Find.RequestAsync(client, parsed.GetRequiredValue(Request), isOwn, cancellationToken);
        JsonElement shown = await client.PostAsync($"requests/{id}/{verb}", body, cancellationToken);
        context.Result(shown, _ => RequestCommand.Show(context, Wire.Read<RequestShown>(shown)));
        return ExitCode.Done;
    }
}
