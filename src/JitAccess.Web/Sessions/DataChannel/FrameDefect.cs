namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Why bytes are not a message.</summary>
public enum FrameDefect
{
    None,

    /// <summary>Shorter than a header and its payload length.</summary>
    TooShort,

    /// <summary>The header length is smaller than the fields it must hold, or points outside the frame.</summary>
    HeaderLength,

    /// <summary>The message type is blank or not ASCII.</summary>
    MessageType,

    /// <summary>The creation time is zero.</summary>
    CreatedDate,

    /// <summary>The payload length is not the number of bytes that follow it.</summary>
    PayloadLength,

    /// <summary>The digest is not that of the payload.</summary>
    Digest,

    /// <summary>The payload is not what the message's type says.</summary>
    Payload,
}
