using System.Collections.Concurrent;
using JitAccess.Web.Sessions.Recordings;

namespace JitAccess.Web.Tests.Sessions.Recordings;

/// <summary>Recordings in memory, with failures to order.</summary>
internal sealed class MemoryStore : IRecordingStore
{
    private readonly ConcurrentDictionary<Guid, MemoryStream> _files = new();

    /// <summary>Thrown by every later part; null for success.</summary>
    public RecordingException? AppendFailure { get; set; }

    /// <summary>Awaited before every later part is taken.</summary>
    public Task Slowness { get; set; } = Task.CompletedTask;

    public byte[] this[Guid session]
    {
        get
        {
            lock (_files[session])
                return _files[session].ToArray();
        }
    }

    public Task<IRecordingFile> CreateAsync(Guid sessionId, CancellationToken cancellationToken) =>
        _files.TryAdd(sessionId, new MemoryStream()) ? Task.FromResult<IRecordingFile>(new RecordingFile(this, _files[sessionId])) : throw new RecordingException("It exists.");

    public Task<Stream> OpenAsync(Guid sessionId, CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(this[sessionId]));

    public Task DeleteAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        _files.TryRemove(sessionId, out _);
        return Task.CompletedTask;
    }

    private sealed class RecordingFile(MemoryStore store, MemoryStream file) : IRecordingFile
    {
        public async Task AppendAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
        {
            await store.Slowness;
            if (store.AppendFailure is { } failure) throw failure;
            lock (file) file.Write(part.Span);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
