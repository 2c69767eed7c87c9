using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>Two levels shorten what was asked for; later the access is taken away, and asked for again.</summary>
public sealed class ShortenAndRevoke(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Production_ShortenedTwiceThenRevoked_ReachesTheOpenPagesAndTheTerminal()
    {
        Person requester = await SignInNewAsync();
        await requester.FillRequestAsync(DefaultWorld.PaymentsApi, "Payments are late");
        await requester.Button("Submit request").ClickAsync();
        Guid request = await requester.ArrivesAtRequestAsync();

        // Neither page is loaded anew from here on.
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync($"/requests/{request}");
        await approver.Button("2 h").ClickAsync();
        await approver.ButtonThatBegins("Approve for 2 h").ClickAsync();
        await requester.SeesAsync("Shortened to 2 h");
        await requester.SeesAsync("asked for 4 h");

        Person second = await SignInAsync("approver2");
        await second.OpenAsync("/approvals");
        await second.OpenInListAsync(requester, "payments-api-1");
        await second.SeesAsync("Asked for 4 h, shortened to 2 h. You may shorten it further, not lengthen it.");
        await Expect(second.Button("4 h")).ToHaveCountAsync(0);
        await second.Button("1 h").ClickAsync();
        await second.ButtonThatBegins("Approve for 1 h").ClickAsync();
        await Expect(requester.Heading("Your grant")).ToBeVisibleAsync();
        await requester.SeesAsync("Shortened to 1 h");
        await requester.SeesAsync("Grant opened for 1 h");
        await Expect(requester.ButtonThatBegins("Revoke")).ToHaveCountAsync(0);

        IPage terminalTab = await requester.NewTabAsync();
        await terminalTab.GotoAsync(requester.Page.Url);
        await terminalTab.GetByRole(AriaRole.Button, new() { Name = "Connect to payments-api-1", Exact = true }).ClickAsync();
        TerminalScreen terminal = await requester.ArrivesInTerminalAsync(terminalTab);

        // The other approver is about to do the same.
        await second.OpenAsync($"/requests/{request}");
        await StartToRevokeAsync(second, requester, "Me too");
        await StartToRevokeAsync(approver, requester, "");
        await InDialog(approver, "Revoke access").ClickAsync();
        await approver.SeesAsync("Say why you revoke the grant");
        await approver.Field("Reason").FillAsync("The incident is over");
        await InDialog(approver, "Revoke access").ClickAsync();

        await Expect(terminal.EndReason).ToHaveTextAsync($"Revoked by {approver.Name}: “The incident is over”.");
        await Expect(requester.Heading("Access revoked")).ToBeVisibleAsync();
        await requester.SeesAsync($"{approver.Name} revoked your access: “The incident is over”.");
        await requester.SeesAsync($"revoked by {approver.Name}");
        await Expect(approver.ButtonThatBegins("Revoke")).ToHaveCountAsync(0);
        await InDialog(second, "Revoke access").ClickAsync();
        await second.SeesAsync($"The grant has ended already (revoked by {approver.Name}");
        await Eventually.IsAsync("AWS has terminated the session", () =>
            Sandbox.Aws.Sessions.Last(session => session.Target == DefaultWorld.PaymentsApi).Status == SessionStatus.Terminated);

        await requester.Link("Request again").ClickAsync();
        await Expect(requester.Field("Reason")).ToHaveValueAsync("Payments are late");
        await Expect(requester.Button("4 h")).ToHaveAttributeAsync("aria-pressed", "true");
        await requester.SeesAsync("payments-api-1 waits for 2 approvals.");
        Assert.DoesNotContain("late", requester.Page.Url, StringComparison.Ordinal);
    }

    private static async Task StartToRevokeAsync(Person who, Person holder, string reason)
    {
        await who.Button($"Revoke the access of {holder.Name} to payments-api-1").ClickAsync();
        await who.Field("Reason").FillAsync(reason);
    }

    private static ILocator InDialog(Person who, string button) =>
        who.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
}
