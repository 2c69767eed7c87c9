using System.Globalization;
using System.Text;
using System.Text.Json;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar;

/// <summary>A value of the Cedar language, as an attribute, a tag or a part of the context holds it; compared by value.</summary>
public abstract record CedarValue
{
    private protected CedarValue()
    {
    }

    /// <summary>The value as a policy would write it: <c>"prod"</c>, <c>[1, 2]</c>, <c>datetime("2026-11-24")</c>.</summary>
    public sealed override string ToString() => CedarText.Append(new StringBuilder(), this).ToString();

    /// <summary>A text as a Cedar value.</summary>
    public static implicit operator CedarValue(string value) => new CedarString(value);

    /// <summary>A 64-bit integer as a Cedar value.</summary>
    public static implicit operator CedarValue(long value) => new CedarLong(value);

    /// <summary>A truth value as a Cedar value.</summary>
    public static implicit operator CedarValue(bool value) => new CedarBool(value);

    /// <summary>An entity's name as a Cedar value.</summary>
    public static implicit operator CedarValue(EntityUid uid) => new CedarEntityReference(uid);

    /// <summary>Writes the value in Cedar's JSON format for entities and context.</summary>
    internal abstract void WriteTo(Utf8JsonWriter json);
}

/// <summary>A Cedar <c>String</c>.</summary>
/// <param name="Value">The text.</param>
public sealed record CedarString(string Value) : CedarValue
{
    internal override void WriteTo(Utf8JsonWriter json) => json.WriteStringValue(Value);
}

/// <summary>A Cedar <c>Long</c>: a signed 64-bit integer.</summary>
/// <param name="Value">The number.</param>
public sealed record CedarLong(long Value) : CedarValue
{
    internal override void WriteTo(Utf8JsonWriter json) => json.WriteNumberValue(Value);
}

/// <summary>A Cedar <c>Bool</c>.</summary>
/// <param name="Value">True or false.</param>
public sealed record CedarBool(bool Value) : CedarValue
{
    internal override void WriteTo(Utf8JsonWriter json) => json.WriteBooleanValue(Value);
}

/// <summary>A reference to an entity by its name.</summary>
/// <param name="Uid">The entity's name.</param>
public sealed record CedarEntityReference(EntityUid Uid) : CedarValue
{
    internal override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("__entity");
        Entity.WriteUid(json, Uid);
        json.WriteEndObject();
    }
}

/// <summary>A value of one of Cedar's extension types: <c>datetime</c>, <c>duration</c>, <c>decimal</c> or <c>ip</c>.</summary>
/// <param name="Function">The function that makes the value, e.g. <c>datetime</c>.</param>
/// <param name="Argument">Its argument, e.g. <c>2026-11-24T08:00:00Z</c>; the engine refuses one that it cannot read.</param>
public sealed record CedarExtension(string Function, string Argument) : CedarValue
{
    /// <summary>A point in time as a Cedar <c>datetime</c>, exact to the millisecond.</summary>
    public static CedarExtension DateTime(DateTimeOffset time) =>
        new("datetime", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    internal override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("__extn");
        json.WriteString("fn", Function);
        json.WriteString("arg", Argument);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>A Cedar set: distinct values without order.</summary>
public sealed record CedarSet : CedarValue
{
    /// <summary>A set of the given values; equal ones count once.</summary>
    public CedarSet(params IEnumerable<CedarValue> items) => Items = items.ToHashSet();

    /// <summary>The distinct values.</summary>
    public IReadOnlySet<CedarValue> Items { get; }

    /// <summary>Whether both sets hold the same values.</summary>
    public bool Equals(CedarSet? other) => other is not null && Items.SetEquals(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(Items.Count, (hash, item) => hash ^ item.GetHashCode());

    internal override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var item in Items)
            item.WriteTo(json);
        json.WriteEndArray();
    }
}

/// <summary>A Cedar record: values by attribute name.</summary>
public sealed record CedarRecord : CedarValue
{
    /// <summary>A record of the given attributes.</summary>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, or is one that the JSON format keeps for itself (<c>__entity</c>, <c>__extn</c>, <c>__expr</c>):
    /// such a record would be read as another kind of value.
    /// </exception>
    public CedarRecord(IEnumerable<KeyValuePair<string, CedarValue>> attributes)
    {
        var copy = new Dictionary<string, CedarValue>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            if (name is "__entity" or "__extn" or "__expr")
                throw new ArgumentException($"A record cannot have an attribute named {name}.", nameof(attributes));
            copy.Add(name, value);
        }
        Attributes = copy;
    }

    /// <summary>The record without attributes.</summary>
    public static CedarRecord Empty { get; } = new([]);

    /// <summary>The values by attribute name.</summary>
    public IReadOnlyDictionary<string, CedarValue> Attributes { get; }

    /// <summary>Whether both records hold equal values under the same names.</summary>
    public bool Equals(CedarRecord? other) =>
        other is not null
        && Attributes.Count == other.Attributes.Count
        && Attributes.All(attribute => other.Attributes.TryGetValue(attribute.Key, out var value) && attribute.Value.Equals(value));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Attributes.Aggregate(Attributes.Count, (hash, attribute) => hash ^ HashCode.Combine(attribute.Key, attribute.Value));

    internal override void WriteTo(Utf8JsonWriter json) => WriteAttributes(json, Attributes);

    internal static void WriteAttributes(Utf8JsonWriter json, IReadOnlyDictionary<string, CedarValue> attributes)
    {
        json.WriteStartObject();
        foreach (var (name, value) in attributes)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
        json.WriteEndObject();
    }
}
