using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Policies;
using JitAccess.Web.Nodes;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Api;

/// <summary>Nodes, with what the caller would get.</summary>
internal static class NodesApi
{
    public static void MapNodes(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder nodes = api.MapGroup("/nodes").WithTags("Nodes");
        nodes.MapGet("", ListAsync).WithSummary("Nodes by name").Requires(TokenScopes.Read);
        nodes.MapGet("/{id}", GetAsync).WithSummary("One node").Requires(TokenScopes.Read).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<NodeWire>>> ListAsync([AsParameters] NodesQuestion asked, Caller caller, HttpContext http, NodeQueries nodes, CancellationToken cancellationToken)
    {
        if (asked.Account is not null && !AccountId.TryParse(asked.Account, out _)) throw new RefusedException(RefusalKind.Invalid, $"“{asked.Account}” is no AWS account: those have 12 digits.");
        // A list that goes on after a node that has gone would begin anew and never end.
        if (asked.Cursor is not null && (!InstanceId.TryParse(asked.Cursor, out InstanceId after) || await nodes.FindAsync(after, cancellationToken) is null)) throw Paging.UnknownCursor();
        NodePage page = await nodes.ListAsync(caller.Actor, new NodeFilter
        {
            Text = asked.Text,
            Account = asked.Account,
            Region = asked.Region,
            Platform = asked.Platform,
            Online = asked.Online,
            Tag = asked.Tag,
            After = asked.Cursor,
            Take = Paging.Limit(asked.Limit),
        }, cancellationToken);
        return TypedResults.Ok(Paging.Of(http, [.. page.Rows.Select(NodeWire.Of)], page.Next));
    }

    private static async Task<Ok<NodeWire>> GetAsync(string id, Caller caller, NodeQueries nodes, CancellationToken cancellationToken) =>
        InstanceId.TryParse(id, out InstanceId instance) && await nodes.FindAsync(caller.Actor, instance, cancellationToken) is { } row ? TypedResults.Ok(NodeWire.Of(row)) : throw RefusedException.NotFound("node");
}

/// <summary>Which nodes.</summary>
/// <param name="Text">Part of a name, an id, an account, or a tag's key or value.</param>
/// <param name="Account">An AWS account: 12 digits.</param>
/// <param name="Region">A Region.</param>
/// <param name="Platform">Linux, Windows or MacOS.</param>
/// <param name="Online">Only those whose agent answers, or only those whose agent does not.</param>
/// <param name="Tag">A tag as <c>key=value</c>.</param>
/// <param name="Limit">How many, 1 to 100.</param>
/// <param name="Cursor">Where to go on; from <c>next</c>.</param>
internal sealed record NodesQuestion(string? Text, string? Account, string? Region, string? Platform, bool? Online, string? Tag, int? Limit, string? Cursor);

/// <summary>A node.</summary>
/// <param name="Id">Its id, <c>i-…</c> or <c>mi-…</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Account">Its AWS account.</param>
/// <param name="Region">Its Region.</param>
/// <param name="Platform">Linux, Windows or MacOS.</param>
/// <param name="Online">Whether its agent answers.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Outcome">What the policies would answer to the caller now.</param>
/// <param name="Sentence">The same in a sentence.</param>
/// <param name="MaximumHours">The longest access in hours; 0 when it cannot be had.</param>
/// <param name="ActiveRequestId">The request whose grant the caller can connect with now; null if none.</param>
/// <param name="PendingRequestId">The caller's request that waits; null if none.</param>
internal sealed record NodeWire(
    string Id, string Name, string Account, string Region, string Platform, bool Online, IReadOnlyDictionary<string, string> Tags,
    DecisionOutcome Outcome, string Sentence, int MaximumHours, Guid? ActiveRequestId, Guid? PendingRequestId)
{
    public static NodeWire Of(NodeRow row) => Of(row.Node, row.Decision, row.ActiveRequestId, row.PendingRequestId);

    public static NodeWire Of(Node node, Decision decision, Guid? active, Guid? pending) => new(
        node.Id.Value, node.Name, node.Account.Value, node.Region, node.Platform, node.PingStatus == PingStatus.Online, node.Tags, decision.Outcome, decision.Sentence, decision.MaximumHours, active, pending);
}
