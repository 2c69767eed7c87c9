namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Hears what comes out of a data channel. All calls come from the channel's one reader, in order.</summary>
public interface IDataChannelListener
{
    /// <summary>
    /// Takes output in order, each byte once. The memory is valid until the task ends; the channel reads no further until
    /// then, so a slow listener slows the node down.
    /// </summary>
    ValueTask OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken);

    /// <summary>The service has a line for the person.</summary>
    void OnMessage(string text);

    /// <summary>The connection came or went.</summary>
    void OnStatus(ChannelStatus status);

    /// <summary>A frame was dropped because it is no message.</summary>
    void OnDefect(FrameDefect defect);
}

/// <summary>The state of the connection below a channel.</summary>
public enum ChannelStatus
{
    Connecting,
    Connected,

    /// <summary>Cut; the client tries to resume.</summary>
    Interrupted,
}
