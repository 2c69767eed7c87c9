namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// Holds input back until the node is ready for it: a node acknowledges and throws away what comes before the end of
/// its handshake. Encrypts it if that was agreed. Thread-safe.
/// </summary>
internal sealed class InputGate(OutgoingStream outgoing)
{
    private readonly Lock _gate = new();
    private readonly Queue<(PayloadType Type, ReadOnlyMemory<byte> Payload)> _held = new();
    private SessionCipher? _cipher;
    private SizePayload? _size;
    private bool _isOpen;
    private bool _isClosed;

    /// <summary>Sends or holds input; the memory is copied.</summary>
    public void Send(PayloadType type, ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            if (_isOpen)
                Enqueue(type, payload);
            else
                _held.Enqueue((type, payload.ToArray()));
        }
    }

    /// <summary>Sends the terminal's size if it changed; before the gate opens only the last size counts.</summary>
    public void Resize(SizePayload size)
    {
        lock (_gate)
        {
            if (size == _size || _isClosed)
                return;
            _size = size;
            if (_isOpen)
                Enqueue(PayloadType.Size, PayloadJson.Write(size));
        }
    }

    /// <summary>The node is ready: the size goes first, then what was held. From now on output is encrypted if there is a cipher.</summary>
    public void Open(SessionCipher? cipher)
    {
        lock (_gate)
        {
            if (_isOpen || _isClosed)
                return;
            _isOpen = true;
            _cipher = cipher;
            if (_size is not null)
                Enqueue(PayloadType.Size, PayloadJson.Write(_size));
            while (_held.TryDequeue(out (PayloadType Type, ReadOnlyMemory<byte> Payload) held))
                Enqueue(held.Type, held.Payload);
        }
    }

    /// <summary>Input goes nowhere any more, and the cipher is not used again.</summary>
    public void Close()
    {
        lock (_gate)
            _isClosed = true;
    }

    // Of all input only the bytes for the shell or port are encrypted.
    private void Enqueue(PayloadType type, ReadOnlyMemory<byte> payload) =>
        outgoing.Enqueue(type, _cipher is not null && type == PayloadType.Output ? _cipher.Encrypt(payload.Span) : payload);
}
