using System.Text;
using System.Text.Json;
using JitAccess.Cedar.Evaluation;

namespace JitAccess.Cedar;

/// <summary>The facts of one request that belong to no entity; immutable, as attributes or as Cedar's JSON text.</summary>
public sealed class Context
{
    private readonly CedarRecord? _record;
    private byte[]? _utf8;
    private RecordValue? _attributes;

    /// <summary>The context with the given attributes.</summary>
    public Context(CedarRecord attributes) => _record = attributes;

    private Context(byte[] utf8) => _utf8 = utf8;

    /// <summary>The context without attributes.</summary>
    public static Context Empty { get; } = new(CedarRecord.Empty);

    // Each form is made when it is first asked for; two threads may both make it, which does no harm.
    internal byte[] Utf8 => _utf8 ??= CedarJson.Write(_record!.WriteTo);

    /// <exception cref="FormatException">The text is not Cedar's JSON format, or a value of an extension type cannot be read.</exception>
    internal RecordValue Attributes => _attributes ??= _record is null ? ValueReader.ReadContext(_utf8) : ValueReader.ReadAttributes(_record.Attributes);

    /// <summary>A record as context.</summary>
    public static implicit operator Context(CedarRecord attributes) => new(attributes);

    /// <summary>A context from Cedar's JSON format, kept verbatim; what it means is checked with each decision.</summary>
    /// <exception cref="FormatException">The text is not a JSON object.</exception>
    public static Context FromJson(string json) => new(CedarJson.FromText(json, JsonTokenType.StartObject, "The context"));

    /// <summary>The context in Cedar's JSON format.</summary>
    public string ToJson() => Encoding.UTF8.GetString(Utf8);
}
