using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JitAccess.Web.Policies.Documents;

/// <summary>
/// Writes YAML in one fixed way. Texts of several lines are blocks, so that Cedar reads as Cedar; whatever YAML could take for something else,
/// or a person could not see, is quoted and escaped.
/// </summary>
internal static partial class YamlText
{
    // Plain words that YAML 1.1 or 1.2 reads as something other than text.
    private static readonly HashSet<string> Reserved = new(["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"], StringComparer.OrdinalIgnoreCase);

    public static string Write(JsonObject root)
    {
        StringBuilder text = new();
        Fields(text, root, 0, isFirstInline: false);
        return text.ToString();
    }

    private static void Fields(StringBuilder text, JsonObject fields, int indent, bool isFirstInline)
    {
        foreach ((string name, JsonNode? value) in fields)
        {
            if (!isFirstInline) text.Append(' ', indent);
            isFirstInline = false;
            text.Append(name).Append(':');
            switch (value)
            {
                case JsonObject { Count: > 0 } inner:
                    text.Append('\n');
                    Fields(text, inner, indent + 2, isFirstInline: false);
                    break;
                case JsonArray { Count: > 0 } list:
                    text.Append('\n');
                    List(text, list, indent + 2);
                    break;
                default:
                    text.Append(' ');
                    Scalar(text, value, indent + 2);
                    break;
            }
        }
    }

    private static void List(StringBuilder text, JsonArray list, int indent)
    {
        foreach (JsonNode? item in list)
        {
            text.Append(' ', indent).Append("- ");
            if (item is JsonObject fields) Fields(text, fields, indent + 2, isFirstInline: true);
            else Scalar(text, item, indent + 2);
        }
    }

    private static void Scalar(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonArray:
                text.Append("[]\n");
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                Text(text, scalar.GetValue<string>(), indent);
                break;
            default:
                text.Append(value!.ToJsonString()).Append('\n');
                break;
        }
    }

    private static void Text(StringBuilder text, string value, int indent)
    {
        if (IsPlain(value)) text.Append(value).Append('\n');
        else if (IsBlock(value)) Block(text, value, indent);
        else Quoted(text, value);
    }

    private static bool IsPlain(string value) => Plain().IsMatch(value) && !Reserved.Contains(value);

    // A block that begins with white space needs its indentation said, which readers take differently.
    private static bool IsBlock(string value) => value.TrimEnd('\n').Contains('\n', StringComparison.Ordinal) && !char.IsWhiteSpace(value[0]) && value.EnumerateRunes().All(IsVisible);

    // Format characters (Cf) turn the direction of text around or cannot be seen at all.
    private static bool IsVisible(Rune rune) => rune.Value == '\n' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) && rune != Rune.ReplacementChar;

    private static void Block(StringBuilder text, string value, int indent)
    {
        // Whether line feeds follow the last line.
        string end = value.EndsWith("\n\n", StringComparison.Ordinal) ? "+" : value.EndsWith('\n') ? "" : "-";
        text.Append('|').Append(end).Append('\n');
        string[] lines = value.Split('\n');
        int count = value.EndsWith('\n') ? lines.Length - 1 : lines.Length;
        foreach (string line in lines.Take(count))
        {
            if (line.Length > 0) text.Append(' ', indent).Append(line);
            text.Append('\n');
        }
    }

    private static void Quoted(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (Rune rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                > 0xFFFF when !IsVisible(rune) => text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
                _ when !IsVisible(rune) => text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ => text.Append(rune),
            };
        }
        text.Append("\"\n");
    }

    // A letter and what cannot be taken for anything but text behind it; ids; durations.
    [GeneratedRegex(@"^(?:(?:[\p{L}_/]|\./)(?:[\p{L}\p{Nd} _./@+=()-]|:(?! |$)|,(?! ))*(?<! )|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+(?:\.\d+)? (?:day|hour|minute|second)s?)$(?!\n)")]
    private static partial Regex Plain();
}
