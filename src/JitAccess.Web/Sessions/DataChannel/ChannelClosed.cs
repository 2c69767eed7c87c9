namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="MessageTypes.ChannelClosed"/>: the session is over.</summary>
/// <param name="SessionId">AWS's id of the session.</param>
/// <param name="Output">Why, in the service's words; empty when the shell simply ended.</param>
/// <param name="DestinationId">The node's id.</param>
/// <param name="MessageId">A UUID.</param>
/// <param name="CreatedDate">An ISO 8601 instant.</param>
/// <param name="MessageType">channel_closed, again.</param>
/// <param name="SchemaVersion">1.</param>
public sealed record ChannelClosed(
    string SessionId,
    string? Output = "",
    string DestinationId = "",
    string MessageId = "",
    string CreatedDate = "",
    string MessageType = MessageTypes.ChannelClosed,
    int SchemaVersion = 1);
