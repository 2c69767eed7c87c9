using System.Globalization;
using System.Text.Json;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>A port session on the node: connections to one destination.</summary>
/// <param name="destination">Where to.</param>
/// <param name="localPort">The port that the client said it listens on.</param>
/// <param name="type">LocalPortForwarding; null for one connection as it comes (SSH).</param>
internal abstract class PortNodeProgram(PortDestination destination, string localPort, string? type) : NodeProgram
{
    public const string LocalPortForwarding = "LocalPortForwarding";

    public override string SessionType => SessionTypes.Port;

    public override JsonElement? Properties => JsonSerializer.SerializeToElement(new Dictionary<string, string?>
    {
        ["host"] = destination.Host,
        ["localPortNumber"] = localPort,
        ["portNumber"] = destination.Port.ToString(CultureInfo.InvariantCulture),
        ["type"] = type ?? "",
    });

    /// <summary>The program for a node's agent: old ones do not multiplex.</summary>
    public static PortNodeProgram For(EmulatedNode node, PortDestination destination, string localPort, string? type) =>
        type == LocalPortForwarding && Version.Parse(node.AgentVersion) > new Version(3, 0, 196, 0)
            ? new MultiplexedPortProgram(destination, localPort)
            : new SinglePortProgram(destination, localPort, type);
}
