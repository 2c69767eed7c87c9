using System.Collections.Immutable;

namespace JitAccess.Cedar.Evaluation;

/// <summary>What <c>like</c> compares with: pieces of text, and anything where a <c>*</c> stands.</summary>
internal sealed class LikePattern
{
    private readonly string _start;
    private readonly string[] _middle;
    private readonly string _end;
    private readonly bool _hasStar;

    /// <param name="pattern">Pieces of text in order, null for each <c>*</c>.</param>
    public LikePattern(ImmutableArray<string?> pattern)
    {
        // Between every two stars stands a text, be it empty.
        var texts = new List<string> { "" };
        foreach (var piece in pattern)
        {
            if (piece is null)
                texts.Add("");
            else
                texts[^1] += piece;
        }
        _hasStar = texts.Count > 1;
        _start = texts[0];
        _end = texts[^1];
        _middle = _hasStar ? [.. texts[1..^1].Where(text => text.Length > 0)] : [];
    }

    public bool Matches(string text)
    {
        if (!_hasStar)
            return text == _start;
        if (text.Length < _start.Length + _end.Length || !text.StartsWith(_start, StringComparison.Ordinal) || !text.EndsWith(_end, StringComparison.Ordinal))
            return false;

        // Each piece at its first place leaves the most for the others.
        var rest = text.AsSpan(_start.Length, text.Length - _start.Length - _end.Length);
        foreach (var piece in _middle)
        {
            var at = rest.IndexOf(piece, StringComparison.Ordinal);
            if (at < 0)
                return false;
            rest = rest[(at + piece.Length)..];
        }
        return true;
    }
}
