using System.Text;
using System.Text.Json;

namespace JitAccess.Cedar;

/// <summary>The facts of one request that belong to no entity; immutable, and kept as Cedar's JSON text.</summary>
public sealed class Context
{
    /// <summary>The context with the given attributes.</summary>
    /// <exception cref="ArgumentException">A text in them is not valid Unicode.</exception>
    public Context(CedarRecord attributes) => Utf8 = CedarJson.Write(attributes.WriteTo);

    private Context(byte[] utf8) => Utf8 = utf8;

    /// <summary>The context without attributes.</summary>
    public static Context Empty { get; } = new(CedarRecord.Empty);

    internal byte[] Utf8 { get; }

    /// <summary>A record as context.</summary>
    public static implicit operator Context(CedarRecord attributes) => new(attributes);

    /// <summary>A context from Cedar's JSON format, kept verbatim; what it means is checked by the engine with each decision.</summary>
    /// <exception cref="FormatException">The text is not a JSON object.</exception>
    public static Context FromJson(string json) => new(CedarJson.FromText(json, JsonTokenType.StartObject, "The context"));

    /// <summary>The context in Cedar's JSON format.</summary>
    public string ToJson() => Encoding.UTF8.GetString(Utf8);
}
