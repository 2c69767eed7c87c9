using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Api;

/// <summary>Asking for access, and what was asked.</summary>
internal static class RequestsApi
{
    public static void MapRequests(this IEndpointRouteBuilder api)
    {
        api.MapPost("/preview", PreviewAsync).WithTags("Requests").WithSummary("What asking would answer; stores nothing").Requires(TokenScopes.Read).ProducesProblem(StatusCodes.Status404NotFound);
        RouteGroupBuilder requests = api.MapGroup("/requests").WithTags("Requests");
        requests.MapGet("", ListAsync).WithSummary("The caller's own requests, newest first").Requires(TokenScopes.Read);
        requests.MapPost("", SubmitAsync).WithSummary("Asks for a node").Requires(TokenScopes.Request).TakesIdempotencyKey<NewRequest>().ProducesProblem(StatusCodes.Status404NotFound);
        requests.MapGet("/{id:guid}", GetAsync).WithSummary("One request that the caller may see").Requires(TokenScopes.Read).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The request as it is now, with its version.</summary>
    /// <exception cref="RefusedException">There is none that the actor may see.</exception>
    public static async Task<RequestWire> ShownAsync(Actor actor, Guid id, HttpContext http, RequestQueries requests, CancellationToken cancellationToken)
    {
        RequestDetails details = await requests.FindAsync(actor, id, cancellationToken) ?? throw RefusedException.NotFound("request");
        http.Response.Headers.ETag = ETags.Of(details.Version);
        return RequestWire.Of(details);
    }

    private static async Task<Ok<PreviewWire>> PreviewAsync(NewRequest asked, Caller caller, RequestService requests, CancellationToken cancellationToken) =>
        TypedResults.Ok(PreviewWire.Of(await requests.PreviewAsync(caller.Actor, asked.Node, asked.Terms, cancellationToken)));

    private static async Task<Ok<Page<RequestItem>>> ListAsync(string? status, int? limit, string? cursor, Caller caller, HttpContext http, RequestQueries requests, CancellationToken cancellationToken)
    {
        OwnRequests page = await requests.MineAsync(caller.Actor, Paging.Named<RequestStatus>(nameof(status), status), Paging.Number(cursor), Paging.Limit(limit), cancellationToken);
        return TypedResults.Ok(Paging.Of(http, [.. page.Requests.Select(RequestItem.Of)], page.Next?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static async Task<Results<Created<RequestWire>, Ok<RequestWire>>> SubmitAsync(
        NewRequest asked, Caller caller, HttpContext http, RequestService service, RequestQueries requests, CancellationToken cancellationToken)
    {
        Submitted submitted = await service.SubmitAsync(caller.Actor, asked.Node, asked.Terms, cancellationToken);
        RequestWire shown = await ShownAsync(caller.Actor, submitted.RequestId, http, requests, cancellationToken);
        return submitted.AlreadyGranted ? TypedResults.Ok(shown) : TypedResults.Created($"{ApiSetup.Root}/requests/{submitted.RequestId}", shown);
    }

    private static async Task<Ok<RequestWire>> GetAsync(Guid id, Caller caller, HttpContext http, RequestQueries requests, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ShownAsync(caller.Actor, id, http, requests, cancellationToken));
}

/// <summary>What is asked for.</summary>
/// <param name="NodeId">The node, <c>i-…</c> or <c>mi-…</c>.</param>
/// <param name="Reason">Why, 1 to 256 characters.</param>
/// <param name="DurationMinutes">How long; null for as long as the policies allow.</param>
/// <param name="StartsAt">From when on; null for as soon as access is given.</param>
/// <param name="Ticket">The ticket that the work belongs to.</param>
/// <param name="BreakGlass">Whether to open access at once in an emergency, past those who would be asked.</param>
internal sealed record NewRequest(string NodeId, string Reason, double? DurationMinutes = null, DateTimeOffset? StartsAt = null, string? Ticket = null, bool BreakGlass = false)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public InstanceId Node => InstanceId.TryParse(NodeId, out InstanceId id) ? id : throw new RefusedException(RefusalKind.Invalid, "nodeId is no node's id: those are i-… or mi-….");

    [System.Text.Json.Serialization.JsonIgnore]
    public RequestTerms Terms => new(Reason, Minutes.Of(DurationMinutes), StartsAt?.ToUniversalTime(), Ticket, BreakGlass);
}

/// <summary>Minutes as they come in.</summary>
internal static class Minutes
{
    // A year, which is more than any policy allows; what it does allow is the domain's to say.
    private const double Most = 366 * 24 * 60;

    public static TimeSpan? Of(double? minutes) => minutes switch
    {
        null => null,
        >= 0 and <= Most => TimeSpan.FromMinutes(minutes.Value),
        _ => throw new RefusedException(RefusalKind.Invalid, $"A duration is given in minutes, from 1 to {Most:0}."),
    };
}

/// <summary>What asking would answer now.</summary>
/// <param name="Node">The node.</param>
/// <param name="Outcome">What the policies answer.</param>
/// <param name="Sentence">The same in a sentence.</param>
/// <param name="CanSubmit">Whether it can be asked like this.</param>
/// <param name="MaximumHours">The longest access in hours.</param>
/// <param name="Levels">Who would be asked, in order.</param>
/// <param name="Warnings">What else the caller should know.</param>
/// <param name="ScheduledRequestId">The request whose grant waits for the start that is asked for; null if none.</param>
internal sealed record PreviewWire(NodeWire Node, DecisionOutcome Outcome, string Sentence, MayWire CanSubmit, int MaximumHours, IReadOnlyList<LevelWire> Levels, IReadOnlyList<string> Warnings, Guid? ScheduledRequestId)
{
    public static PreviewWire Of(Preview preview) => new(
        NodeWire.Of(preview.Node, preview.Decision, preview.ActiveRequestId, preview.PendingRequestId), preview.Decision.Outcome, preview.Decision.Sentence, MayWire.Of(preview.CanSubmit), preview.Decision.MaximumHours,
        [.. preview.Decision.Levels.Select(level => new LevelWire(level.RequiredApprovals, 0, [.. level.Approvers.Select(approver => new ApproverWire(approver.Kind, approver.Id))]))],
        preview.Decision.Warnings, preview.ScheduledRequestId);
}
