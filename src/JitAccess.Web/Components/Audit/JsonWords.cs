using System.Text.Encodings.Web;
using System.Text.Json;

namespace JitAccess.Web.Components.Audit;

/// <summary>JSON for people to read: one value a line.</summary>
public static class JsonWords
{
    // Shown as text by the page, which escapes it itself.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Indented);
    }
}
