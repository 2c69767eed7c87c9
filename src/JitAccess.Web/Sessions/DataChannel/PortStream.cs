using System.Buffers;
using System.IO.Pipelines;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// One connection through a port session. Read and write it from two tasks at once if need be. Reading ends with 0 bytes when the
/// other side has finished, and with a <see cref="PortSessionException"/> when it could not be reached or the session ended.
/// </summary>
public sealed class PortStream : Stream
{
    // While so much is not read, the whole session stands still: this protocol has no windows of streams' own.
    private const int MostUnread = 256 * 1024;

    private readonly IPortCarrier _carrier;
    private readonly Pipe _received = new(new PipeOptions(
        pauseWriterThreshold: MostUnread, resumeWriterThreshold: MostUnread / 2, useSynchronizationContext: false));
    private readonly Stream _reader;
    private readonly Lock _gate = new();
    private volatile Exception? _readFailure;
    private volatile Exception? _writeFailure;
    private volatile bool _isFinished;
    private int _isWriteEnded;
    private int _isDisposed;

    internal PortStream(IPortCarrier carrier, uint id)
    {
        _carrier = carrier;
        Id = id;
        _reader = _received.Reader.AsStream();
    }

    internal uint Id { get; }

    /// <summary>Whether something has come from the other side.</summary>
    internal bool HasReceived { get; private set; }

    /// <summary>Whether no more will come.</summary>
    internal bool IsFinished => _isFinished;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await _reader.ReadAsync(buffer, cancellationToken);
        if (count == 0 && !buffer.IsEmpty)
            Throw(_readFailure);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>Waits while the session holds too much that the node has not acknowledged. A write that has begun is not cancelled.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            Throw(_writeFailure);
            if (_isWriteEnded != 0)
                throw new InvalidOperationException("Writing was completed.");
            ReadOnlyMemory<byte> part = buffer[..Math.Min(buffer.Length, SmuxFrame.LongestData)];
            buffer = buffer[part.Length..];
            await _carrier.SendAsync(this, part, cancellationToken);
        }

        Throw(_writeFailure);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Says that nothing more will be written; reading goes on. Real nodes take this for the end of the whole connection.</summary>
    public async ValueTask CompleteWritesAsync()
    {
        if (Interlocked.Exchange(ref _isWriteEnded, 1) == 0 && _writeFailure is null)
            await _carrier.FinishAsync(this);
    }

    /// <summary>Ends the connection.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await CompleteWritesAsync();
            Fail(new ObjectDisposedException(nameof(PortStream)));
            _carrier.Forget(this);
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _isDisposed == 0)
            _ = DisposeAsync().AsTask();
        base.Dispose(disposing);
    }

    /// <summary>Keeps data for whoever reads; the session's reader only.</summary>
    internal void Take(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            HasReceived = true;
            if (!_isFinished)
                _received.Writer.Write(data);
        }
    }

    /// <summary>Shows the reader what was taken. Null, or what completes when there is room again. The session's reader only.</summary>
    internal Task? Show()
    {
        lock (_gate)
        {
            if (_isFinished)
                return null;
            ValueTask<FlushResult> shown = _received.Writer.FlushAsync(CancellationToken.None);
            return shown.IsCompletedSuccessfully ? null : shown.AsTask();
        }
    }

    /// <summary>No more will come; what came can still be read.</summary>
    internal void Finish()
    {
        lock (_gate)
        {
            if (_isFinished)
                return;
            _isFinished = true;
            _received.Writer.CancelPendingFlush();
            // Not with the failure: the pipe would then forget what was not read yet.
            _received.Writer.Complete();
        }
    }

    /// <summary>Writing is told this, and reading once it comes to an end that was not there before.</summary>
    internal void Fail(Exception failure)
    {
        lock (_gate)
        {
            _writeFailure ??= failure;
            if (!_isFinished)
                _readFailure = failure;
            Finish();
        }
    }

    // A new one each time: several callers may be told.
    private static void Throw(Exception? known)
    {
        switch (known)
        {
            case PortSessionException failure:
                throw new PortSessionException(failure.Message, failure.IsRefused);
            case ObjectDisposedException:
                throw new ObjectDisposedException(nameof(PortStream));
        }
    }
}
