namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="MessageTypes.Acknowledge"/>: exactly this one message arrived.</summary>
public sealed record Acknowledge(
    string AcknowledgedMessageType,
    Guid AcknowledgedMessageId,
    long AcknowledgedMessageSequenceNumber,
    bool IsSequentialMessage = true);
