namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Carries the streams of a port session: many at once in frames, or one as it is.</summary>
internal interface IPortCarrier
{
    /// <summary>Sends data of a stream, whole; the memory may be used again afterwards.</summary>
    ValueTask SendAsync(PortStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Says that the stream's writing has ended.</summary>
    ValueTask FinishAsync(PortStream stream);

    /// <summary>The stream is disposed: what still comes for it goes nowhere.</summary>
    void Forget(PortStream stream);

    /// <summary>Begins a stream.</summary>
    ValueTask<PortStream> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Takes bytes of the node, all of them, at once. Returns a task that is not complete until there is room for more. Null: the bytes are nonsense.</summary>
    Task? Take(ReadOnlySpan<byte> bytes);

    /// <summary>The node could not connect to the destination.</summary>
    void Refuse();

    /// <summary>The node lost its connection.</summary>
    void Disconnect();

    /// <summary>The session is over.</summary>
    /// <param name="failure">What the streams are told that have not ended before.</param>
    /// <param name="isOrderly">Whether it ended by itself.</param>
    void End(Exception failure, bool isOrderly);
}
