using System.Text.RegularExpressions;
using JitAccess.Sandbox.OpenIdConnect;
using Microsoft.Playwright;

namespace JitAccess.EndToEnd.Tests.Stage;

/// <summary>What people do in their browsers, told as a test. After a failure what they saw lies in <c>TestResults</c>.</summary>
public abstract partial class Story(RunningSandbox sandbox) : IAsyncDisposable
{
    private const int LogTailLines = 200;
    private readonly List<Person> people = [];

    protected RunningSandbox Sandbox => sandbox;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected Task<Person> SignInAsync(string userName, BrowserNewContextOptions? options = null, Uri? through = null) =>
        SignInAsync(Sandbox.Host.Provider.People[userName], options, through);

    /// <summary>Signs in somebody who has never been here.</summary>
    protected Task<Person> SignInNewAsync(string like = "requester", BrowserNewContextOptions? options = null, Uri? through = null) =>
        SignInAsync(Sandbox.Hire(like), options, through);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        sandbox.Aws.Faults.Clear();
        bool hasFailed = TestContext.Current.TestState?.Result == TestResult.Failed;
        if (hasFailed)
            await SaveEvidenceAsync();
        List<string> errors = [];
        foreach (Person person in people)
        {
            errors.AddRange(person.Errors);
            await person.DisposeAsync();
        }
        if (!hasFailed)
            Assert.Empty(errors);
    }

    private async Task<Person> SignInAsync(SandboxPerson who, BrowserNewContextOptions? options, Uri? through)
    {
        Person person = await sandbox.SignInAsync(who, options, through);
        people.Add(person);
        return person;
    }

    private async Task SaveEvidenceAsync()
    {
        string test = UnfitForAFile().Replace(TestContext.Current.Test!.TestDisplayName, "_");
        string folder = Path.Combine(AppContext.BaseDirectory, "TestResults", test);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (Person person in people)
            await person.ShowAsync(folder);
        await using FileStream log = new(sandbox.Host.WebLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(log);
        string[] lines = (await reader.ReadToEndAsync(CancellationToken.None)).Split('\n');
        await File.WriteAllLinesAsync(Path.Combine(folder, "web.log"), lines.TakeLast(LogTailLines), CancellationToken.None);
    }

    [GeneratedRegex(@"[^\w.]+")]
    private static partial Regex UnfitForAFile();
}
