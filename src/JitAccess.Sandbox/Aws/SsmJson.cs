using System.Text.Json;
using System.Text.Json.Serialization;

namespace JitAccess.Sandbox.Aws;

/// <summary>How Systems Manager spells JSON: members as named, nothing for null, instants as seconds since the epoch.</summary>
internal static class SsmJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new EpochSeconds(), new JsonStringEnumConverter() },
    };

    public static T Read<T>(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, Options) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new AwsError("SerializationException", "The request body is not the JSON that the operation expects.");
        }
    }

    private sealed class EpochSeconds : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.FromUnixTimeMilliseconds((long)(reader.GetDouble() * 1000));

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.ToUnixTimeMilliseconds() / 1000m);
    }
}
