using Microsoft.Playwright;

namespace JitAccess.EndToEnd.Tests.Stage;

/// <summary>The machine's own Chromium: nothing is downloaded, and without one the tests fail.</summary>
internal static class Chromium
{
    private const string Variable = "JITACCESS_CHROMIUM";
    private static readonly string[] Names = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Find(),
        Args =
        [
            // Chromium's own sandbox refuses to work for root.
            .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(),
            "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
        ],
    });

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return File.Exists(named) ? named : throw new InvalidOperationException($"{Variable} names {named}, which is not there.");
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Prepend("/usr/bin");
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"The end-to-end tests need Chromium, and none of {string.Join(", ", Names)} is installed. Install it (Debian: apt-get install chromium), or name one by {Variable}.");
    }
}
