using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>An approver goes away; somebody else answers in their place until they are back.</summary>
public sealed class StandIns(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Approver_NamesAStandIn_WhoAnswersAtOnceAndNoLongerOnceItIsEnded()
    {
        Person requester = await SignInNewAsync();
        await requester.AskAsync(DefaultWorld.DemoLinux, "Disk is full");
        Person deputy = await SignInNewAsync();
        await deputy.OpenAsync("/approvals");
        await deputy.SeesAsync("Nothing waits for you.");

        Person approver = await SignInNewAsync("approver");
        await approver.OpenAsync("/approvals");
        await approver.Link("Stand-ins").ClickAsync();
        await approver.SeesAsync("Nobody stands in for you.");
        await approver.Page.GetByPlaceholder("Find a person").FillAsync(deputy.Name);
        await approver.Page.Locator(".mud-popover-open").GetByText(deputy.Name).First.ClickAsync();
        await approver.Page.GetByLabel("Note optional").FillAsync("Holidays");
        await approver.Button("Name stand-in").ClickAsync();
        await Expect(approver.Row(deputy.Name, "Holidays").GetByText("stands in")).ToBeVisibleAsync();

        // The deputy's list has not been loaded anew.
        await Expect(deputy.Row(requester.Name, "demo-linux")).ToContainTextAsync($"in place of {approver.Name}");
        await deputy.OpenInListAsync(requester, "demo-linux");
        await deputy.ButtonThatBegins("Approve").ClickAsync();
        await requester.SeesAsync($"{deputy.Name} in place of {approver.Name}");
        await Expect(requester.Heading("Your grant")).ToBeVisibleAsync();

        await approver.Button($"End: {deputy.Name}").ClickAsync();
        await approver.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End it", Exact = true }).ClickAsync();
        await approver.SeesAsync("Nobody stands in for you.");
        Person other = await SignInNewAsync();
        await other.AskAsync(DefaultWorld.DemoLinux, "Disk is full again");
        await approver.OpenAsync("/approvals");
        await Expect(approver.Row(other.Name, "demo-linux")).ToBeVisibleAsync();
        await Expect(deputy.Row(other.Name, "demo-linux")).ToHaveCountAsync(0);
    }
}
