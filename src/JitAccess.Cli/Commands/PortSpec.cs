using System.Globalization;

namespace JitAccess.Cli.Commands;

/// <summary>What <c>jit forward</c> connects: a port here with a port there.</summary>
/// <param name="Local">The port on this machine; 0 for any that is free.</param>
/// <param name="Host">A host that the node reaches; null for the node itself.</param>
/// <param name="Remote">The port there.</param>
internal sealed record PortSpec(int Local, string? Host, int Remote)
{
    /// <summary>Reads <c>5432</c>, <c>15432:5432</c> or <c>15432:db.internal:5432</c>; an IPv6 address stands in brackets.</summary>
    /// <returns>Null if it is none of them.</returns>
    public static PortSpec? Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length == 1) return Port(parts[0], 1) is { } both ? new PortSpec(both, null, both) : null;
        if (Port(parts[0], 0) is not { } local || Port(parts[^1], 1) is not { } remote) return null;
        if (parts.Length == 2) return new PortSpec(local, null, remote);
        string host = string.Join(':', parts[1..^1]);
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (host.Length == 0 || (host.Contains(':', StringComparison.Ordinal) && !isBracketed)) return null;
        return new PortSpec(local, isBracketed ? host[1..^1] : host, remote);
    }

    private static int? Port(string text, int least) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port >= least && port <= ushort.MaxValue ? port : null;
}
