namespace JitAccess.Sandbox.Aws;

/// <summary>One end of a relayed session: its connection, or the frames that wait for it. Under the session's gate.</summary>
internal sealed class RelayEnd
{
    // Both ends keep what is not acknowledged and send it again; this is only what was on its way.
    private const int MostKept = 10_000;

    private readonly Queue<byte[]> kept = new();

    public ClientSocket? Socket { get; private set; }

    /// <summary>Sends a frame, or keeps it; one too many is forgotten, and comes again from its sender.</summary>
    public void Send(byte[] frame)
    {
        if (Socket is not null)
            Socket.Send(frame);
        else if (kept.Count < MostKept)
            kept.Enqueue(frame);
    }

    /// <summary>A new connection takes over, and gets what was kept.</summary>
    public void Attach(ClientSocket socket)
    {
        if (Socket is { } old)
        {
            old.Cut();
            Detach(old);
        }

        Socket = socket;
        while (kept.TryDequeue(out byte[]? frame))
            socket.Send(frame);
    }

    /// <summary>Keeps what the connection did not send; false when it was not this end's any more.</summary>
    public bool Detach(ClientSocket socket)
    {
        if (Socket != socket)
            return false;
        Socket = null;
        foreach (byte[] frame in socket.TakeUnsent())
            kept.Enqueue(frame);
        return true;
    }

    /// <summary>Sends the last frame and closes.</summary>
    public void Close(byte[] last)
    {
        Socket?.Send(last);
        Socket?.Complete();
    }
}
