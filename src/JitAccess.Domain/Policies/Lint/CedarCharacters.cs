using System.Globalization;
using System.Text;

namespace JitAccess.Domain.Policies.Lint;

/// <summary>Characters that have no place in a policy's text, or make it look other than it is.</summary>
internal static class CedarCharacters
{
    public static IEnumerable<PolicyProblem> ProblemsOf(CedarDraft draft)
    {
        string text = draft.Text;
        if (text.IndexOf('\0', StringComparison.Ordinal) is var nul and >= 0)
        {
            yield return draft.Problem(nul, nul + 1, "The text holds a NUL character (U+0000), which no editor shows and no tag can have. Remove it.",
                mend: draft.Mend("Remove it", [.. Places(text, rune => rune.Value == 0).Select(place => new TextEdit(place.Start, place.End, ""))]));
        }

        (int Start, int End, Rune Rune)[] unseen = [.. Places(text, IsUnseen)];
        if (unseen is [var first, ..])
        {
            string kind = IsDirection(first.Rune) ? "turns the direction of writing" : "cannot be seen";
            string more = unseen.Length > 1 ? $" There are {unseen.Length - 1} more such characters." : "";
            yield return draft.Problem(first.Start, first.End, $"This character (U+{first.Rune.Value.ToString("X4", CultureInfo.InvariantCulture)}) {kind}, so that the text looks other than it is.{more}",
                isWarning: true, draft.Mend(unseen.Length == 1 ? "Remove it" : "Remove them", [.. unseen.Select(place => new TextEdit(place.Start, place.End, ""))]));
        }
    }

    /// <summary>Whether a text has a character that turns the direction of writing or cannot be seen.</summary>
    public static bool LooksOtherThanItIs(string text) => Places(text, IsUnseen).Any();

    private static IEnumerable<(int Start, int End, Rune Rune)> Places(string text, Func<Rune, bool> wanted)
    {
        int index = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (wanted(rune)) yield return (index, index + rune.Utf16SequenceLength, rune);
            index += rune.Utf16SequenceLength;
        }
    }

    // Unicode's format characters: marks, embeddings and isolates of direction, zero-width characters, tags; and the control characters that no layout needs.
    private static bool IsUnseen(Rune rune) => rune.Value is not (0 or '\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control;

    private static bool IsDirection(Rune rune) => rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
