namespace JitAccess.Domain.Policies;

/// <summary>One word, text or sign of a Cedar text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins, in UTF-16 characters from 0.</param>
/// <param name="End">Where it has ended.</param>
internal readonly record struct CedarToken(CedarTokenKind Kind, int Start, int End)
{
    /// <summary>The tokens of any text, one that does not parse included: everything but white space belongs to one.</summary>
    public static IEnumerable<CedarToken> Read(string text)
    {
        int index = 0;
        while (index < text.Length)
        {
            int start = index;
            char first = text[index++];
            if (char.IsWhiteSpace(first)) continue;
            CedarTokenKind kind = CedarTokenKind.Sign;
            if (first == '/' && index < text.Length && text[index] == '/')
            {
                kind = CedarTokenKind.Comment;
                while (index < text.Length && text[index] is not ('\n' or '\r')) index++;
            }
            else if (first == '"')
            {
                kind = CedarTokenKind.Text;
                while (index < text.Length && text[index] != '"') index += text[index] == '\\' ? 2 : 1;
                index = Math.Min(index + 1, text.Length);
            }
            else if (char.IsAsciiLetterOrDigit(first) || first == '_')
            {
                kind = CedarTokenKind.Word;
                while (index < text.Length && (char.IsAsciiLetterOrDigit(text[index]) || text[index] == '_')) index++;
            }
            else if (index < text.Length && text.AsSpan(start, 2) is "::" or "==" or "!=" or "<=" or ">=" or "&&" or "||")
            {
                index++;
            }
            yield return new CedarToken(kind, start, index);
        }
    }

    /// <summary>The token's own text.</summary>
    public ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, End - Start);
}

/// <summary>What a <see cref="CedarToken"/> is.</summary>
internal enum CedarTokenKind
{
    /// <summary>A word or a number.</summary>
    Word,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>An operator, a parenthesis, or what is no Cedar.</summary>
    Sign,

    /// <summary>A comment to the end of its line.</summary>
    Comment,
}
