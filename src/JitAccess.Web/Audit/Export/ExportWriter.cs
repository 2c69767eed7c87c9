using System.Buffers;
using System.IO.Pipelines;

namespace JitAccess.Web.Audit.Export;

/// <summary>Writes entries as lines of a file.</summary>
internal abstract class ExportWriter(Stream stream) : IAsyncDisposable
{
    // Enough for a packet; what is written goes out as it comes.
    private const int MostUnflushed = 64 * 1024;

    private readonly PipeWriter _lines = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

    /// <summary>How many entries were written.</summary>
    public long Count { get; private set; }

    public static ExportWriter For(ExportFormat format, Stream stream, DateTimeOffset now) => format switch
    {
        ExportFormat.Csv => new CsvWriter(stream),
        ExportFormat.JsonLines => new JsonLinesWriter(stream),
        ExportFormat.Ocsf => new OcsfWriter(stream, now),
    };

    /// <summary>Writes what stands in front of all entries.</summary>
    public virtual ValueTask BeginAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Writes one entry.</summary>
    public ValueTask WriteAsync(ExportedEntry entry, CancellationToken cancellationToken)
    {
        Count++;
        return LineAsync(Line(entry), cancellationToken);
    }

    /// <summary>Writes the mark that nothing is missing.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await LineAsync(End(), cancellationToken);
        await _lines.FlushAsync(cancellationToken);
    }

    public virtual ValueTask DisposeAsync() => _lines.CompleteAsync();

    protected async ValueTask LineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        _lines.Write(line.Span);
        _lines.Write("\n"u8);
        if (_lines.UnflushedBytes >= MostUnflushed) await _lines.FlushAsync(cancellationToken);
    }

    /// <summary>One entry; valid until the next.</summary>
    protected abstract ReadOnlyMemory<byte> Line(ExportedEntry exported);

    /// <summary>The last line.</summary>
    protected abstract ReadOnlyMemory<byte> End();
}
