using System.Text;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>A piece of text put in the place of another.</summary>
/// <param name="Start">Where the old piece begins.</param>
/// <param name="End">Where it has ended; equal to the start to insert.</param>
/// <param name="Text">The new piece.</param>
internal readonly record struct TextEdit(int Start, int End, string Text)
{
    public static TextEdit Insert(int at, string text) => new(at, at, text);

    /// <summary>The text with all edits made, which must not overlap.</summary>
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        StringBuilder result = new();
        int copied = 0;
        foreach (TextEdit edit in edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End))
        {
            result.Append(text, copied, edit.Start - copied).Append(edit.Text);
            copied = edit.End;
        }
        return result.Append(text, copied, text.Length - copied).ToString();
    }
}
