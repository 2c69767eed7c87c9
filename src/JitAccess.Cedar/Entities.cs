using System.Text;
using System.Text.Json;

namespace JitAccess.Cedar;

/// <summary>The entities that a decision may look at; immutable, and kept as Cedar's JSON text.</summary>
public sealed class Entities
{
    /// <summary>The given entities.</summary>
    /// <exception cref="ArgumentException">A text in them is not valid Unicode.</exception>
    public Entities(params IEnumerable<Entity> entities) => Utf8 = CedarJson.Write(json =>
    {
        json.WriteStartArray();
        foreach (var entity in entities)
            entity.WriteTo(json);
        json.WriteEndArray();
    });

    private Entities(byte[] utf8) => Utf8 = utf8;

    /// <summary>No entities.</summary>
    public static Entities Empty { get; } = new(Enumerable.Empty<Entity>());

    internal byte[] Utf8 { get; }

    /// <summary>Entities from Cedar's JSON format, kept verbatim; what they mean is checked by the engine with each decision.</summary>
    /// <exception cref="FormatException">The text is not a JSON array.</exception>
    public static Entities FromJson(string json) => new(CedarJson.FromText(json, JsonTokenType.StartArray, "Entities"));

    /// <summary>The entities in Cedar's JSON format.</summary>
    public string ToJson() => Encoding.UTF8.GetString(Utf8);
}
