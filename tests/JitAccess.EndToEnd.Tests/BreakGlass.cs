using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>Somebody on call cannot wait; those who were passed over see it at once and look at it afterwards.</summary>
public sealed class BreakGlass(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task OnCall_WaitsThenBreaksGlass_IsReviewedByAnApproverWhoWasPassedOver()
    {
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync("/approvals");
        Person onCall = await SignInNewAsync("oncall");
        await onCall.AskAsync(DefaultWorld.PaymentsApi, "Payments are down");
        await Expect(approver.Row(onCall.Name, "payments-api-1")).ToBeVisibleAsync();

        await onCall.Link("Break glass instead").ClickAsync();
        await Expect(onCall.Page.GetByLabel("Break glass: open access now, without approval")).ToBeCheckedAsync();
        await onCall.SeesAsync("Passed over and told at once: any 1 of jit-approver, then any 1 of jit-approver.");
        await onCall.SeesAsync("breaking glass cancels it");
        await onCall.Field("Reason").FillAsync("Payments are down, nobody answers");
        await onCall.Page.GetByLabel("Connect me when it is open").SetCheckedAsync(false);
        await onCall.Button("Break glass for 1 h").ClickAsync();
        await onCall.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Break glass for 1 h", Exact = true }).ClickAsync();
        await Expect(onCall.Heading("Your grant")).ToBeVisibleAsync();
        await onCall.SeesAsync("Nobody has reviewed it yet.");
        Guid request = await onCall.ArrivesAtRequestAsync();

        // The approver's list has not been loaded anew.
        await Expect(approver.Heading("Break-glass to review 1")).ToBeVisibleAsync();
        await approver.Link($"Review payments-api-1 for {onCall.Name}").ClickAsync();
        await approver.SeesAsync("Glass was broken.");
        await approver.Button("Not justified").ClickAsync();
        await approver.SeesAsync("Say why it was not justified.");
        await approver.Field("Comment").FillAsync("Bruno was at his desk");
        await approver.Button("Not justified").ClickAsync();
        await onCall.SeesAsync($"{approver.Name} found it not justified.");
        await onCall.SeesAsync("Bruno was at his desk");

        await approver.Button($"Revoke the access of {onCall.Name} to payments-api-1").ClickAsync();
        await approver.Field("Reason").FillAsync("Ask next time");
        await approver.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke access", Exact = true }).ClickAsync();
        await Expect(onCall.Heading("Access revoked")).ToBeVisibleAsync();
        await approver.OpenAsync("/approvals");
        await Expect(approver.Title("Approvals")).ToBeVisibleAsync();
        await Expect(approver.Link($"Review payments-api-1 for {onCall.Name}")).ToHaveCountAsync(0);
        Assert.Contains($"{request}", onCall.Page.Url, StringComparison.Ordinal);
    }
}
