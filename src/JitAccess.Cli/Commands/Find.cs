using System.Globalization;
using System.Text.Json;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Commands;

/// <summary>Finds what people name.</summary>
internal static class Find
{
    /// <summary>A node by its id, or by its whole name.</summary>
    /// <exception cref="CliException">There is none, or there are several of that name.</exception>
    public static async Task<Node> NodeAsync(JitClient client, string named, CancellationToken cancellationToken)
    {
        if (named.StartsWith("i-", StringComparison.Ordinal) || named.StartsWith("mi-", StringComparison.Ordinal))
            return Wire.Read<Node>(await client.GetAsync($"nodes/{Uri.EscapeDataString(named)}", cancellationToken));
        List<Node> found = [.. (await client.AllAsync($"nodes?limit=100&text={Uri.EscapeDataString(named)}", 1000, cancellationToken)).Select(Wire.Read<Node>).Where(node => node.Name == named)];
        return found switch
        {
            [var one] => one,
            [] => throw new CliException(ExitCode.Refused, $"No node is called “{named}”. See jit nodes."),
            _ => throw new CliException(ExitCode.Refused, $"Several nodes are called “{named}”: {string.Join(", ", found.Select(node => $"{node.Id} ({node.Account}, {node.Region})"))}. Name one by its id."),
        };
    }

    /// <summary>A node that the person has access to now, and the request whose access it is.</summary>
    /// <exception cref="CliException">There is no such node, or no access to it.</exception>
    public static async Task<(Node Node, Guid Request)> OpenNodeAsync(JitClient client, string named, CancellationToken cancellationToken)
    {
        Node found = await NodeAsync(client, named, cancellationToken);
        if (found.ActiveRequestId is { } request) return (found, request);
        throw new CliException(ExitCode.Refused, found.PendingRequestId is not null
            ? $"Your request for {found.Name} waits for approval."
            : $"You have no access to {found.Name} now. Ask for it: jit request {found.Id} --reason … --wait");
    }

    /// <summary>A request by its id, or by the number that people call it by.</summary>
    /// <exception cref="CliException">There is none among those that can be named so.</exception>
    public static async Task<Guid> RequestAsync(JitClient client, string named, bool isOwn, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(named, out Guid id)) return id;
        if (!long.TryParse(named.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out long number)) throw new CliException(ExitCode.Usage, $"“{named}” is no request: name it by its id or its number.");
        // A page goes on after a number, so the one that is asked for heads the page after its neighbour.
        JsonElement page = await client.GetAsync(isOwn ? $"requests?limit=1&cursor={number + 1}" : number > 1 ? $"approvals?view=allPending&limit=1&cursor={number - 1}" : "approvals?view=allPending&limit=1", cancellationToken);
        IEnumerable<JsonElement> items = page.GetProperty("items").EnumerateArray();
        Request? found = (isOwn ? items : items.Select(item => item.GetProperty("request"))).Select(Wire.Read<Request>).FirstOrDefault();
        return found?.Number == number ? found.Id : throw new CliException(ExitCode.Refused, isOwn ? $"You have no request {number}." : $"No pending request {number} is yours to see.");
    }
}
