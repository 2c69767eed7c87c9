using System.Globalization;
using System.Text.RegularExpressions;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>Ask, have it approved, work in the shell, give it back.</summary>
public sealed partial class MainStory(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task DemoLinux_AskedForAndApproved_OpensByItselfAndEndsWithTheGrant()
    {
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync("/approvals");
        await Expect(approver.Title("Approvals")).ToBeVisibleAsync();

        Person requester = await SignInAsync("requester");
        await requester.ArriveAtAsync("/");
        await requester.Field("Find a node and request access").FillAsync("demo-linux");
        await requester.Page.GetByText(DefaultWorld.DemoLinux).ClickAsync();
        await requester.SeesAsync("“Demo” asks for 1 approval, up to 24 h.");
        await requester.Field("Reason").FillAsync("Look why the demo is slow");
        await requester.Page.GetByLabel("Connect me when it is approved").UncheckAsync();
        await requester.Button("Submit request").ClickAsync();
        await requester.ArrivesAtRequestAsync();
        await Expect(requester.Heading("Waiting")).ToBeVisibleAsync();

        // Neither page is loaded anew from here on.
        await approver.OpenInListAsync(requester, "demo-linux");
        await approver.SeesAsync("Look why the demo is slow");
        await approver.Field("Comment").FillAsync("Have a look");
        await approver.ButtonThatBegins("Approve").ClickAsync();
        await Expect(approver.Row(requester.Name, "demo-linux")).ToHaveCountAsync(0);

        await Expect(requester.Heading("Your grant")).ToBeVisibleAsync();
        await requester.SeesAsync("“Have a look”");
        IPage terminalTab = await requester.NewTabAsync();
        await terminalTab.GotoAsync(requester.Page.Url);
        await terminalTab.GetByRole(AriaRole.Button, new() { Name = "Connect to demo-linux", Exact = true }).ClickAsync();
        TerminalScreen terminal = await requester.ArrivesInTerminalAsync(terminalTab);
        await WorksAsARealTerminalAsync(terminal, terminalTab);

        await requester.ReturnGrantAsync("demo-linux");
        await Expect(terminal.EndReason).ToHaveTextAsync($"Returned by {requester.Name}.");
        await Expect(requester.Heading("Approved")).ToBeVisibleAsync();
        await requester.SeesAsync("The grant has ended.");
        await Eventually.IsAsync("AWS has terminated the session", () =>
            Sandbox.Aws.Sessions.Last(session => session.Target == DefaultWorld.DemoLinux).Status == SessionStatus.Terminated);
    }

    private static async Task WorksAsARealTerminalAsync(TerminalScreen terminal, IPage page)
    {
        await terminal.RunAsync("whoami");
        await terminal.ShowsAsync(Environment.UserName == "root" ? "nobody" : Environment.UserName);

        await terminal.RunAsync("clear; while sleep 0.2; do echo cols=$(tput cols)=; done");
        await terminal.ShowsAsync(Columns());
        int before = await ColumnsAsync(terminal);
        await page.SetViewportSizeAsync(700, 600);
        await Expect(terminal.Rows.Filter(new() { HasText = $"cols={before}=" })).ToHaveCountAsync(0);
        int after = await ColumnsAsync(terminal);
        Assert.InRange(after, 40, before - 1);
        await terminal.PressAsync("Control+c");
        await terminal.ShowsPromptAsync();

        // The program's idea of the width is the screen's: so many letters fill one row.
        await terminal.RunAsync("clear; printf 'x%.0s' $(seq $(tput cols)); echo next");
        await terminal.ShowsAsync(new string('x', after));
        await terminal.ShowsAsync("next");

        await terminal.RunAsync("sleep 100");
        await terminal.PressAsync("Control+c");
        await terminal.RunAsync("echo still-$((40 + 2))");
        await terminal.ShowsAsync("still-42");

        await terminal.RunAsync("seq 100000");
        await terminal.ShowsAsync("100000");
        await terminal.ShowsPromptAsync();
        int[] last = [.. (await terminal.ReadAsync()).SkipLast(1).Select(row => int.Parse(row, CultureInfo.InvariantCulture))];
        Assert.True(last.Length > 10);
        Assert.Equal(Enumerable.Range(100_001 - last.Length, last.Length), last);
    }

    private static async Task<int> ColumnsAsync(TerminalScreen terminal) =>
        int.Parse(Columns().Match((await terminal.ReadAsync()).Last(row => Columns().IsMatch(row))).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^cols=(\d+)=\s*$")]
    private static partial Regex Columns();
}
