using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests.Stage;

/// <summary>What a person sees and types in the terminal.</summary>
public sealed partial class TerminalScreen(IPage page)
{
    public ILocator Rows => page.Locator(".xterm-rows > div");

    public ILocator Status => page.Locator("[data-part=status]");

    /// <summary>Why the session ended; empty while it lives.</summary>
    public ILocator EndReason => page.Locator("[data-part=reason]");

    public async Task RunAsync(string command)
    {
        await page.Locator(".xterm-helper-textarea").FocusAsync();
        await page.Keyboard.TypeAsync(command);
        await page.Keyboard.PressAsync("Enter");
    }

    public Task PressAsync(string key) => page.Keyboard.PressAsync(key);

    /// <summary>A row that is exactly this.</summary>
    public Task ShowsAsync(string row) => ShowsAsync(new Regex($@"^\s*{Regex.Escape(row)}\s*$"));

    public Task ShowsAsync(Regex row) => Expect(Rows.Filter(new() { HasTextRegex = row }).First).ToBeVisibleAsync();

    /// <summary>The last row that has text is a prompt.</summary>
    public Task ShowsPromptAsync() => Expect(Rows.Filter(new() { HasTextRegex = AnyText() }).Last).ToHaveTextAsync(Prompt());

    /// <summary>The rows that have text, from the top.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync() =>
        [.. (await Rows.AllTextContentsAsync()).Select(row => row.Replace('\u00a0', ' ').TrimEnd()).Where(row => row.Length > 0)];

    [GeneratedRegex(@"\$\s*$")]
    private static partial Regex Prompt();

    [GeneratedRegex(@"[^\s\u00a0]")]
    private static partial Regex AnyText();
}
