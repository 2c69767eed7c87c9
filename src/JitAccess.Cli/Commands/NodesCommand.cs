using System.CommandLine;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Lists nodes, with what asking would lead to.</summary>
internal static class NodesCommand
{
    public static Command Create(CommandFactory commands)
    {
        Argument<string?> text = new("text") { Description = "Part of a name, an id or a tag", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> account = new("--account") { Description = "Only of this AWS account" }, region = new("--region") { Description = "Only in this Region" };
        Option<string?> platform = new("--platform") { Description = "Linux, Windows or MacOS" }, tag = new("--tag") { Description = "Only with this tag: key=value" };
        Option<bool> online = new("--online") { Description = "Only those whose agent answers" };
        Option<int> limit = new("--limit") { Description = "How many at most", DefaultValueFactory = _ => 200 };
        return commands.Create("nodes", "List nodes, and what asking for them would lead to", async (parsed, cancellationToken) =>
        {
            (string Key, string? Value)[] query =
            [
                ("text", parsed.GetValue(text)), ("account", parsed.GetValue(account)), ("region", parsed.GetValue(region)), ("platform", parsed.GetValue(platform)), ("tag", parsed.GetValue(tag)), ("online", parsed.GetValue(online) ? "true" : null),
            ];
            string path = $"nodes?limit=100{string.Concat(query.Where(pair => pair.Value is not null).Select(pair => $"&{pair.Key}={Uri.EscapeDataString(pair.Value!)}"))}";
            List<JsonElement> nodes = await new JitClient(commands.Context).AllAsync(path, parsed.GetValue(limit), cancellationToken);
            commands.Context.Result(nodes, screen => screen.WriteTable(["NAME", "ID", "ACCOUNT", "REGION", "AGENT", "ACCESS"],
                nodes.Select(Wire.Read<Node>).Select(node => new[] { node.Name, node.Id, node.Account, node.Region, node.Online ? "online" : "offline", AccessOf(node) })));
            return ExitCode.Done;
        }, text, account, region, platform, tag, online, limit);
    }

    private static string AccessOf(Node node) => node switch
    {
        { ActiveRequestId: not null } => "open",
        { PendingRequestId: not null } => "pending",
        { Outcome: "automatic" } => $"automatic, {node.MaximumHours} h",
        { Outcome: "needsApproval" } => $"needs approval, up to {node.MaximumHours} h",
        { Outcome: "notCovered" } => "not covered by any policy",
        _ => "refused",
    };
}
