using System.Globalization;
using System.Text.RegularExpressions;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>More time for a grant while somebody works in its terminal, and access that opens later.</summary>
public sealed partial class ScheduleAndExtend(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Terminal_ExtendedByTheApprover_StaysConnectedAndEveryPageTellsTheNewEnd()
    {
        Person approver = await SignInAsync("approver"), requester = await SignInNewAsync();
        await approver.OpenAsync("/approvals");
        await requester.FillRequestAsync(DefaultWorld.DemoLinux, "Look why the demo is slow");
        await requester.Button("Other").ClickAsync();
        await requester.Field("Duration in minutes").FillAsync("50");
        await requester.Button("Submit request").ClickAsync();
        Guid request = await requester.ArrivesAtRequestAsync();
        await approver.OpenInListAsync(requester, "demo-linux");
        await approver.ButtonThatBegins("Approve").ClickAsync();
        await Expect(requester.Heading("Your grant")).ToBeVisibleAsync();

        // No page is loaded anew from here on.
        IPage tab = await requester.NewTabAsync();
        await tab.GotoAsync(requester.Page.Url);
        await tab.GetByRole(AriaRole.Button, new() { Name = "Connect to demo-linux", Exact = true }).ClickAsync();
        TerminalScreen terminal = await requester.ArrivesInTerminalAsync(tab);
        await Expect(tab.GetByRole(AriaRole.Timer)).ToContainTextAsync(MinutesAndSeconds());
        await terminal.RunAsync("word=still-here");

        await tab.GetByRole(AriaRole.Button, new() { Name = "Extend the grant for demo-linux", Exact = true }).ClickAsync();
        ILocator dialog = tab.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText("“Demo” asks for 1 approval, up to 24 h.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "2 h", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Ask for 2 h more", Exact = true })).ToBeDisabledAsync();
        await dialog.GetByLabel("Reason").FillAsync("The dump is still running");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Ask for 2 h more", Exact = true }).ClickAsync();
        await Expect(tab.GetByRole(AriaRole.Link, new() { Name = "2 h more asked for", Exact = true })).ToBeVisibleAsync();
        await requester.SeesAsync("Asked to extend by 2 h");
        await Expect(requester.Button("Extend the grant for demo-linux")).ToHaveCountAsync(0);

        await Expect(approver.Row(requester.Name, "demo-linux", "Extend by 2 h")).ToBeVisibleAsync();
        await approver.Row(requester.Name, "demo-linux").GetByRole(AriaRole.Button, new() { Name = "demo-linux", Exact = true }).ClickAsync();
        await approver.SeesAsync("Its sessions go on; approved, it ends 2 h later.");
        await approver.Button("1 h").ClickAsync();
        await approver.ButtonThatBegins("Extend by 1 h").ClickAsync();

        // 50 minutes and one hour: the countdowns, the timeline and the terminal tell it, and the shell is the same.
        await Expect(tab.GetByRole(AriaRole.Timer)).ToContainTextAsync(OneHour());
        await Expect(requester.Page.GetByRole(AriaRole.Region, new() { Name = "Your grant" })).ToContainTextAsync(OneHour());
        await requester.SeesAsync("Extended by 1 h");
        await terminal.RunAsync("clear; echo $word");
        await terminal.ShowsAsync("still-here");
        Assert.Single(Sandbox.Aws.Sessions, session => session.Target == DefaultWorld.DemoLinux && session.Status == SessionStatus.Connected);

        // The request for more time leads back to the grant; what it asked for ends with the grant.
        await requester.Page.GetByRole(AriaRole.Link, new() { NameRegex = ExtensionLink() }).ClickAsync();
        await Expect(requester.Heading("Extended by 1 h")).ToBeVisibleAsync();
        await requester.Page.GetByRole(AriaRole.Link, new() { NameRegex = GrantLink() }).ClickAsync();
        await Expect(requester.Page).ToHaveURLAsync(new Regex(request.ToString()));
        await AskForMoreAsync(requester, "One more");
        await Expect(approver.Row(requester.Name, "demo-linux", "Extend by 1 h")).ToBeVisibleAsync();
        await requester.ReturnGrantAsync("demo-linux");
        await Expect(terminal.EndReason).ToHaveTextAsync($"Returned by {requester.Name}.");
        await requester.SeesAsync("Not extended by 1 h, cancelled");
        await Expect(approver.Row(requester.Name, "demo-linux")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task DemoLinux2_AskedForLater_WaitsScheduledAndCanBeReturned()
    {
        Person requester = await SignInNewAsync(options: new() { TimezoneId = "Asia/Tokyo" });
        Person admin = await SignInAsync("admin");
        await requester.FillRequestAsync(DefaultWorld.DemoLinux2, "Apply the patch in the window");
        await requester.Page.GetByLabel("Later, at a date and time").CheckAsync();

        // The time is the person's own: nine hours ahead of UTC.
        DateTime start = DateTime.UtcNow.AddDays(2).Date.AddHours(10).AddMinutes(30);
        await requester.Field("Start at").FillAsync(DateTime.UtcNow.AddDays(60).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        await requester.SeesAsync("The start is too far ahead: at most 30 days. Choose an earlier one.");
        await requester.Field("Start at").FillAsync(start.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        await requester.SeesAsync("demo-linux2 opens at the start.");
        Assert.Contains(start.AddHours(-9).ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture), Uri.UnescapeDataString(requester.Page.Url), StringComparison.Ordinal);
        await requester.Button("Submit request").ClickAsync();
        Guid request = await requester.ArrivesAtRequestAsync();
        await admin.OpenAsync($"/requests/{request}");

        await requester.SeesAsync("Scheduled");
        await requester.SeesAsync("10:30");
        await Expect(requester.Button("Connect")).ToBeDisabledAsync();
        await admin.SeesAsync("Grant opens for 1 h");
        await requester.OpenAsync("/");
        await requester.SeesAsync("opens in");
        await requester.ReturnGrantAsync("demo-linux2");
        await Expect(requester.Button("Return the grant for demo-linux2")).ToHaveCountAsync(0);
        await admin.SeesAsync($"returned by {requester.Name}");
    }

    private static async Task AskForMoreAsync(Person requester, string reason)
    {
        await requester.Button("Extend the grant for demo-linux").ClickAsync();
        ILocator dialog = requester.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync(reason);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Ask for 1 h more", Exact = true }).ClickAsync();
    }

    [GeneratedRegex(@"^\s*4\d:\d\d")]
    private static partial Regex MinutesAndSeconds();

    [GeneratedRegex(@"1 h 4\d min")]
    private static partial Regex OneHour();

    [GeneratedRegex(@"^request \d+$")]
    private static partial Regex ExtensionLink();

    [GeneratedRegex(@"^The grant, request \d+$")]
    private static partial Regex GrantLink();
}
