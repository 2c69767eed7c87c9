using System.Net;
using System.Net.Sockets;

namespace JitAccess.Sandbox.Aws;

/// <summary>Where a port session leads, seen from the node.</summary>
/// <param name="Host">A name or address; empty for the node itself.</param>
/// <param name="Port">The port there.</param>
internal sealed record PortDestination(string Host, int Port)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly IPNetwork LinkLocal = IPNetwork.Parse("169.254.0.0/16");
    private static readonly IPAddress MetadataV6 = IPAddress.Parse("fd00:ec2::254");

    /// <summary>Connects; throws <see cref="ForbiddenDestinationException"/>, or <see cref="SocketException"/> when nobody answers. Blocks.</summary>
    public Socket Connect()
    {
        IPAddress[] addresses = Host.Length == 0 ? [IPAddress.Loopback] : Dns.GetHostAddresses(Host);
        // What was judged is what is connected to: a name could lead elsewhere a moment later.
        if (addresses.FirstOrDefault(IsForbidden) is { } forbidden)
            throw new ForbiddenDestinationException(forbidden);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using CancellationTokenSource deadline = new(Patience);
            socket.ConnectAsync(addresses, Port, deadline.Token).AsTask().GetAwaiter().GetResult();
            return socket;
        }
        catch (Exception failure)
        {
            socket.Dispose();
            if (failure is OperationCanceledException)
                throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
    }

    /// <summary>Refuses at once what is forbidden as it stands.</summary>
    public void ThrowIfForbidden()
    {
        if (IPAddress.TryParse(Host, out IPAddress? address) && IsForbidden(address))
            throw new ForbiddenDestinationException(address);
    }

    // There the machine's own credentials are given away.
    private static bool IsForbidden(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork ? LinkLocal.Contains(plain) : plain.IsIPv6LinkLocal || plain.Equals(MetadataV6);
    }
}

/// <summary>Sessions must not lead to this address.</summary>
internal sealed class ForbiddenDestinationException(IPAddress address) : Exception($"Forwarding to IP address {address} is forbidden.");
