using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed class Accessibility(RunningSandbox sandbox) : Story(sandbox)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark, "color-contrast")]
    public async Task EveryPage_HasNothingSeriousForAxe(ColorScheme scheme, string? onlyRule = null)
    {
        AxeRunOptions run = new() { ResultTypes = [ResultType.Violations] };
        // The other theme changes nothing but the colours.
        if (onlyRule is not null)
            run.RunOnly = new RunOnlyOptions { Type = "rule", Values = [onlyRule] };
        List<string> problems = [];
        await OnEveryPageAsync(() => new() { ColorScheme = scheme }, async (page, address) =>
        {
            AxeResult result = await page.RunAxe(run);
            problems.AddRange(
                from violation in result.Violations
                where violation.Impact is "serious" or "critical"
                from node in violation.Nodes
                select $"{address}: {violation.Id}: {violation.Help}: {node.Html}");
        });
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task EveryPage_OnAPhone_FitsTheWidth()
    {
        List<string> tooWide = [];
        await OnEveryPageAsync(() => new() { ViewportSize = new() { Width = 390, Height = 844 } }, async (page, address) =>
        {
            int width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (width > 390)
                tooWide.Add($"{address}: {width} px");
        });
        Assert.Empty(tooWide);
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

    private async Task OnEveryPageAsync(Func<BrowserNewContextOptions> options, Func<IPage, string, Task> look)
    {
        Person requester = await SignInNewAsync(options: options());
        Guid pending = await requester.AskAsync(DefaultWorld.PaymentsApi, "Payments are late");
        Guid open = await requester.AskAsync(DefaultWorld.DemoLinux2, "Read the logs");
        await LookAsync(requester, look, "/", "/nodes", $"/requests/{pending}", $"/requests/{open}", "/more", "/nowhere",
            "/requests/new", $"/requests/new?nodes={DefaultWorld.StagingWeb},{DefaultWorld.BatchWorker}");

        Person approver = await SignInAsync("approver", options());
        await LookAsync(approver, look, "/approvals", "/approvals?show=decided", $"/requests/{pending}");
        await approver.OpenAsync("/approvals");
        await approver.OpenInListAsync(requester, "payments-api-1");
        await look(approver.Page, "/approvals with an open row");

        Person admin = await SignInAsync("admin", options());
        await LookAsync(admin, look, "/policies", "/policies/draft", "/policies/versions", "/policies/versions/1", "/policies/import", "/policies/new/manual", "/policies/new/deny", "/policies/new/auto");
        await admin.Button("Add person condition").ClickAsync();
        await admin.Button("Add time condition").ClickAsync();
        await Expect(admin.Field("When, row 1: time zone")).ToBeVisibleAsync();
        await look(admin.Page, "/policies/new/auto with conditions");
        await admin.Button("Cedar").ClickAsync();
        await admin.Field("Cedar statements").FillAsync("permit (principal, action, resource) when { resource.getTag(\"env\") == \"dev\" };");
        await Expect(admin.Page.GetByText("Line 1, column").First).ToBeVisibleAsync();
        await look(admin.Page, "/policies/new/auto in Cedar, with a problem");
        Person user = await SignInAsync("iam-user", options());
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
    }

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
