namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>How a client connects and how long it tries.</summary>
public sealed record DataChannelOptions
{
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries for the first connection, while the person waits for a prompt.</summary>
    public int FirstTries { get; init; } = 4;

    /// <summary>Tries in a row for a connection that was cut: about five minutes.</summary>
    public int ResumeTries { get; init; } = 60;

    /// <summary>Wait before the second try; it doubles up to <see cref="LongestDelay"/>.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Input without acknowledgement and nothing heard for so long: the connection is taken for dead.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From the node's request to its word that the handshake is complete. Nodes themselves wait 15 seconds, twice.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The kinds of session that this client can serve: those of <see cref="SessionTypes"/>; by default the shells and commands.</summary>
    public IReadOnlySet<string> AcceptedSessionTypes { get; init; } = SessionTypes.Terminals;
}
