using JitAccess.Domain;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Grants;
using JitAccess.Web.Requests;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Api;

/// <summary>What is done with a request and its access. Each verb answers with the request as it is then.</summary>
internal static class VerbsApi
{
    public static void MapVerbs(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder verbs = api.MapGroup("/requests/{id:guid}").WithTags("Requests");
        verbs.MapPost("/cancel", CancelAsync).WithSummary("Takes the request back").IsVerb(TokenScopes.Request);
        verbs.MapPost("/return", ReturnAsync).WithSummary("Gives the access back").IsVerb(TokenScopes.Request);
        verbs.MapPost("/extend", ExtendAsync).WithSummary("Asks for more time").IsVerb(TokenScopes.Request).TakesIdempotencyKey<MoreTime>();
        verbs.MapPost("/preview-extension", PreviewExtensionAsync).WithSummary("What asking for more time would answer; stores nothing").Requires(TokenScopes.Read).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        verbs.MapPost("/approve", ApproveAsync).WithSummary("Approves, and may shorten").IsVerb(TokenScopes.Approve);
        verbs.MapPost("/reject", RejectAsync).WithSummary("Rejects").IsVerb(TokenScopes.Approve);
        verbs.MapPost("/revoke", RevokeAsync).WithSummary("Takes the access away").IsVerb(TokenScopes.Approve);
        verbs.MapPost("/review-break-glass", ReviewBreakGlassAsync).WithSummary("Reviews that glass was broken").IsVerb(TokenScopes.Approve);
    }

    private static RouteHandlerBuilder IsVerb(this RouteHandlerBuilder endpoint, string scope) => endpoint.Requires(scope).TakesIfMatchHeader()
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Ok<RequestWire>> CancelAsync(Guid id, Caller caller, HttpContext http, RequestService service, RequestQueries requests, CancellationToken cancellationToken)
    {
        await service.CancelAsync(caller.Actor, ETags.Seen(http, id), cancellationToken);
        return await ShownAsync(id, caller, http, requests, cancellationToken);
    }

    private static async Task<Ok<RequestWire>> ReturnAsync(Guid id, Caller caller, HttpContext http, GrantService grants, RequestQueries requests, CancellationToken cancellationToken)
    {
        await grants.ReturnOfAsync(caller.Actor, ETags.Seen(http, id), cancellationToken);
        return await ShownAsync(id, caller, http, requests, cancellationToken);
    }

    private static async Task<Created<RequestWire>> ExtendAsync(Guid id, MoreTime asked, Caller caller, HttpContext http, RequestService service, RequestQueries requests, CancellationToken cancellationToken)
    {
        RequestDetails details = await requests.FindAsync(caller.Actor, id, cancellationToken) ?? throw RefusedException.NotFound("request");
        if (details.Grant is not { } grant) throw new RefusedException(RefusalKind.Conflict, "The request has opened no access that could be extended.");
        ETags.Seen(http, id).IsStill(details.Version).ThrowIfRefused();
        // The end that the caller saw, be it by the entity tag, is asked again where it is decided: whoever asks twice is not given twice.
        DateTimeOffset seenEnd = asked.SeenEnd ?? (http.Request.Headers.IfMatch.Count > 0 ? grant.EndsAt : throw new RefusedException(RefusalKind.Invalid, "Say which end of the access you saw: with seenEnd, or with If-Match."));
        Extended extended = await service.ExtendAsync(caller.Actor, grant.Id, seenEnd.ToUniversalTime(), new RequestTerms(asked.Reason, Minutes.Of(asked.DurationMinutes), Ticket: asked.Ticket), cancellationToken);
        return TypedResults.Created($"{ApiSetup.Root}/requests/{extended.RequestId}", await RequestsApi.ShownAsync(caller.Actor, extended.RequestId, http, requests, cancellationToken));
    }

    private static async Task<Ok<ExtensionPreviewWire>> PreviewExtensionAsync(Guid id, MoreTime asked, Caller caller, RequestService service, RequestQueries requests, CancellationToken cancellationToken)
    {
        RequestDetails details = await requests.FindAsync(caller.Actor, id, cancellationToken) ?? throw RefusedException.NotFound("request");
        if (details.Grant is not { } grant) throw new RefusedException(RefusalKind.Conflict, "The request has opened no access that could be extended.");
        ExtensionPreview preview = await service.PreviewExtensionAsync(caller.Actor, grant.Id, new RequestTerms(asked.Reason, Minutes.Of(asked.DurationMinutes), Ticket: asked.Ticket), cancellationToken);
        return TypedResults.Ok(new ExtensionPreviewWire(preview.Decision.Outcome, preview.Decision.Sentence, MayWire.Of(preview.CanExtend), preview.Most.TotalMinutes, preview.Grant.EndsAt, preview.PendingRequestId));
    }

