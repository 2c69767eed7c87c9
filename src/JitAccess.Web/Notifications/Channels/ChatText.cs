using System.Text;

namespace JitAccess.Web.Notifications.Channels;

/// <summary>Text as rooms take it.</summary>
internal static class ChatText
{
    // What Markdown gives a meaning to.
    private const string Marks = "\\`*_{}[]()<>#+-.!|~";

    /// <summary>At most so many characters.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";

    /// <summary>The text as Markdown that shows it as it is: nothing in it makes a link or a mention.</summary>
    public static string Markdown(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char letter in text)
        {
            if (Marks.Contains(letter, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(letter);
        }
        return escaped.ToString();
    }
}
