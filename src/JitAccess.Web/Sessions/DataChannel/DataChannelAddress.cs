namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Where a session's data channel is and the token that opens it once, as StartSession or ResumeSession gave them.</summary>
public sealed record DataChannelAddress
{
    /// <exception cref="ArgumentException">The address would send the token in the clear over a network, or there is no token.</exception>
    public DataChannelAddress(Uri streamUrl, string token)
    {
        bool isPrivate = streamUrl.Scheme == "wss" || (streamUrl.Scheme == "ws" && streamUrl.IsLoopback);
        if (!isPrivate)
            throw new ArgumentException("A data channel is wss, or ws on the loopback interface.", nameof(streamUrl));
        ArgumentException.ThrowIfNullOrEmpty(token);
        StreamUrl = streamUrl;
        Token = token;
    }

    public Uri StreamUrl { get; }

    /// <summary>A secret: never logged.</summary>
    public string Token { get; }

    /// <summary>Makes the data key if the node wants the session encrypted; without it such a node is refused.</summary>
    public ISessionKeys? Keys { get; init; }

    /// <summary>The address without its token.</summary>
    public override string ToString() => StreamUrl.ToString();
}
