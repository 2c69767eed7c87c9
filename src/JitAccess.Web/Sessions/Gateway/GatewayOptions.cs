namespace JitAccess.Web.Sessions.Gateway;

/// <summary>How sessions are kept between the nodes and the browsers.</summary>
public sealed class GatewayOptions
{
    /// <summary>Output kept for browsers that come back, per session.</summary>
    public int HistoryBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>How far a browser may lag behind what was sent to it before sending pauses.</summary>
    public int WindowBytes { get; set; } = 512 * 1024;

    /// <summary>How long the last output and the reason of an ended session can still be had.</summary>
    public TimeSpan KeepEndedFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Ends a session that had no browser for so long. By default a session lives as long as its grant.</summary>
    public TimeSpan? EndWhenLeftFor { get; set; }
}
