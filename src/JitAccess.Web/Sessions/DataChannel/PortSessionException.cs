namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>A connection through a port session failed; the message is fit for the person to read.</summary>
public sealed class PortSessionException(string message, bool isRefused = false) : IOException(message)
{
    /// <summary>Whether the node could not connect to the destination; the session itself goes on.</summary>
    public bool IsRefused { get; } = isRefused;
}
