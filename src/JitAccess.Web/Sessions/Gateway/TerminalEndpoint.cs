using System.Globalization;
using System.Net.WebSockets;
using JitAccess.Web.Identity;
using JitAccess.Web.Security;
using JitAccess.Web.Tokens;
using Microsoft.Extensions.Primitives;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>The WebSocket between a terminal page and its session. Keystrokes do not travel over the Blazor circuit.</summary>
public static class TerminalEndpoint
{
    // A page that does not answer pings is gone; it comes back on a new socket and loses nothing.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);

    private const int LongestPageName = 64;

    /// <summary>Registers what the terminal needs, but for the application's <see cref="ITerminalDoor"/>.</summary>
    public static IServiceCollection AddTerminalGateway(this IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>().BindConfiguration("Terminal");
        services.AddSingleton<LiveSessions>();
        return services;
    }

    /// <summary>Maps <c>/sessions/{id}/socket?from=&amp;page=&amp;watch</c> and <c>/sessions/{id}/stream</c>. WebSockets must be in use before it.</summary>
    public static void MapTerminal(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sessions/{id:guid}/socket", ServeAsync).AlsoByToken(TokenScopes.Connect).ExcludeFromDescription();
        endpoints.MapGet("/sessions/{id:guid}/stream", ServeConnectionAsync).AlsoByToken(TokenScopes.Connect).ExcludeFromDescription();
    }

    /// <summary>One connection through a port session. Only for programs: a page has no use for it.</summary>
    private static async Task ServeConnectionAsync(Guid id, HttpContext context, ITerminalDoor door, IHostApplicationLifetime lifetime)
    {
        bool isSocket = context.WebSockets.IsWebSocketRequest;
        if (!ActorClaims.IsProgram(context.User) || !StringValues.IsNullOrEmpty(context.Request.Headers.Origin))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        PortSession? session = await door.OpenPortAsync(context.User, id, context.RequestAborted);
        if (session is null || !isSocket)
        {
            context.Response.StatusCode = session is null ? StatusCodes.Status404NotFound : StatusCodes.Status426UpgradeRequired;
            return;
        }
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingTimeout });
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        _ = context.RequestServices.GetRequiredService<TokenWatch>().CancelWhenEndedAsync(context.User, leaving);
        await session.ServeAsync(socket, leaving.Token);
    }

    private static async Task ServeAsync(
        Guid id, HttpContext context, ITerminalDoor door, IHostApplicationLifetime lifetime)
    {
        bool isSocket = context.WebSockets.IsWebSocketRequest;

        // Cookies go along with a WebSocket that any site opens; only the origin tells whose page it is. Here it has to be said.
        // A program shows no page, says no origin, and has no cookies of one: it brings a token.
        bool isProgram = ActorClaims.IsProgram(context.User) && StringValues.IsNullOrEmpty(context.Request.Headers.Origin);
        if (isSocket && !isProgram && !SecuritySetup.IsOwnOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        bool asWatcher = context.Request.Query.ContainsKey("watch");
        TerminalPass? pass = await door.OpenAsync(context.User, id, asWatcher, context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted);
        if (pass is null || !isSocket)
        {
            context.Response.StatusCode = pass is null ? StatusCodes.Status404NotFound : StatusCodes.Status426UpgradeRequired;
            return;
        }

        _ = long.TryParse(context.Request.Query["from"], NumberStyles.None, CultureInfo.InvariantCulture, out long from);
        string page = context.Request.Query["page"].ToString();
        if (page.Length > LongestPageName) page = "";
        // Whoever watches is on record before they see anything; a page that comes back after a cut has been.
        if (!pass.Session.Knows(page)) await pass.EnterAsync(context.RequestAborted);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingTimeout });
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        if (isProgram) _ = context.RequestServices.GetRequiredService<TokenWatch>().CancelWhenEndedAsync(context.User, leaving);
        await pass.Session.ServeAsync(socket, from, page, pass.Watcher, leaving.Token);
    }
}
