using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace JitAccess.Web.Data;

/// <summary>A node's id as text.</summary>
internal sealed class InstanceIdConverter() : ValueConverter<InstanceId, string>(id => id.Value, text => InstanceId.Parse(text));

/// <summary>An account's id as text.</summary>
internal sealed class AccountIdConverter() : ValueConverter<AccountId, string>(id => id.Value, text => AccountId.Parse(text));

/// <summary>A digest as its bytes.</summary>
internal sealed class DigestConverter() : ValueConverter<Digest, byte[]>(digest => digest.ToArray(), bytes => new Digest(bytes));

/// <summary>Domain values that are stored whole, as JSON documents.</summary>
internal static class JsonColumns
{
    /// <summary>Enums by name, so that a stored document can be read by people and survives a reordering.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, TypeInfoResolver = Stored };

    /// <summary>Leaves out what follows from the rest of a value: a property that cannot be set says nothing that reading would take back.</summary>
    public static IJsonTypeInfoResolver Stored => new DefaultJsonTypeInfoResolver { Modifiers = { WithoutDerived } };

    /// <summary>Stores an immutable value as <c>jsonb</c>.</summary>
    public static PropertyBuilder<T> IsJson<T>(this PropertyBuilder<T> property) where T : class =>
        property.HasColumnType("jsonb").HasConversion(
            value => JsonSerializer.Serialize(value, Options),
            text => JsonSerializer.Deserialize<T>(text, Options)!,
            new ValueComparer<T>((one, other) => Equals(one, other), value => value.GetHashCode(), value => value));

    /// <summary>Stores tags as <c>jsonb</c>, in ordinal order.</summary>
    public static PropertyBuilder<ImmutableSortedDictionary<string, string>> IsTags(this PropertyBuilder<ImmutableSortedDictionary<string, string>> property) =>
        property.HasColumnType("jsonb").HasConversion(
            tags => JsonSerializer.Serialize(tags, Options),
            text => Node.NoTags.AddRange(JsonSerializer.Deserialize<Dictionary<string, string>>(text, Options)!),
            new ValueComparer<ImmutableSortedDictionary<string, string>>((one, other) => one!.SequenceEqual(other!), tags => tags.Count, tags => tags));

    /// <summary>Stores names as <c>text[]</c>, in ordinal order.</summary>
    public static PropertyBuilder<ImmutableSortedSet<string>> IsNames(this PropertyBuilder<ImmutableSortedSet<string>> property) =>
        property.HasColumnType("text[]").HasConversion(
            names => names.ToArray(),
            array => array.ToImmutableSortedSet(StringComparer.Ordinal),
            new ValueComparer<ImmutableSortedSet<string>>((one, other) => one!.SetEquals(other!), names => names.Count, names => names));

    private static void WithoutDerived(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo derived in type.Properties.Where(property => property.Set is null).ToList()) type.Properties.Remove(derived);
    }
}
