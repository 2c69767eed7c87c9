using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>Several nodes in one form: each is a request of its own, answered together or singly.</summary>
public sealed class Batch(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task SeveralNodes_AnsweredSinglyAndTogether_ShowEachStepInTheOtherWindow()
    {
        Person requester = await SignInNewAsync();
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync("/approvals");
        await Expect(approver.Title("Approvals")).ToBeVisibleAsync();

        // One of them is covered by no policy: the form says so, and goes on without it.
        string[] nodes = [DefaultWorld.DemoLinux, DefaultWorld.PaymentsApi, DefaultWorld.PaymentsDatabase, DefaultWorld.DemoLinux2, DefaultWorld.BatchWorker];
        await requester.OpenAsync($"/requests/new?nodes={string.Join(',', nodes)}");
        await requester.Field("Reason").FillAsync("Payments are late");
        await requester.SeesAsync("1 node cannot be asked for now. Remove it to ask for the others.");
        await requester.Button("Remove batch-worker-1").Last.ClickAsync();
        await requester.Button("Submit 4 requests").ClickAsync();
        await Expect(requester.Title("4 nodes")).ToBeVisibleAsync();
        await requester.SeesAsync("3 pending, 1 approved.");

        // Neither window is loaded anew from here on.
        await approver.SeesAsync($"3 nodes, one reason, {requester.Name}");
        await approver.OpenInListAsync(requester, "payments-db-1");
        await approver.ButtonThatBegins("Reject").Last.ClickAsync();
        await Expect(requester.Row("payments-db-1")).ToContainTextAsync($"Rejected by {approver.Name}");

        await approver.Button($"Approve all 2 for {requester.Name}").ClickAsync();
        await approver.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve 2", Exact = true }).ClickAsync();
        await approver.SeesAsync("2 requests approved.");
        await Expect(requester.Row("demo-linux", "Approved").First).ToBeVisibleAsync();
        await Expect(requester.Row("payments-api-1")).ToContainTextAsync("Pending, level 2 of 2");
        await Expect(requester.Button("Connect to demo-linux")).ToBeVisibleAsync();

        await requester.Button("Cancel 1 pending").ClickAsync();
        await requester.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel 1 request", Exact = true }).ClickAsync();
        await requester.SeesAsync("2 approved, 1 rejected, 1 cancelled.");
    }
}
