using System.Text;
using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>Keeps anchors in a file that only grows: one line each, on the disk before it counts.</summary>
internal sealed class FileAnchor(string path) : IAnchorStore
{
    public string Name => "file";

    public async Task KeepAsync(AuditAnchor anchor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            // Behind a line that a crash has cut, a new one begins.
            string begin = await EndsWithinALineAsync(cancellationToken) ? "\n" : "";
            await using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await file.WriteAsync(Encoding.UTF8.GetBytes($"{begin}{AnchorDocument.Write(anchor)}\n"), cancellationToken);
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AnchorException($"The file {path} could not be written: {exception.Message}", exception);
        }
    }

    private async Task<bool> EndsWithinALineAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return false;
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length == 0) return false;
        file.Seek(-1, SeekOrigin.End);
        byte[] last = new byte[1];
        await file.ReadExactlyAsync(last, cancellationToken);
        return last[0] != '\n';
    }
}
