using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed class Accessibility(RunningSandbox sandbox) : Story(sandbox)
{
    private const int Phone = 390;

    private static readonly ViewportSize Desk = new() { Width = 1280, Height = 720 };

    [Fact]
    public async Task EveryPage_HasNothingSeriousForAxeInBothThemes_AndFitsAPhone()
    {
        List<string> problems = [];
        await OnEveryPageAsync(async (page, address) =>
        {
            problems.AddRange(await SeriousForAxeAsync(page, address, new() { ResultTypes = [ResultType.Violations] }));
            // The other theme changes nothing but the colours.
            await TurnAsync(page, ColorScheme.Dark, "dark");
            problems.AddRange(await SeriousForAxeAsync(page, $"{address} in the dark", new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] } }));
            await TurnAsync(page, ColorScheme.Light, "light");
            await page.SetViewportSizeAsync(Phone, 844);
            int width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (width > Phone) problems.Add($"{address}: {width} px wide on a phone");
            await page.SetViewportSizeAsync(Desk.Width, Desk.Height);
        });
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Theory]
    [InlineData("/", "Find a node and request access")]
    [InlineData("/nodes", "Name, id or tag")]
    public async Task Slash_GoesToTheSearch(string address, string field)
    {
        Person requester = await SignInAsync("requester");
        await requester.ArriveAtAsync(address);
        await Expect(requester.Field(field)).ToBeVisibleAsync();
        await requester.Page.Keyboard.PressAsync("/");
        await Expect(requester.Field(field)).ToBeFocusedAsync();
        await Expect(requester.Field(field)).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Approvals_AreAnsweredByKeyboard()
    {
        Person requester = await SignInNewAsync();
        await requester.AskAsync(DefaultWorld.DemoLinux, "Look why the demo is slow");
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync("/approvals");
        ILocator row = approver.Row(requester.Name, "demo-linux");
        await row.GetByRole(AriaRole.Button, new() { Name = "demo-linux" }).FocusAsync();
        await approver.Page.Keyboard.PressAsync("Enter");
        await Expect(approver.ButtonThatBegins("Approve")).ToBeVisibleAsync();
        await approver.Page.Keyboard.PressAsync("a");
        await Expect(requester.Heading("Your grant")).ToBeVisibleAsync();
    }

    private static async Task TurnAsync(IPage page, ColorScheme scheme, string theme)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
        // What MudBlazor draws follows by the circuit; a page without one has none of it.
        await page.WaitForFunctionAsync("theme => [theme, ''].includes(getComputedStyle(document.documentElement).getPropertyValue('--mud-native-html-color-scheme').trim())", theme);
        // Colours on their way from one theme to the other are those of neither.
        await page.WaitForFunctionAsync("() => document.getAnimations().every(one => !(one instanceof CSSTransition) || one.playState !== 'running')");
    }

    private static async Task<IEnumerable<string>> SeriousForAxeAsync(IPage page, string address, AxeRunOptions run) =>
        from violation in (await page.RunAxe(run)).Violations
        where violation.Impact is "serious" or "critical"
        from node in violation.Nodes
        select $"{address}: {violation.Id}: {violation.Help}: {node.Html}";

    private async Task OnEveryPageAsync(Func<IPage, string, Task> look)
    {
        Person requester = await SignInNewAsync(options: Options());
        Guid pending = await requester.AskAsync(DefaultWorld.PaymentsApi, "Payments are late");
        Guid open = await requester.AskAsync(DefaultWorld.DemoLinux2, "Read the logs");
        await LookAsync(requester, look, "/", "/nodes", $"/requests/{pending}", $"/requests/{open}", "/more", "/settings/notifications", "/settings/tokens", "/device", "/sessions", "/nowhere",
            "/requests/new", $"/requests/new?nodes={DefaultWorld.StagingWeb},{DefaultWorld.BatchWorker}");

        Person approver = await SignInAsync("approver", Options());
        await LookAsync(approver, look, "/approvals", "/approvals?show=decided", $"/requests/{pending}", "/delegations");
        await approver.OpenAsync("/approvals");
        await approver.OpenInListAsync(requester, "payments-api-1");
        await look(approver.Page, "/approvals with an open row");

        Person admin = await SignInAsync("admin", Options());
        await LookAsync(admin, look, "/policies", "/policies/draft", "/policies/versions", "/policies/versions/1", "/policies/import", "/policies/new/manual", "/policies/new/deny", "/settings/channels", "/policies/new/auto");
        await admin.Button("Add person condition").ClickAsync();
        await admin.Button("Add time condition").ClickAsync();
        await Expect(admin.Field("When, row 1: time zone")).ToBeVisibleAsync();
        await look(admin.Page, "/policies/new/auto with conditions");
        await admin.Button("Cedar").ClickAsync();
        await admin.Field("Cedar statements").FillAsync("permit (principal, action, resource) when { resource.getTag(\"env\") == \"dev\" };");
        await Expect(admin.Page.GetByText("Line 1, column").First).ToBeVisibleAsync();
        await look(admin.Page, "/policies/new/auto in Cedar, with a problem");
        Person auditor = await SignInAsync("auditor", Options());
        await LookAsync(auditor, look, "/audit", "/audit?person=nobody&action=GrantRevoked&action=ReviewRecorded");
        await auditor.OpenAsync("/audit");
        await auditor.Row("demo-linux2").First.GetByRole(AriaRole.Button).ClickAsync();
        await auditor.SeesAsync("Under which role");
        await auditor.ButtonThatBegins("Verify").ClickAsync();
        await auditor.SeesAsync("as written.");
        await look(auditor.Page, "/audit with an open row and a check");
        Person user = await SignInAsync("iam-user", Options());
        await LookAsync(user, look, "/", $"/requests/new?nodes={DefaultWorld.DemoLinux}");
        await LookAsync(user, look, "/identity/signed-out", "/identity/error");

        await requester.OpenAsync($"/requests/{open}");
        await requester.Button("Connect to demo-linux2").ClickAsync();
        await requester.ArrivesInTerminalAsync();
        await look(requester.Page, "the terminal");
        await requester.ButtonThatBegins("End").ClickAsync();
        await requester.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End session" }).ClickAsync();
        await Expect(requester.Page.GetByRole(AriaRole.Link, new() { Name = "My access" })).ToBeVisibleAsync();
        await look(requester.Page, "the terminal at its end");
        string session = new Uri(requester.Page.Url).AbsolutePath;
        await auditor.OpenAsync("/sessions");
        ILocator play = auditor.Page.GetByRole(AriaRole.Link, new() { Name = $"Play the recording of {requester.Name} on demo-linux2" }).First;
        await Expect(play).ToBeVisibleAsync();
        await look(auditor.Page, "/sessions");
        await auditor.OpenAsync($"{session}/recording");
        await Expect(auditor.Page.Locator(".ap-player")).ToBeVisibleAsync();
        await look(auditor.Page, "a recording");
    }

    private static BrowserNewContextOptions Options() => new() { ColorScheme = ColorScheme.Light, ViewportSize = Desk };

    private static async Task LookAsync(Person person, Func<IPage, string, Task> look, params string[] addresses)
    {
        foreach (string address in addresses)
        {
            await person.OpenAsync(address);
            await Expect(person.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Expect(person.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Still loading" })).ToHaveCountAsync(0);
            await look(person.Page, address);
        }
    }
}
