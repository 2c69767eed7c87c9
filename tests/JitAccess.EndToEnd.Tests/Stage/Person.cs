using System.Globalization;
using System.Text.RegularExpressions;
using JitAccess.Sandbox.OpenIdConnect;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests.Stage;

/// <summary>Somebody at a browser of their own.</summary>
public sealed partial class Person : IAsyncDisposable
{
    private readonly SandboxPerson who;
    private readonly IBrowserContext context;

    private Person(SandboxPerson who, IBrowserContext context, IPage page) => (this.who, this.context, Page) = (who, context, page);

    public string UserName => who.UserName;

    public string Name => who.Name;

    public IPage Page { get; }

    /// <summary>What the scripts of this person's pages did not catch. A story in which there is any has failed.</summary>
    public List<string> Errors { get; } = [];

    internal static async Task<Person> ArriveAsync(SandboxPerson who, IBrowserContext context)
    {
        context.SetDefaultTimeout(15_000);
        Person person = new(who, context, await context.NewPageAsync());
        context.Console += (_, message) =>
        {
            // What the page's own policy forbids is a defect of the page.
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) person.Errors.Add($"{who.UserName}, {message.Page?.Url}: {message.Text}");
        };
        context.WebError += (_, error) => person.Errors.Add($"{who.UserName}, {error.Page?.Url}: {error.Error}");
        return person;
    }

    /// <summary>Another tab of the same browser.</summary>
    public Task<IPage> NewTabAsync() => context.NewPageAsync();

    public async Task OpenAsync(string address) => await Page.GotoAsync(address);

    /// <summary>Opens a page and waits until it has put the focus on its title, as a page does when somebody arrives.</summary>
    public async Task ArriveAtAsync(string address)
    {
        await OpenAsync(address);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A button whose name goes on, for example with its key.</summary>
    public ILocator ButtonThatBegins(string name) =>
        Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{Regex.Escape(name)}") });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    public ILocator Field(string label) => Page.GetByLabel(label, new() { Exact = true });

    /// <summary>The page's own heading, which may go on with a count or a status.</summary>
    public ILocator Title(string begins) =>
        Page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new Regex($"^{Regex.Escape(begins)}") });

    /// <summary>A table's row that has all these words.</summary>
    public ILocator Row(params string[] words) =>
        words.Aggregate(Page.GetByRole(AriaRole.Row), (rows, word) => rows.Filter(new() { HasText = word }));

    public ILocator Alert => Page.GetByRole(AriaRole.Alert);

    public Task SeesAsync(string words) => Expect(Page.GetByText(words).First).ToBeVisibleAsync();

    public Task DoesNotSeeAsync(string words) => Expect(Page.GetByText(words)).ToHaveCountAsync(0);

    /// <summary>Opens the form for a node and writes the reason.</summary>
    public async Task FillRequestAsync(string nodeId, string reason, bool connect = false)
    {
        await OpenAsync($"/requests/new?nodes={nodeId}");
        await Field("Reason").FillAsync(reason);
        await Page.GetByLabel("Connect me when it is approved").SetCheckedAsync(connect);
    }

    /// <summary>Asks for a node and stays on the request's page.</summary>
    public async Task<Guid> AskAsync(string nodeId, string reason)
    {
        await FillRequestAsync(nodeId, reason);
        await Button("Submit request").ClickAsync();
        return await ArrivesAtRequestAsync();
    }

    public async Task<Guid> ArrivesAtRequestAsync()
    {
        await Expect(Page).ToHaveURLAsync(RequestAddress());
        return Guid.Parse(RequestAddress().Match(Page.Url).Groups["id"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Opens a request in the list of approvals, which need not be loaded anew for it.</summary>
    public async Task OpenInListAsync(Person requester, string node)
    {
        ILocator row = Row(requester.Name, node);
        await row.GetByRole(AriaRole.Button, new() { Name = node, Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Definition).Filter(new() { HasText = "Decided by" }).Or(Page.GetByText("Why approval"))).ToBeVisibleAsync();
    }

    /// <summary>The terminal, once its shell has shown a prompt.</summary>
    public async Task<TerminalScreen> ArrivesInTerminalAsync(IPage? tab = null)
    {
        IPage page = tab ?? Page;
        await Expect(page).ToHaveURLAsync(SessionAddress());
        TerminalScreen terminal = new(page);
        await terminal.ShowsPromptAsync();
        return terminal;
    }

    public async Task ReturnGrantAsync(string node)
    {
        await Button($"Return the grant for {node}").ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Return", Exact = true }).ClickAsync();
    }

    /// <summary>Nothing technical is on the page, and its circuit answers.</summary>
    public async Task IsUnharmedAsync()
    {
        await Expect(Page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        string text = await Page.Locator("body").InnerTextAsync();
        Assert.DoesNotMatch(TraceOfAProgram(), text);
    }

    internal async Task ShowAsync(string folder)
    {
        foreach ((int number, IPage page) in context.Pages.Index())
        {
            string file = Path.Combine(folder, $"{UserName}-{number + 1}");
            await page.ScreenshotAsync(new() { Path = $"{file}.png" });
            await File.WriteAllTextAsync($"{file}.txt", $"{page.Url}\n\n{await page.Locator("body").AriaSnapshotAsync()}\n", CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    [GeneratedRegex(@"/requests/(?<id>[0-9a-f]{8}-[0-9a-f-]{27})")]
    private static partial Regex RequestAddress();

    [GeneratedRegex(@"/sessions/[0-9a-f-]{36}")]
    private static partial Regex SessionAddress();

    // A stack frame, or the full name of an exception's type.
    [GeneratedRegex(@"^\s*at [\w.]+\(|\w\.\w*Exception\b", RegexOptions.Multiline)]
    private static partial Regex TraceOfAProgram();
}
