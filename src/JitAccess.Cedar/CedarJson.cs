using System.Buffers;
using System.Text;
using System.Text.Json;

namespace JitAccess.Cedar;

/// <summary>JSON in UTF-8, written once and handed to the engine as it stands: a JSON library in between would round 64-bit integers.</summary>
internal static class CedarJson
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The text in UTF-8, after a check that it is one complete JSON value that starts with the given token, so that it can be embedded.</summary>
    public static byte[] FromText(string text, JsonTokenType first, string what)
    {
        try
        {
            var utf8 = StrictUtf8.GetBytes(text);
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 512 });
            reader.Read();
            if (reader.TokenType != first)
                throw new FormatException($"{what} must be a JSON {(first == JsonTokenType.StartArray ? "array" : "object")}.");
            while (reader.Read())
            {
            }
            return utf8;
        }
        catch (Exception exception) when (exception is JsonException or EncoderFallbackException)
        {
            throw new FormatException($"{what} must be JSON: {exception.Message}", exception);
        }
    }
}
