using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar;

/// <summary>The name of one entity, such as <c>AWS::EC2::Instance::"i-0a1b2c3d4e5f60718"</c>; compared by type and id, case-sensitively.</summary>
/// <param name="Type">The entity type with its namespaces, e.g. <c>AWS::EC2::Instance</c>.</param>
/// <param name="Id">The entity's id, unescaped; any text, empty included.</param>
public readonly record struct EntityUid(string Type, string Id) : IParsable<EntityUid>
{
    /// <summary>The name as Cedar writes it, with the id quoted and escaped; <see cref="Parse(string)"/> reads it back.</summary>
    public override string ToString() => CedarText.AppendQuoted(new StringBuilder(Type).Append("::"), Id).ToString();

    /// <summary>Reads a name written as <c>Type::"id"</c>, with Cedar's escapes in the id.</summary>
    /// <exception cref="FormatException">The text is not such a name.</exception>
    public static EntityUid Parse(string text) =>
        TryParse(text, out var uid) ? uid : throw new FormatException("An entity is written as Type::\"id\".");

    /// <summary>Reads a name written as <c>Type::"id"</c>; false when the text is not such a name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EntityUid uid)
    {
        uid = default;
        if (text is null || !text.EndsWith('"'))
            return false;
        var quote = text.IndexOf("::\"", StringComparison.Ordinal);
        if (quote < 0 || quote + 3 >= text.Length)
            return false;
        var type = text[..quote];
        if (!type.Split("::").All(IsIdentifier) || Unescape(text.AsSpan(quote + 3, text.Length - quote - 4)) is not { } id)
            return false;
        uid = new EntityUid(type, id);
        return true;
    }

    static EntityUid IParsable<EntityUid>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<EntityUid>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EntityUid result) =>
        TryParse(s, out result);

    private static bool IsIdentifier(string part) =>
        part.Length > 0
        && (char.IsAsciiLetter(part[0]) || part[0] == '_')
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string? Unescape(ReadOnlySpan<char> quoted)
    {
        var id = new StringBuilder(quoted.Length);
        while (!quoted.IsEmpty)
        {
            var c = quoted[0];
            quoted = quoted[1..];
            if (c == '"')
                return null;
            if (c != '\\')
            {
                id.Append(c);
                continue;
            }
            if (quoted.IsEmpty)
                return null;
            var escape = quoted[0];
            quoted = quoted[1..];
            switch (escape)
            {
                case 'n': id.Append('\n'); break;
                case 'r': id.Append('\r'); break;
                case 't': id.Append('\t'); break;
                case '0': id.Append('\0'); break;
                case '\\' or '"' or '\'': id.Append(escape); break;
                case 'x' when quoted.Length >= 2 && TryReadHex(quoted[..2], out var ascii) && ascii <= 0x7F:
                    id.Append((char)ascii);
                    quoted = quoted[2..];
                    break;
                case 'u' when quoted.StartsWith("{") && quoted.IndexOf('}') is var end and > 1 and <= 7
                              && TryReadHex(quoted[1..end], out var scalar) && Rune.IsValid(scalar):
                    id.Append(new Rune(scalar));
                    quoted = quoted[(end + 1)..];
                    break;
                default: return null;
            }
        }
        return id.ToString();
    }

    private static bool TryReadHex(ReadOnlySpan<char> digits, out int value) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
