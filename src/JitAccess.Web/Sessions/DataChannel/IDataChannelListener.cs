namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Hears what comes out of a data channel. All calls come from the channel's one reader, in order.</summary>
public interface IDataChannelListener
{
    /// <summary>
    /// Takes output in order, each byte once. The memory is valid until the task ends; the channel reads no further until
    /// then, so a slow listener slows the node down.
    /// </summary>
    ValueTask OnOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken);

    /// <summary>Takes what a command wrote to its standard error, as <see cref="OnOutputAsync"/> does; by default both are one.</summary>
    ValueTask OnErrorOutputAsync(ReadOnlyMemory<byte> output, CancellationToken cancellationToken) => OnOutputAsync(output, cancellationToken);

    /// <summary>A command ended with this code; by default it is shown as the node words it.</summary>
    ValueTask OnExitCodeAsync(int exitCode, CancellationToken cancellationToken) => OnOutputAsync(ExitCodePayload.Write(exitCode), cancellationToken);

    /// <summary>The node raised a flag.</summary>
    ValueTask OnFlagAsync(ChannelFlag flag, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The node takes input from now on. Called once, before any output.</summary>
    void OnReady(SessionOpening opening)
    {
    }

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
