namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Recordings as files of a folder, one for each session, readable by this process's user alone.</summary>
internal sealed class FolderStore(string folder) : IRecordingStore
{
    public Task<IRecordingFile> CreateAsync(Guid sessionId, CancellationToken cancellationToken) => Task.FromResult(Told<IRecordingFile>("written", () =>
    {
        string path = PathOf(sessionId);
        DirectoryInfo made = OperatingSystem.IsWindows() ? Directory.CreateDirectory(Path.GetDirectoryName(path)!) : Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new RecordingFile(new FileStream(Path.Combine(made.FullName, Path.GetFileName(path)), options));
    }));

    public Task<Stream> OpenAsync(Guid sessionId, CancellationToken cancellationToken) => Task.FromResult(Told<Stream>("read", () =>
        new FileStream(PathOf(sessionId), new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan })));

    public Task DeleteAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        string path = PathOf(sessionId);
        Told("deleted", () =>
        {
            // A missing folder is an error of its own; a missing file is none.
            if (File.Exists(path)) File.Delete(path);
            return true;
        });
        return Task.CompletedTask;
    }

    // A folder for each month, so that none grows beyond what people can look through. The id itself holds the month (UUID version 7).
    private string PathOf(Guid sessionId)
    {
        Span<byte> id = stackalloc byte[16];
        sessionId.TryWriteBytes(id, bigEndian: true, out _);
        long milliseconds = ((long)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(id) << 16) | System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(id[4..]);
        return Path.Combine(folder, $"{DateTimeOffset.FromUnixTimeMilliseconds(milliseconds):yyyy-MM}", $"{sessionId}.cast.gz.enc");
    }

    private static T Told<T>(string done, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failed(done, exception);
        }
    }

    private static RecordingException Failed(string done, Exception exception) =>
        new($"The recording could not be {done} ({exception.GetType().Name}). An administrator has to check that the folder in Recording:Folder exists, has room, and belongs to JitAccess.", exception);

    private sealed class RecordingFile(FileStream file) : IRecordingFile
    {
        public async Task AppendAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
        {
            try
            {
                await file.WriteAsync(part, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                throw Failed("written", exception);
            }
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
