namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>The kinds of message that travel on a data channel, as spelled on the wire.</summary>
public static class MessageTypes
{
    /// <summary>Client to node: keystrokes, terminal size, handshake answers. Sequenced and acknowledged.</summary>
    public const string InputStreamData = "input_stream_data";

    /// <summary>Node to client: output, handshake requests. Sequenced and acknowledged.</summary>
    public const string OutputStreamData = "output_stream_data";

    /// <summary>Both ways: one for each stream message that arrived. Not sequenced itself.</summary>
    public const string Acknowledge = "acknowledge";

    /// <summary>Service to both: the session is over.</summary>
    public const string ChannelClosed = "channel_closed";

    /// <summary>Service to node: the client is there, send.</summary>
    public const string StartPublication = "start_publication";

    /// <summary>Service to node: the client is away, keep the output.</summary>
    public const string PausePublication = "pause_publication";

    /// <summary>Node to service: the node's side connected or is about to end. Never relayed.</summary>
    public const string AgentSessionState = "agent_session_state";

    private static readonly string[] Known =
    [
        OutputStreamData, Acknowledge, InputStreamData, ChannelClosed, StartPublication, PausePublication, AgentSessionState,
    ];

    /// <summary>The constant that equals these ASCII bytes, or a new string for a kind that is not known.</summary>
    internal static string FromAscii(ReadOnlySpan<byte> name)
    {
        foreach (string known in Known)
            if (System.Text.Ascii.Equals(name, known))
                return known;
        return System.Text.Encoding.ASCII.GetString(name);
    }
}
