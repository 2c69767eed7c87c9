using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed class Outcomes(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Rejection_ReachesTheOpenPageOfTheRequester()
    {
        Person requester = await SignInNewAsync();
        Guid request = await requester.AskAsync(DefaultWorld.BuildAgent, "Clear the cache");
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync($"/requests/{request}");
        await approver.Field("Comment").FillAsync("The build runs again");
        await approver.ButtonThatBegins("Reject").ClickAsync();

        await Expect(requester.Heading($"Rejected by {approver.Name}")).ToBeVisibleAsync();
        await requester.SeesAsync("“The build runs again”");
        await Expect(requester.Link("Request again")).ToBeVisibleAsync();
        await Expect(requester.Heading("Your grant")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Approval_OnAPageThatDoesNotKnowOfTheRejection_IsAnsweredWithWhatHappened()
    {
        Person requester = await SignInNewAsync();
        Guid request = await requester.AskAsync(DefaultWorld.BuildAgent, "Clear the cache");
        await using Gate gate = new(Sandbox.Host.BaseAddress);
        Person late = await SignInAsync("approver2", through: gate.Address);
        await late.OpenAsync($"/requests/{request}");
        await Expect(late.ButtonThatBegins("Approve")).ToBeVisibleAsync();

        gate.HoldAnswers();
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync($"/requests/{request}");
        await approver.ButtonThatBegins("Reject").ClickAsync();
        await Expect(requester.Heading($"Rejected by {approver.Name}")).ToBeVisibleAsync();
        await late.ButtonThatBegins("Approve").ClickAsync();
        gate.Mend();

        await Expect(late.Page.GetByText($"Rejected by {approver.Name} at").First).ToContainTextAsync("Your review was not recorded.");
        Assert.Equal(1, await Sandbox.ReviewsOfAsync(request));
        await late.Link("Approvals").First.ClickAsync();
        await Expect(late.Title("Approvals")).ToBeVisibleAsync();
        await late.IsUnharmedAsync();
    }

    [Fact]
    public async Task Cancelling_TakesTheRequestFromTheListOfTheApprovers()
    {
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync("/approvals");
        Person requester = await SignInNewAsync();
        await requester.AskAsync(DefaultWorld.BuildAgent, "Clear the cache");
        await Expect(approver.Row(requester.Name, "build-agent-1")).ToBeVisibleAsync();

        await requester.Button("Cancel request for build-agent-1").ClickAsync();
        await requester.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel request" }).ClickAsync();
        await Expect(requester.Heading($"Cancelled by {requester.Name}")).ToBeVisibleAsync();
        await Expect(approver.Row(requester.Name, "build-agent-1")).ToHaveCountAsync(0);
    }
}
