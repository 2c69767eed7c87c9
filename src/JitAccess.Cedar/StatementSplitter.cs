namespace JitAccess.Cedar;

/// <summary>Finds where the statements of a policy text begin and end. Right for every text that the engine parses; of others nothing is promised.</summary>
internal static class StatementSplitter
{
    /// <summary>Each statement's piece, from its first character that is no comment and no white space up to its semicolon, included.</summary>
    public static IEnumerable<(int Start, int End)> Split(string text)
    {
        var start = -1;
        for (var index = 0; index < text.Length; index++)
        {
            // In Cedar's grammar a semicolon ends a statement unless it stands in a string or a comment.
            if (text[index] == '/' && index + 1 < text.Length && text[index + 1] == '/')
            {
                while (index < text.Length && text[index] is not ('\n' or '\r'))
                    index++;
                continue;
            }
            if (char.IsWhiteSpace(text[index]))
                continue;
            if (start < 0)
                start = index;
            if (text[index] == '"')
            {
                index++;
                while (index < text.Length && text[index] != '"')
                    index += text[index] == '\\' ? 2 : 1;
            }
            else if (text[index] == ';')
            {
                yield return (start, index + 1);
                start = -1;
            }
        }
    }
}
