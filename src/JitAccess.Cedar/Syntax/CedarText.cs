using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace JitAccess.Cedar.Syntax;

/// <summary>The smallest pieces of Cedar text: quoted texts, names, patterns and values.</summary>
internal static class CedarText
{
    /// <summary>A variable as policies write it.</summary>
    public static string NameOf(RequestVariable variable) => variable switch
    {
        RequestVariable.Principal => "principal",
        RequestVariable.Action => "action",
        RequestVariable.Resource => "resource",
        RequestVariable.Context => "context",
    };

    /// <summary>Whether an attribute's name can stand without quotes.</summary>
    public static bool IsIdentifier(string name) =>
        name.Length > 0
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && name is not ("true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or "__cedar");

    /// <summary>An attribute's name, quoted where it must be.</summary>
    public static StringBuilder AppendName(StringBuilder text, string name) =>
        IsIdentifier(name) ? text.Append(name) : AppendQuoted(text, name);

    public static StringBuilder AppendQuoted(StringBuilder text, string value) => AppendEscaped(text.Append('"'), value).Append('"');

    public static StringBuilder AppendPattern(StringBuilder text, ImmutableArray<string?> pattern)
    {
        text.Append('"');
        foreach (var piece in pattern)
        {
            if (piece is null)
                text.Append('*');
            else
                AppendEscaped(text, piece, star: true);
        }
        return text.Append('"');
    }

    /// <summary>A value as a policy would write it.</summary>
    public static StringBuilder Append(StringBuilder text, CedarValue value)
    {
        switch (value)
        {
            case CedarString { Value: var content }:
                return AppendQuoted(text, content);
            case CedarLong { Value: var number }:
                return text.Append(CultureInfo.InvariantCulture, $"{number}");
            case CedarBool { Value: var truth }:
                return text.Append(truth ? "true" : "false");
            case CedarEntityReference { Uid: var uid }:
                return AppendQuoted(text.Append(uid.Type).Append("::"), uid.Id);
            case CedarExtension extension:
                return AppendQuoted(text.Append(extension.Function).Append('('), extension.Argument).Append(')');
            case CedarSet set:
                return AppendList(text, '[', set.Items, static (text, item) => Append(text, item), ']');
            case CedarRecord record:
                return AppendList(text, '{', record.Attributes, static (text, attribute) => Append(AppendName(text, attribute.Key).Append(": "), attribute.Value), '}');
            default:
                throw new ArgumentOutOfRangeException(nameof(value));
        }
    }

    private static StringBuilder AppendList<T>(StringBuilder text, char open, IEnumerable<T> items, Action<StringBuilder, T> append, char close)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
                text.Append(", ");
            isFirst = false;
            append(text, item);
        }
        return text.Append(close);
    }

    private static StringBuilder AppendEscaped(StringBuilder text, string value, bool star = false)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\0' => text.Append("\\0"),
                '*' when star => text.Append("\\*"),
                _ when char.IsControl(c) => text.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)c:x}}}"),
                _ => text.Append(c),
            };
        }
        return text;
    }
}
