using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Sessions.Gateway;

/// <summary>How a live session ended, and the sentence that the person reads.</summary>
public sealed record SessionEnd(SessionEndKind Kind, string Reason)
{
    internal static SessionEnd Of(ChannelEnd end) => end.Reason switch
    {
        ChannelEndReason.Closed when end.Detail.Length == 0 => new(SessionEndKind.ShellEnded, "The shell ended."),
        ChannelEndReason.Closed => new(SessionEndKind.TerminatedByService, $"The session was ended: {end.Detail}"),
        ChannelEndReason.Expired => new(SessionEndKind.Expired, "The session is over and cannot be resumed."),
        ChannelEndReason.ConnectionLost => new(SessionEndKind.ConnectionLost, "The connection to AWS was lost and could not be had again."),
        ChannelEndReason.NodeSilent => new(SessionEndKind.ConnectionLost, "The node does not answer any more."),
        ChannelEndReason.HandshakeRefused => new(SessionEndKind.Refused, end.Detail),
        ChannelEndReason.Stopped => new(SessionEndKind.Stopped, "JitAccess is stopping."),
    };
}

/// <summary>Who or what ended a session.</summary>
public enum SessionEndKind
{
    /// <summary>The person left the shell, or the command ended.</summary>
    ShellEnded,

    /// <summary>Somebody ended it at AWS, or AWS did.</summary>
    TerminatedByService,

    /// <summary>AWS does not resume it any more.</summary>
    Expired,

    /// <summary>The network, AWS or the node did not come back.</summary>
    ConnectionLost,

    /// <summary>The node asked for something that is not supported.</summary>
    Refused,

    /// <summary>This application ended it, for the reason given.</summary>
    EndedHere,

    /// <summary>This process stops; the session at AWS goes on.</summary>
    Stopped,
}
