namespace JitAccess.Web.Sessions.Gateway;

/// <summary>A session that this process serves, whatever goes through it.</summary>
public interface IServedSession
{
    /// <summary>The session's id in this application.</summary>
    Guid Id { get; }

    /// <summary>How it ended, as soon as it has; null while it runs.</summary>
    TerminalEnd? End { get; }

    /// <summary>Completes when the session has ended; never with an exception.</summary>
    Task<TerminalEnd> Completion { get; }

    /// <summary>For how long nothing has gone through it.</summary>
    TimeSpan IdleFor { get; }

    /// <summary>Ends the session here, with the reason. The caller ends it at AWS.</summary>
    Task EndAsync(string reason);

    /// <summary>Stops serving the session, which goes on at AWS.</summary>
    Task StopAsync();

    /// <summary>Shows a line to the person, where there is a place for it.</summary>
    void Notify(string text);

    /// <summary>Sets when the session ends at the latest.</summary>
    void MoveEnd(DateTimeOffset endsAt);

    /// <summary>From now on the session is held to these rules.</summary>
    void Follow(LiveRules rules);
}
