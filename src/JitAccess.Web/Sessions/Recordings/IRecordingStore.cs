namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Where the files of recordings lie. What it is given is encrypted already.</summary>
public interface IRecordingStore
{
    /// <summary>Begins a new file.</summary>
    /// <exception cref="RecordingException">The store does not take it, or the file exists.</exception>
    Task<IRecordingFile> CreateAsync(Guid sessionId, CancellationToken cancellationToken);

    /// <summary>Reads a file from its beginning, as far as it is written.</summary>
    /// <exception cref="RecordingException">It is not there, or the store does not answer.</exception>
    Task<Stream> OpenAsync(Guid sessionId, CancellationToken cancellationToken);

    /// <summary>Deletes a file; nothing happens if there is none.</summary>
    /// <exception cref="RecordingException">The store does not answer.</exception>
    Task DeleteAsync(Guid sessionId, CancellationToken cancellationToken);
}

/// <summary>A file that grows. One caller at a time.</summary>
public interface IRecordingFile : IAsyncDisposable
{
    /// <summary>Adds a part; when the task ends, the part outlives a crash.</summary>
    /// <exception cref="RecordingException">It could not be written.</exception>
    Task AppendAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken);
}

/// <summary>A recording could not be written or read. The message is for people.</summary>
public sealed class RecordingException : Exception
{
    public RecordingException()
    {
    }

    public RecordingException(string message)
        : base(message)
    {
    }

    public RecordingException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
