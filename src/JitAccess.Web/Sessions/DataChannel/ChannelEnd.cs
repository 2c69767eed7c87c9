namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>How a data channel ended.</summary>
/// <param name="Reason">The kind of end.</param>
/// <param name="Detail">The service's own words, or empty.</param>
/// <param name="Cause">The last error of a connection that could not be had again.</param>
public sealed record ChannelEnd(ChannelEndReason Reason, string Detail = "", Exception? Cause = null);

/// <summary>The kinds of end.</summary>
public enum ChannelEndReason
{
    /// <summary>The service closed the channel: the shell ended, or somebody terminated the session (the detail says so).</summary>
    Closed,

    /// <summary>The service does not resume the session any more.</summary>
    Expired,

    /// <summary>The connection was cut, or never came, and all tries failed.</summary>
    ConnectionLost,

    /// <summary>What the node asked for in its handshake could not be had, or what was agreed there is not kept (the detail says which).</summary>
    HandshakeRefused,

    /// <summary>The connection stands, but the node does not acknowledge.</summary>
    NodeSilent,

    /// <summary>Our own side stopped the channel.</summary>
    Stopped,
}
