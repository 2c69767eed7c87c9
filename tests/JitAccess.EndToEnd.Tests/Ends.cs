using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>A live session is over when its access is: returned, revoked, or out of time. The reason is on the screen and in the audit, and AWS has ended it too.</summary>
public sealed class Ends(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task Return_EndsTheLiveSession()
    {
        (Person requester, TerminalScreen terminal, _) = await ConnectAsync("Return it");
        Person elsewhere = await SignInAsync(requester.UserName);
        await elsewhere.OpenAsync("/");
        await elsewhere.ReturnGrantAsync("demo-linux2");
        await IsOverAsync(requester, terminal, "Return it", $"Returned by {requester.Name}.", "GrantReturned");
    }

    [Fact]
    public async Task Revoke_EndsTheLiveSession()
    {
        (Person requester, TerminalScreen terminal, Guid request) = await ConnectAsync("Have it revoked");
        Person admin = await SignInAsync("admin");
        await admin.OpenAsync($"/requests/{request}");
        await admin.Button($"Revoke the access of {requester.Name} to demo-linux2").ClickAsync();
        await admin.Field("Reason").FillAsync("The incident is over");
        await admin.Button("Revoke access").ClickAsync();
        await IsOverAsync(requester, terminal, "Have it revoked", $"Revoked by {admin.Name}: “The incident is over”.", "GrantRevoked");
    }

    [Fact]
    public async Task EndOfTheWindow_EndsTheLiveSession()
    {
        (Person requester, TerminalScreen terminal, Guid request) = await ConnectAsync("Run out of time");
        await Sandbox.LetGrantEndInAsync(request, TimeSpan.FromSeconds(5));
        await IsOverAsync(requester, terminal, "Run out of time", "The access window is over.", "GrantExpired");
    }

    private async Task<(Person Requester, TerminalScreen Terminal, Guid Request)> ConnectAsync(string reason)
    {
        Person requester = await SignInNewAsync();
        Guid request = await requester.AskAsync(DefaultWorld.DemoLinux2, reason);
        await requester.Button("Connect to demo-linux2").ClickAsync();
        TerminalScreen terminal = await requester.ArrivesInTerminalAsync();
        await terminal.RunAsync("sleep 1000");
        return (requester, terminal, request);
    }

    private async Task IsOverAsync(Person requester, TerminalScreen terminal, string asked, string reason, string action)
    {
        await Expect(terminal.EndReason).ToHaveTextAsync(reason);
        await Eventually.IsAsync("AWS has terminated the session", () => Sandbox.Aws.Sessions.Single(session => session.Reason == asked).Status == SessionStatus.Terminated);
        Person auditor = await SignInAsync("auditor");
        await auditor.OpenAsync($"/audit?action={action}");
        await Expect(auditor.Page.GetByText(reason).First).ToBeVisibleAsync();
        await auditor.OpenAsync($"/sessions?q={Uri.EscapeDataString(requester.Name)}");
        await Expect(auditor.Row(requester.Name, reason)).ToBeVisibleAsync();
    }
}
