using JitAccess.Domain;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using JitAccess.Web.Sessions.Recordings;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Api;

/// <summary>Connecting, the sessions that the caller may see, ending them, and what was recorded of them.</summary>
internal static class SessionsApi
{
    public static void MapSessionsApi(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("/own", OwnAsync).WithSummary("The caller's own sessions, newest first").Requires(TokenScopes.Read);
        sessions.MapGet("", ListAsync).WithSummary("Sessions that the caller may see, newest first: all of them for admins and auditors").Requires(TokenScopes.Read);
        sessions.MapGet("/{id:guid}/recording", RecordingAsync).WithSummary("What is known of a recording, with the commands found in it").Requires(TokenScopes.Read).ProducesProblem(StatusCodes.Status404NotFound);
        sessions.MapGet("/{id:guid}/recording.cast", CastAsync).WithSummary("A recording as asciicast v3; that it was read is recorded").Requires(TokenScopes.Read).Produces(StatusCodes.Status200OK, contentType: "application/x-asciicast").ProducesProblem(StatusCodes.Status404NotFound);
        sessions.MapPost("", ConnectAsync).WithSummary("Opens a session inside open access").Requires(TokenScopes.Connect).TakesIdempotencyKey<NewSession>().ProducesProblem(StatusCodes.Status404NotFound);
        sessions.MapPost("/{id:guid}/end", EndAsync).WithSummary("Ends a session; somebody else's with a reason").Requires(TokenScopes.Connect).ProducesProblem(StatusCodes.Status404NotFound);
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
        Guid id = await sessions.ConnectAsync(caller.Actor, details.Grant!.Id, cancellationToken, asked.Port is { } port ? new PortDestination(asked.Host, port) : null);
        return TypedResults.Created($"{ApiSetup.Root}/sessions/own", new OpenedSessionWire(id, $"/sessions/{id}/{(asked.Port is null ? "socket" : "stream")}", details.Grant.EndsAt));
    }

    private static async Task<NoContent> EndAsync(Guid id, SessionEndAsked? asked, Caller caller, SessionService sessions, CancellationToken cancellationToken)
    {
        if (asked?.Reason is { } reason) await sessions.EndAsync(caller.Actor, id, reason, cancellationToken);
        else await sessions.EndAsync(caller.Actor, id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Page<SessionItem>>> ListAsync(bool? live, string? q, string? command, string? cursor, Caller caller, HttpContext http, SessionQueries sessions, CancellationToken cancellationToken)
    {
        if (live == true) return TypedResults.Ok(new Page<SessionItem>([.. (await sessions.LiveAsync(caller.Actor, cancellationToken)).Select(SessionItem.Of)], null));
        Guid? before = cursor is null ? null : Guid.TryParse(cursor, out Guid id) ? id : throw Paging.UnknownCursor();
        SessionPage page = await sessions.EndedAsync(caller.Actor, new SessionFilter { Text = q, Command = command }, before, cancellationToken);
        return TypedResults.Ok(Paging.Of(http, [.. page.Rows.Select(SessionItem.Of)], page.Older?.ToString()));
    }

    private static async Task<Ok<RecordingWire>> RecordingAsync(Guid id, Caller caller, RecordingQueries recordings, CancellationToken cancellationToken) =>
        TypedResults.Ok(RecordingWire.Of(await recordings.FindAsync(caller.Actor, id, cancellationToken) ?? throw RefusedException.NotFound("recording")));

    private static async Task<PushStreamHttpResult> CastAsync(Guid id, Caller caller, RecordingQueries recordings, CancellationToken cancellationToken) =>
        TypedResults.Stream(await recordings.PlayAsync(caller.Actor, id, cancellationToken), "application/x-asciicast");
}

/// <summary>Why somebody else's session is ended.</summary>
/// <param name="Reason">In words, which the person in it reads; not needed for one's own.</param>
internal sealed record SessionEndAsked(string? Reason);

/// <summary>A session.</summary>
/// <param name="Id">Its id.</param>
/// <param name="RequestId">The request of its access.</param>
/// <param name="Person">The subject of whoever works in it.</param>
/// <param name="PersonName">Their name.</param>
/// <param name="NodeId">The node.</param>
/// <param name="NodeName">Its name.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it lives.</param>
/// <param name="EndReason">Why, in words; empty while it lives.</param>
/// <param name="HasRecording">Whether there is a recording to read.</param>
/// <param name="Commands">The commands that were searched for, the first few.</param>
internal sealed record SessionItem(
    Guid Id, Guid RequestId, string Person, string PersonName, string NodeId, string NodeName, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string EndReason, bool HasRecording, IReadOnlyList<CommandWire> Commands)
{
    public static SessionItem Of(SessionRow row) => new(
        row.Session.Id, row.RequestId, row.Session.Holder, row.PersonName, row.Session.NodeId.Value, row.NodeName, row.Session.StartedAt, row.Session.EndedAt, row.Session.EndReason,
        row.Recording is { ClosedAt: not null, DeletedAt: null }, [.. row.Hits.Select(CommandWire.Of)]);
}

/// <summary>A command found in a recording.</summary>
/// <param name="Seconds">When it was entered, since the recording began.</param>
/// <param name="Text">The line.</param>
internal sealed record CommandWire(double Seconds, string Text)
{
    public static CommandWire Of(RecordedCommand command) => new(command.At.TotalSeconds, command.Text);
}

/// <summary>What is known of a recording.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="StartedAt">When it begins.</param>
/// <param name="ClosedAt">When it was closed; null while it is written.</param>
/// <param name="End">How it ended; null while it is written.</param>
/// <param name="Failure">Why it is not whole; empty if it is.</param>
/// <param name="Bytes">The length of the stored file.</param>
/// <param name="Sha256">The hash of the stored file.</param>
/// <param name="DurationSeconds">How long the session was recorded.</param>
/// <param name="KeepUntil">When it may be deleted.</param>
/// <param name="DeletedAt">When it was deleted; null while it is kept.</param>
/// <param name="Commands">The commands found in it.</param>
internal sealed record RecordingWire(
    Guid SessionId, DateTimeOffset StartedAt, DateTimeOffset? ClosedAt, RecordingEnd? End, string Failure, long Bytes, string Sha256, double DurationSeconds, DateTimeOffset KeepUntil, DateTimeOffset? DeletedAt, IReadOnlyList<CommandWire> Commands)
{
    public static RecordingWire Of(RecordingDetails details) => new(
        details.Recording.SessionId, details.Recording.StartedAt, details.Recording.ClosedAt, details.Recording.End, details.Recording.Failure, details.Recording.Bytes, details.Recording.Sha256,
        details.Recording.Duration.TotalSeconds, details.Recording.KeepUntil, details.Recording.DeletedAt, [.. details.Commands.Select(CommandWire.Of)]);
}

/// <summary>What to connect with.</summary>
/// <param name="RequestId">The request whose access is open.</param>
/// <param name="Port">For connections to a port: which; without it, a shell.</param>
/// <param name="Host">A host that the node reaches; without it, the node itself.</param>
internal sealed record NewSession(Guid RequestId, int? Port = null, string? Host = null);

/// <summary>A session that is open.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SocketPath">The path of its WebSocket on this host; for a port, of one WebSocket for each connection.</param>
/// <param name="EndsAt">When it ends at the latest.</param>
internal sealed record OpenedSessionWire(Guid Id, string SocketPath, DateTimeOffset EndsAt);
