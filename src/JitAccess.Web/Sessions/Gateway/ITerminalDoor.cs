using System.Security.Claims;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>Decides who gets at the terminal of a session.</summary>
public interface ITerminalDoor
{
    /// <summary>
    /// The running session if this person may work in it, else null: a session of somebody else looks like none. Only
    /// finds, starts nothing, for a page may ask without opening a socket.
    /// </summary>
    Task<LiveSession?> OpenAsync(ClaimsPrincipal user, Guid sessionId, CancellationToken cancellationToken);
}
