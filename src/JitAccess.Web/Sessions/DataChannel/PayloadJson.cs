using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Turns the JSON payloads of the data channel into their records and back.</summary>
public static class PayloadJson
{
    // Base64 as it is, plus signs included: this JSON never comes near a page.
    private static readonly DataChannelJson Context = new(new JsonSerializerOptions(DataChannelJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The payload as UTF-8.</summary>
    public static byte[] Write<T>(T content) where T : class => JsonSerializer.SerializeToUtf8Bytes(content, TypeInfo<T>());

    /// <summary>Reads a payload that came from outside; false when it is not one.</summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out T? content) where T : class
    {
        try
        {
            content = JsonSerializer.Deserialize(payload, TypeInfo<T>());
            return content is not null;
        }
        catch (JsonException)
        {
            content = null;
            return false;
        }
    }

    private static JsonTypeInfo<T> TypeInfo<T>() =>
        (JsonTypeInfo<T>?)Context.GetTypeInfo(typeof(T))
        ?? throw new NotSupportedException($"{typeof(T).Name} is not a payload of the data channel.");
}
