namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// Holds input back until the node is ready for it: a node acknowledges and throws away what comes before the end of
/// its handshake. Thread-safe.
/// </summary>
internal sealed class InputGate(OutgoingStream outgoing)
{
    private readonly Lock _gate = new();
    private readonly Queue<(PayloadType Type, ReadOnlyMemory<byte> Payload)> _held = new();
    private SizePayload? _size;
    private bool _isOpen;

    /// <summary>Sends or holds input; the memory is copied.</summary>
    public void Send(PayloadType type, ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            if (_isOpen)
                outgoing.Enqueue(type, payload);
            else
                _held.Enqueue((type, payload.ToArray()));
        }
    }

    /// <summary>Sends the terminal's size if it changed; before the gate opens only the last size counts.</summary>
    public void Resize(SizePayload size)
    {
        lock (_gate)
        {
            if (size == _size)
                return;
            _size = size;
            if (_isOpen)
                outgoing.Enqueue(PayloadType.Size, PayloadJson.Write(size));
        }
    }

    /// <summary>The node is ready: the size goes first, then what was held.</summary>
    public void Open()
    {
        if (_isOpen)
            return;
        lock (_gate)
        {
            _isOpen = true;
            if (_size is not null)
                outgoing.Enqueue(PayloadType.Size, PayloadJson.Write(_size));
            while (_held.TryDequeue(out (PayloadType Type, ReadOnlyMemory<byte> Payload) held))
                outgoing.Enqueue(held.Type, held.Payload);
        }
    }
}
