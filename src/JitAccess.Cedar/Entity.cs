using System.Collections.ObjectModel;
using System.Text.Json;

namespace JitAccess.Cedar;

/// <summary>One entity with what policies can ask about it.</summary>
/// <param name="Uid">The entity's name.</param>
/// <param name="Attributes">Its attributes by name (<c>principal.division</c>).</param>
/// <param name="Tags">Its tags by key (<c>resource.getTag("env")</c>).</param>
/// <param name="Parents">The entities that it is directly in, such as a person's groups.</param>
public sealed record Entity(
    EntityUid Uid,
    IReadOnlyDictionary<string, CedarValue> Attributes,
    IReadOnlyDictionary<string, CedarValue> Tags,
    IReadOnlyCollection<EntityUid> Parents)
{
    private static readonly ReadOnlyDictionary<string, CedarValue> None = ReadOnlyDictionary<string, CedarValue>.Empty;

    /// <summary>An entity without attributes, tags and parents; set those that it has with <c>with</c> or an initializer.</summary>
    public Entity(EntityUid uid)
        : this(uid, None, None, [])
    {
    }

    internal static void WriteUid(Utf8JsonWriter json, EntityUid uid)
    {
        json.WriteStartObject();
        json.WriteString("type", uid.Type);
        json.WriteString("id", uid.Id);
        json.WriteEndObject();
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("uid");
        WriteUid(json, Uid);
        json.WritePropertyName("attrs");
        CedarRecord.WriteAttributes(json, Attributes);
        json.WritePropertyName("tags");
        CedarRecord.WriteAttributes(json, Tags);
        json.WriteStartArray("parents");
        foreach (var parent in Parents)
            WriteUid(json, parent);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
