namespace JitAccess.Web.Sessions.Gateway;

/// <summary>
/// The first byte of each binary message between page and server; integers are big-endian. The page asks for the
/// output from an offset on with <c>?from=</c>.
/// </summary>
internal static class TerminalProtocol
{
    /// <summary>Page to server: bytes for the node.</summary>
    public const byte Input = 0;

    /// <summary>Page to server: columns and rows, two bytes each.</summary>
    public const byte Resize = 1;

    /// <summary>Page to server: everything before this offset (eight bytes) is shown.</summary>
    public const byte Seen = 2;

    /// <summary>Page to server: is anybody there? Answered with <see cref="ControlMessage.Alive"/>.</summary>
    public const byte Ping = 3;

    /// <summary>Page to server: from now on this page writes.</summary>
    public const byte TakeKeyboard = 4;

    /// <summary>Server to page: offset of the first byte (eight bytes), then output.</summary>
    public const byte Output = 0;

    /// <summary>Server to page: a <see cref="ControlMessage"/>.</summary>
    public const byte Control = 1;

    /// <summary>Number of bytes before the output.</summary>
    public const int OutputHeader = 1 + sizeof(long);

    /// <summary>The longest message a page may send.</summary>
    public const int LongestFromPage = 32 * 1024;
}
