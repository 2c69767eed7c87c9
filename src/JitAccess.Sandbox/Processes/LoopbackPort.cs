using System.Net;
using System.Net.Sockets;

namespace JitAccess.Sandbox.Processes;

/// <summary>
/// Free ports for servers that must know theirs beforehand.
/// They lie below the range from which systems take the ports of outgoing connections,
/// so a server that is stopped for a while gets its port again.
/// </summary>
internal static class LoopbackPort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    public static int Find(int? preferred = null) =>
        Enumerable.Range(0, 1_000)
            .Select(attempt => attempt == 0 && preferred is { } port ? port : Random.Shared.Next(First, Last))
            .FirstOrDefault(IsFree) is var free and not 0
            ? free
            : throw new InvalidOperationException($"No free port between {First} and {Last} on the loopback address.");

    public static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
