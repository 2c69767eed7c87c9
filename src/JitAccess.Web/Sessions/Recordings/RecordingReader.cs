using System.IO.Compression;
using System.Security.Cryptography;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Reads the files of recordings back.</summary>
internal sealed class RecordingReader(IRecordingStore store, RecordingKeys keys)
{
    /// <summary>Writes a recording as asciicast lines, as far as it goes.</summary>
    /// <exception cref="RecordingException">It is not there, was changed, or its key is gone; what came before a changed part has been written.</exception>
    public async Task CopyAsync(Guid sessionId, Stream to, CancellationToken cancellationToken)
    {
        await using SealedParts.Reader parts = new(await store.OpenAsync(sessionId, cancellationToken), keys, sessionId);
        while (await parts.ReadAsync(cancellationToken) is { } part)
        {
            await using GZipStream lines = new(new MemoryStream(part), CompressionMode.Decompress);
            await lines.CopyToAsync(to, cancellationToken);
        }
    }

    /// <summary>The length and the hash of the stored file, and whether its last part is there.</summary>
    /// <exception cref="RecordingException">It is not there, or was changed.</exception>
    public async Task<(long Bytes, string Sha256, bool IsWhole)> MeasureAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        byte[] buffer = new byte[64 * 1024];
        await using (Stream file = await store.OpenAsync(sessionId, cancellationToken))
        {
            for (int read; (read = await file.ReadAsync(buffer, cancellationToken)) > 0; bytes += read) hash.AppendData(buffer, 0, read);
        }
        await using SealedParts.Reader parts = new(await store.OpenAsync(sessionId, cancellationToken), keys, sessionId);
        while (await parts.ReadAsync(cancellationToken) is not null)
        {
        }
        return (bytes, Convert.ToHexStringLower(hash.GetCurrentHash()), parts.IsWhole);
    }
}
