using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JitAccess.Web.Audit.Export;

/// <summary>Writes entries as one JSON object a line.</summary>
internal abstract class JsonExportWriter : ExportWriter
{
    // A file of its own, not part of a page: only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    protected JsonExportWriter(Stream stream) : base(stream) => _json = new Utf8JsonWriter(_line, Plain);

    public override async ValueTask DisposeAsync()
    {
        await _json.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ReadOnlyMemory<byte> Line(ExportedEntry exported) => Written(() => WriteEntry(_json, exported));

    protected override ReadOnlyMemory<byte> End() => Written(() => WriteEnd(_json));

    /// <summary>Writes one object.</summary>
    protected abstract void WriteEntry(Utf8JsonWriter json, ExportedEntry exported);

    /// <summary>Writes the last object.</summary>
    protected abstract void WriteEnd(Utf8JsonWriter json);

    /// <summary>A text of the store that is JSON already; it holds valid JSON only.</summary>
    protected static void Raw(Utf8JsonWriter json, string name, string? text)
    {
        json.WritePropertyName(name);
        if (text is null) json.WriteNullValue();
        else json.WriteRawValue(text, skipInputValidation: true);
    }

    protected static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    private ReadOnlyMemory<byte> Written(Action write)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        write();
        _json.Flush();
        return _line.WrittenMemory;
    }
}
