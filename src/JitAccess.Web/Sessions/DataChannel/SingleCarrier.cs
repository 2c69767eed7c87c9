namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>A port session without multiplexing: one stream at a time, its bytes as they are. Old nodes, and SSH.</summary>
/// <param name="send">Sends bytes, with nothing in between.</param>
/// <param name="disconnect">Tells the node that the connection has ended here.</param>
internal sealed class SingleCarrier(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, Action disconnect) : IPortCarrier
{
    private readonly Lock _gate = new();
    private readonly List<PortStream> _open = new(capacity: 1);
    private uint _count;

    public ValueTask<PortStream> OpenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_open.Count > 0)
                throw new PortSessionException("The node's agent carries one connection at a time, and one is open. Update the agent to a version after 3.0.196.0 for more.");
            PortStream stream = new(this, ++_count);
            _open.Add(stream);
            return ValueTask.FromResult(stream);
        }
    }

    public ValueTask SendAsync(PortStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => send(data, cancellationToken);

    // There is no half of an end in this mode: whoever closes tells the node when all is read.
    public ValueTask FinishAsync(PortStream stream) => ValueTask.CompletedTask;

    public void Forget(PortStream stream)
    {
        lock (_gate)
        {
            if (!_open.Remove(stream))
                return;
        }

        disconnect();
    }

    public Task? Take(ReadOnlySpan<byte> bytes)
    {
        if (Current is not { } stream)
            return Task.CompletedTask;
        stream.Take(bytes);
        return stream.Show() ?? Task.CompletedTask;
    }

    public void Refuse() => Current?.Fail(new PortSessionException("The node could not connect to the destination port.", isRefused: true));

    public void Disconnect() => Current?.Finish();

    // The node ends such a session when its one connection has ended.
    public void End(Exception failure, bool isOrderly)
    {
        if (isOrderly)
            Current?.Finish();
        Current?.Fail(failure);
    }

    private PortStream? Current
    {
        get
        {
            lock (_gate)
                return _open.FirstOrDefault();
        }
    }
}