    private static async Task<Ok<RequestWire>> ApproveAsync(Guid id, Approval given, Caller caller, HttpContext http, RequestService service, RequestQueries requests, CancellationToken cancellationToken)
    {
        await service.ApproveAsync(caller.Actor, ETags.Seen(http, id), given.Comment, Minutes.Of(given.ShortenToMinutes), cancellationToken);
        return await ShownAsync(id, caller, http, requests, cancellationToken);
    }

    private static async Task<Ok<RequestWire>> RejectAsync(Guid id, Rejection given, Caller caller, HttpContext http, RequestService service, RequestQueries requests, CancellationToken cancellationToken)
    {
        await service.RejectAsync(caller.Actor, ETags.Seen(http, id), given.Comment, cancellationToken);
        return await ShownAsync(id, caller, http, requests, cancellationToken);
    }

    private static async Task<Ok<RequestWire>> RevokeAsync(Guid id, Revocation given, Caller caller, HttpContext http, GrantService grants, RequestQueries requests, CancellationToken cancellationToken)
    {
        await grants.RevokeAsync(caller.Actor, ETags.Seen(http, id), given.Reason, cancellationToken);
        return await ShownAsync(id, caller, http, requests, cancellationToken);
    }

    private static async Task<Ok<RequestWire>> ReviewBreakGlassAsync(Guid id, BreakGlassAnswer given, Caller caller, HttpContext http, RequestService service, RequestQueries requests, CancellationToken cancellationToken)
    {
        await service.ReviewBreakGlassAsync(caller.Actor, ETags.Seen(http, id), given.Verdict, given.Comment, cancellationToken);
        return await ShownAsync(id, caller, http, requests, cancellationToken);
    }

    private static async Task<Ok<RequestWire>> ShownAsync(Guid id, Caller caller, HttpContext http, RequestQueries requests, CancellationToken cancellationToken) =>
        TypedResults.Ok(await RequestsApi.ShownAsync(caller.Actor, id, http, requests, cancellationToken));
}

/// <summary>An approval.</summary>
/// <param name="Comment">A word to the requester; may be empty.</param>
/// <param name="ShortenToMinutes">How long the access shall last at most; null to leave it as asked.</param>
internal sealed record Approval(string Comment = "", double? ShortenToMinutes = null);

/// <summary>A rejection.</summary>
/// <param name="Comment">Why.</param>
internal sealed record Rejection(string Comment = "");

/// <summary>Taking access away.</summary>
/// <param name="Reason">Why.</param>
internal sealed record Revocation(string Reason);

/// <summary>A review of broken glass.</summary>
/// <param name="Verdict">Whether it was justified.</param>
/// <param name="Comment">Why.</param>
internal sealed record BreakGlassAnswer(ReviewVerdict Verdict, string Comment = "");

/// <summary>More time.</summary>
/// <param name="Reason">Why.</param>
/// <param name="DurationMinutes">How much; null for as much as the policies allow.</param>
/// <param name="SeenEnd">The end of the access as the caller saw it; not needed with <c>If-Match</c>.</param>
/// <param name="Ticket">The ticket that the work belongs to.</param>
internal sealed record MoreTime(string Reason, double? DurationMinutes = null, DateTimeOffset? SeenEnd = null, string? Ticket = null);

/// <summary>What asking for more time would answer now.</summary>
/// <param name="Outcome">What the policies answer.</param>
/// <param name="Sentence">The same in a sentence.</param>
/// <param name="CanExtend">Whether it can be asked like this.</param>
/// <param name="MostMinutes">The most that can be added now; 0 if nothing.</param>
/// <param name="EndsAt">The end as it is: <c>seenEnd</c> of the request for more time.</param>
/// <param name="PendingRequestId">The caller's request for the node that waits; null if none.</param>
internal sealed record ExtensionPreviewWire(DecisionOutcome Outcome, string Sentence, MayWire CanExtend, double MostMinutes, DateTimeOffset EndsAt, Guid? PendingRequestId);
