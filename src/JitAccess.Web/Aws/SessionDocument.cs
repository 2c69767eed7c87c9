using System.Globalization;

namespace JitAccess.Web.Aws;

/// <summary>Which SSM document a session is opened with, and the document's parameters.</summary>
/// <param name="Name">The document's name.</param>
/// <param name="Parameters">Values by parameter, as the document declares them.</param>
public sealed record SessionDocument(string Name, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>Connections to a port of the node itself.</summary>
    public static SessionDocument PortForwarding(int port) => new("AWS-StartPortForwardingSession", new Dictionary<string, string>
    {
        ["portNumber"] = Digits(port),
    });

    /// <summary>Connections, through the node, to a port of another host.</summary>
    /// <param name="host">A name or address, resolved on the node.</param>
    /// <param name="port">The port there.</param>
    public static SessionDocument PortForwardingToHost(string host, int port) => new("AWS-StartPortForwardingSessionToRemoteHost", new Dictionary<string, string>
    {
        ["host"] = host,
        ["portNumber"] = Digits(port),
    });

    /// <summary>One connection to the node's SSH server, as it comes.</summary>
    public static SessionDocument Ssh(int port = 22) => new("AWS-StartSSHSession", new Dictionary<string, string> { ["portNumber"] = Digits(port) });

    /// <summary>One command on a terminal.</summary>
    public static SessionDocument InteractiveCommand(string command) => new("AWS-StartInteractiveCommand", new Dictionary<string, string> { ["command"] = command });

    /// <summary>One command without a terminal.</summary>
    public static SessionDocument NonInteractiveCommand(string command) => new("AWS-StartNonInteractiveCommand", new Dictionary<string, string> { ["command"] = command });

    private static string Digits(int port) => port is > 0 and <= ushort.MaxValue
        ? port.ToString(CultureInfo.InvariantCulture)
        : throw new ArgumentOutOfRangeException(nameof(port), port, "A port is a number from 1 to 65535.");
}
