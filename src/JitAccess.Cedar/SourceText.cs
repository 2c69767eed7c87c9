using System.Text;

namespace JitAccess.Cedar;

/// <summary>A text with its places: the engine counts UTF-8 bytes, people count lines and columns.</summary>
internal sealed class SourceText(string text)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private byte[]? _utf8;

    public string Text => text;

    public byte[] Utf8 => _utf8 ??= StrictUtf8.GetBytes(text);

    /// <summary>The first half of a surrogate pair that stands alone, which UTF-8 has no bytes for; null when there is none.</summary>
    public int? FindLoneSurrogate()
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
                continue;
            if (!char.IsHighSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                return index;
            index++;
        }
        return null;
    }

    /// <summary>The piece between two places counted in bytes of UTF-8.</summary>
    public SourceSpan SpanOfUtf8(int start, int end) => Span(IndexOfUtf8(start), IndexOfUtf8(end));

    /// <summary>The piece between two places counted in characters.</summary>
    public SourceSpan Span(int start, int end)
    {
        var (line, column) = Position(start);
        var (endLine, endColumn) = Position(end);
        return new SourceSpan(start, end, line, column, endLine, endColumn);
    }

    private int IndexOfUtf8(int offset) => Encoding.UTF8.GetCharCount(Utf8, 0, Math.Clamp(offset, 0, Utf8.Length));

    private (int Line, int Column) Position(int index)
    {
        var before = text.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }
}
