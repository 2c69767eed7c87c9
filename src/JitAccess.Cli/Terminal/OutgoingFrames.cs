using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace JitAccess.Cli.Terminal;

/// <summary>What goes to the server, in order, as long as there is a connection. What comes while there is none is dropped, as the terminal page does: keys that arrive much later do harm.</summary>
internal sealed class OutgoingFrames
{
    private const byte Input = 0, Resize = 1, Seen = 2;

    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(64);

    /// <summary>Whether there is a connection.</summary>
    public bool IsOnline { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    public static byte[] OfKeys(ReadOnlySpan<byte> keys) => [Input, .. keys];

    public static byte[] OfSize((ushort Columns, ushort Rows) size)
    {
        byte[] message = new byte[5];
        message[0] = Resize;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(1), size.Columns);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(3), size.Rows);
        return message;
    }

    public static byte[] OfShown(long offset)
    {
        byte[] message = new byte[9];
        message[0] = Seen;
        BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(1), offset);
        return message;
    }

    /// <summary>Hands a message over; waits while the network takes no more.</summary>
    public async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        try
        {
            if (IsOnline) await _waiting.Writer.WriteAsync(message, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    /// <summary>Throws away what an earlier connection did not take.</summary>
    public void Clear()
    {
        while (_waiting.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Sends what comes until the connection is over.</summary>
    public async Task PumpAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (byte[] message in _waiting.Reader.ReadAllAsync(cancellationToken)) await socket.SendAsync(message, WebSocketMessageType.Binary, true, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The receiving side sees the cut too.
        }
    }
}
