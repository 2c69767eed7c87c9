using System.Text.Encodings.Web;

namespace JitAccess.Web.Notifications.Channels;

/// <summary>A notice as e-mail: plain words and simple HTML that say the same.</summary>
internal static class MessageWords
{
    private const string Why = "You get this because of your settings in JitAccess:";

    /// <summary>The plain text.</summary>
    public static string Plain(Notice notice, Uri page, Uri settings) =>
        $"{notice.Title}\n\n{(notice.Text.Length > 0 ? notice.Text + "\n\n" : "")}{page}\n\n-- \n{Why} {settings}\n";

    /// <summary>The HTML. Whatever people wrote is text in it, never markup.</summary>
    public static string Html(Notice notice, Uri page, Uri settings) =>
        $"""
        <!doctype html><html lang="en"><body style="font-family:sans-serif;font-size:15px;line-height:1.5">
        <p><b>{Text(notice.Title)}</b></p>
        {(notice.Text.Length > 0 ? $"<p>{Text(notice.Text)}</p>" : "")}
        <p><a href="{Text(page.AbsoluteUri)}">Open in JitAccess</a></p>
        <p style="font-size:12px">{Why} <a href="{Text(settings.AbsoluteUri)}">{Text(settings.AbsoluteUri)}</a></p>
        </body></html>
        """;

    /// <summary>One line: what people wrote ends no header and begins no other.</summary>
    public static string OneLine(string text) => new([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]);

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
