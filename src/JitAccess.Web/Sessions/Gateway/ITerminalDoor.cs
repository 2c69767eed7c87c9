using System.Security.Claims;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>Decides who gets at the terminal of a session.</summary>
public interface ITerminalDoor
{
    /// <summary>
    /// The running session if this person may work in it, or may watch it when that is what they want; else null: a session of somebody
    /// else looks like none. Only finds, starts nothing, for a page may ask without opening a socket.
    /// </summary>
    /// <param name="user">Who asks.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="asWatcher">Whether to watch rather than to work.</param>
    /// <param name="address">Where from.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    Task<TerminalPass?> OpenAsync(ClaimsPrincipal user, Guid sessionId, bool asWatcher, string? address, CancellationToken cancellationToken);

    /// <summary>The running session for connections to a port if this person may use it, else null.</summary>
    Task<PortSession?> OpenPortAsync(ClaimsPrincipal user, Guid sessionId, CancellationToken cancellationToken);
}

/// <summary>What somebody may do at a terminal.</summary>
/// <param name="Session">The running session.</param>
/// <param name="Watcher">The name of whoever watches; null for the person who works in it.</param>
public sealed record TerminalPass(LiveSession Session, string? Watcher)
{
    /// <summary>Records that they enter; to be awaited before anything is shown.</summary>
    public Func<CancellationToken, Task> EnterAsync { get; init; } = _ => Task.CompletedTask;
}
