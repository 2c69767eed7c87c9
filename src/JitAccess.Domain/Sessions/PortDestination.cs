using System.Globalization;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Sessions;

/// <summary>Where connections of a port session go.</summary>
/// <param name="Host">A name or address that the node resolves; null for the node itself.</param>
/// <param name="Port">The port there.</param>
public sealed record PortDestination(string? Host, int Port)
{
    private const int LongestHost = 255;

    /// <summary>Whether it can be a destination: a port from 1 to 65535, and a host's name or address.</summary>
    public Ruling CanBe()
    {
        if (Port is < 1 or > ushort.MaxValue) return Ruling.Refused(RefusalKind.Invalid, $"{Port} is no port. A port is a number from 1 to 65535.");
        if (Host is null) return Ruling.Allowed;
        return Host.Length is > 0 and <= LongestHost && Host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '_')
            ? Ruling.Allowed
            : Ruling.Refused(RefusalKind.Invalid, "The host is no name or address: letters, digits, dots, hyphens and colons, at most 255 characters.");
    }

    /// <summary>Whether sessions under these rules may carry connections: nobody can watch what goes through a port.</summary>
    public static Ruling CanOpen(SessionRules rules) => rules.NeedsObserver
        ? Ruling.Refused(RefusalKind.Forbidden, "The policy demands a second person who watches, and connections to a port cannot be watched. Work in the terminal instead.")
        : Ruling.Allowed;

    /// <summary>As people write it: <c>port 5432</c>, <c>db.internal port 5432</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Host is null ? "" : $"{Host} ")}port {Port}");
}
