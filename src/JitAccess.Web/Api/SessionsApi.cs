using JitAccess.Domain;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Api;

/// <summary>Connecting, and the caller's own sessions.</summary>
internal static class SessionsApi
{
    public static void MapOwnSessions(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("/own", OwnAsync).WithSummary("The caller's own sessions, newest first").Requires(TokenScopes.Read);
        sessions.MapPost("", ConnectAsync).WithSummary("Opens a session inside open access").Requires(TokenScopes.Connect).TakesIdempotencyKey<NewSession>().ProducesProblem(StatusCodes.Status404NotFound);
        sessions.MapPost("/{id:guid}/end", EndAsync).WithSummary("Ends a session").Requires(TokenScopes.Connect).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<OwnSession>>> OwnAsync(bool? live, int? limit, string? cursor, Caller caller, HttpContext http, RequestQueries requests, CancellationToken cancellationToken)
    {
        Guid? after = cursor is null ? null : Guid.TryParse(cursor, out Guid id) ? id : throw Paging.UnknownCursor();
        OwnSessions page = await requests.MySessionsAsync(caller.Actor, live, after, Paging.Limit(limit), cancellationToken);
        return TypedResults.Ok(Paging.Of(http, page.Sessions, page.Next?.ToString()));
    }

    private static async Task<Created<OpenedSessionWire>> ConnectAsync(NewSession asked, Caller caller, RequestQueries requests, SessionService sessions, CancellationToken cancellationToken)
    {
        RequestDetails details = await requests.FindAsync(caller.Actor, asked.RequestId, cancellationToken) ?? throw RefusedException.NotFound("request");
        details.CanConnect.ThrowIfRefused();
        Guid id = await sessions.ConnectAsync(caller.Actor, details.Grant!.Id, cancellationToken);
        return TypedResults.Created($"{ApiSetup.Root}/sessions/own", new OpenedSessionWire(id, $"/sessions/{id}/socket", details.Grant.EndsAt));
    }

    private static async Task<NoContent> EndAsync(Guid id, Caller caller, SessionService sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(caller.Actor, id, cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>What to connect with.</summary>
/// <param name="RequestId">The request whose access is open.</param>
internal sealed record NewSession(Guid RequestId);

/// <summary>A session that is open.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SocketPath">The path of its WebSocket on this host.</param>
/// <param name="EndsAt">When it ends at the latest.</param>
internal sealed record OpenedSessionWire(Guid Id, string SocketPath, DateTimeOffset EndsAt);
