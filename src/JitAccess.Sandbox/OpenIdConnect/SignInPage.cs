using System.Globalization;
using System.Net;
using System.Text;

namespace JitAccess.Sandbox.OpenIdConnect;

/// <summary>The page that asks who signs in: one button a person, whose name is the user name.</summary>
internal static class SignInPage
{
    private const string Style =
        """
        :root { color-scheme: light dark;
          --bg: light-dark(#f5f6f8, #0f1217); --surface: light-dark(#fff, #171b22); --sunken: light-dark(#f1f3f6, #1f242d);
          --line: light-dark(#dfe3e9, #2b323d); --text: light-dark(#161a22, #e7eaf0); --text-2: light-dark(#525b6a, #a6afbd);
          --accent: light-dark(#3b50ce, #9aa9ff); --accent-soft: light-dark(#eef1fd, #1e2543); }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; background: var(--bg); color: var(--text); font: 14px/20px Inter, system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        main { max-width: 720px; margin: 0 auto; padding: 48px 16px; }
        h1 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 4px; letter-spacing: -.01em; }
        p { margin: 0 0 24px; color: var(--text-2); }
        form { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); }
        button { display: flex; flex-direction: column; gap: 4px; padding: 16px; text-align: left; font: inherit; color: inherit; cursor: pointer;
          background: var(--surface); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
        button:hover { border-color: var(--accent); background: var(--accent-soft); }
        button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .name { font-weight: 600; }
        .user, .fact { font: 12px/16px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .user { color: var(--accent); }
        .purpose { color: var(--text-2); }
        .fact { color: var(--text-2); background: var(--sunken); border-radius: 4px; padding: 2px 6px; align-self: flex-start; }
        """;

    public static IResult Ask(IEnumerable<SandboxPerson> people, IEnumerable<KeyValuePair<string, string>> request)
    {
        StringBuilder form = new("<form method=\"post\">\n");
        foreach ((string name, string value) in request)
            form.Append(CultureInfo.InvariantCulture, $"<input type=\"hidden\" name=\"{Encode(name)}\" value=\"{Encode(value)}\">\n");
        foreach (SandboxPerson person in people)
        {
            form.Append(
                CultureInfo.InvariantCulture,
                $"""
                <button name="user" value="{Encode(person.UserName)}" aria-label="{Encode(person.UserName)}" aria-describedby="about-{Encode(person.UserName)}">
                <span class="name">{Encode(person.Name)}</span>
                <span class="user">{Encode(person.UserName)}</span>
                <span class="purpose" id="about-{Encode(person.UserName)}">{Encode(person.Purpose)}</span>
                {string.Concat(person.Groups.Concat(person.AwsIdentities).Select(fact => $"<span class=\"fact\">{Encode(fact)}</span>\n"))}</button>

                """);
        }
        form.Append("</form>");
        return Page(
            "Who signs in?",
            "This is the sandbox's own identity provider: no passwords, made-up people. Use one browser profile for each person whom you want to be at the same time.",
            form.ToString());
    }

    public static IResult Say(string title, string text) => Page(title, text, "");

    private static IResult Page(string title, string text, string body) =>
        Results.Content(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Encode(title)} · JitAccess sandbox</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <main>
            <h1>{Encode(title)}</h1>
            <p>{Encode(text)}</p>
            {body}
            </main>
            </body>
            </html>
            """,
            "text/html; charset=utf-8");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
