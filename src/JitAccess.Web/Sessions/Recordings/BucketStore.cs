using JitAccess.Web.Aws;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Recordings in a bucket. Objects cannot grow, so each part is an object of its own; in order they are the file.</summary>
internal sealed class BucketStore(IObjectStore objects, ObjectPlace place, string prefix) : IRecordingStore
{
    public async Task<IRecordingFile> CreateAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        if ((await ToldAsync(() => objects.ListAsync(place, Folder(sessionId), cancellationToken))).Count > 0) throw new RecordingException("The recording exists already.");
        return new RecordingFile(this, sessionId);
    }

    public async Task<Stream> OpenAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> parts = await ToldAsync(() => objects.ListAsync(place, Folder(sessionId), cancellationToken));
        if (parts.Count == 0) throw new RecordingException("The recording is not in the bucket.");
        return new JoinedStream(parts.Select<string, Func<CancellationToken, Task<byte[]>>>(part => token => ToldAsync(() => objects.GetAsync(place, part, token))));
    }

    public async Task DeleteAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        // The beginning goes last: what was deleted halfway is found and deleted again.
        foreach (string part in (await ToldAsync(() => objects.ListAsync(place, Folder(sessionId), cancellationToken))).Reverse())
            await ToldAsync(async () => { await objects.DeleteAsync(place, part, cancellationToken); return true; });
    }

    private Task<bool> PutAsync(string key, ReadOnlyMemory<byte> part, CancellationToken cancellationToken) =>
        ToldAsync(async () => { await objects.PutAsync(place, key, part, cancellationToken); return true; });

    private string Folder(Guid sessionId) => $"{prefix}{sessionId}/";

    private static async Task<T> ToldAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (AwsException exception)
        {
            throw new RecordingException(exception.Message, exception);
        }
    }

    private sealed class RecordingFile(BucketStore store, Guid sessionId) : IRecordingFile
    {
        private int _next;

        // Names of one length sort like numbers.
        public async Task AppendAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
        {
            await store.PutAsync($"{store.Folder(sessionId)}{_next:D8}", part, cancellationToken);
            _next++;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Objects one after the other, each fetched when its turn comes.</summary>
    private sealed class JoinedStream(IEnumerable<Func<CancellationToken, Task<byte[]>>> parts) : Stream
    {
        private readonly IEnumerator<Func<CancellationToken, Task<byte[]>>> _parts = parts.GetEnumerator();
        private ReadOnlyMemory<byte> _rest;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_rest.IsEmpty)
            {
                if (!_parts.MoveNext()) return 0;
                _rest = await _parts.Current(cancellationToken);
            }
            int length = Math.Min(buffer.Length, _rest.Length);
            _rest[..length].CopyTo(buffer);
            _rest = _rest[length..];
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _parts.Dispose();
            base.Dispose(disposing);
        }
    }
}
