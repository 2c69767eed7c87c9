using System.Text.Json;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>A frame recorded between real peers.</summary>
/// <param name="Channel">data or control.</param>
/// <param name="From">agent, client or service.</param>
/// <param name="Session">AWS's id of the session; of control channels the node's.</param>
/// <param name="Text">A text frame's content; else null.</param>
/// <param name="Bytes">A binary frame's content; else null.</param>
internal sealed record CapturedFrame(string Channel, string From, string? Session, string? Text, byte[]? Bytes)
{
    /// <summary>
    /// Reads a recording: in the folder that JITACCESS_DATA_CHANNEL_VECTORS names, or in <c>shared/vectors</c> beside the repository.
    /// Skips the test, with a word, where there is none.
    /// </summary>
    public static IReadOnlyList<CapturedFrame> Read(string file)
    {
        if (FindFolder() is not { } folder)
        {
            Assert.Skip("No recorded frames here: set JITACCESS_DATA_CHANNEL_VECTORS to a folder with plain.jsonl and kms.jsonl.");
            return [];
        }

        return [.. File.ReadLines(Path.Combine(folder, file)).Select(Parse)];
    }

    private static CapturedFrame Parse(string line)
    {
        using JsonDocument record = JsonDocument.Parse(line);
        JsonElement root = record.RootElement;
        return new CapturedFrame(
            root.GetProperty("chan").GetString()!,
            root.GetProperty("from").GetString()!,
            root.GetProperty("session").GetString(),
            root.TryGetProperty("text", out JsonElement text) ? text.GetString() : null,
            root.TryGetProperty("b64", out JsonElement bytes) && bytes.ValueKind == JsonValueKind.String ? bytes.GetBytesFromBase64() : null);
    }

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("JITACCESS_DATA_CHANNEL_VECTORS") is { Length: > 0 } named)
            return named;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "vectors");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
