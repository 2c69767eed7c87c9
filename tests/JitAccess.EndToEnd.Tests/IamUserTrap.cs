using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed class IamUserTrap(RunningSandbox sandbox) : Story(sandbox)
{
    private const string Words =
        "You are signed in as the IAM user iam-user. Requests and approvals are made with a role. Assume one of: jit-requester. Then sign in again.";

    [Fact]
    public async Task IamUser_IsToldOnEveryPageWhichRoleToAssume()
    {
        Person user = await SignInAsync("iam-user");
        foreach (string address in new[] { "/", "/nodes", "/approvals", "/more", "/policies", "/nowhere", $"/requests/new?nodes={DefaultWorld.DemoLinux}" })
        {
            await user.OpenAsync(address);
            await user.SeesAsync(Words);
        }
    }

    [Fact]
    public async Task IamUser_CannotSubmitAndLeavesNoRequest()
    {
        Person user = await SignInAsync("iam-user");
        await user.FillRequestAsync(DefaultWorld.DemoLinux2, "Read the logs");
        await Expect(user.Button("Submit request")).ToBeDisabledAsync();
        await Expect(user.Button("Submit request")).ToHaveAccessibleDescriptionAsync(Words);
        await user.Field("Reason").PressAsync("Control+Enter");
        await user.Page.EvaluateAsync("document.querySelector('form[aria-label=\"New request\"]').requestSubmit()");
        await user.OpenAsync("/");
        await user.SeesAsync("Nothing of yours waits for an answer.");
        Assert.Equal(0, await Sandbox.RequestsOfAsync(user));
        Assert.InRange(await Sandbox.AuditEntriesOfAsync(user, "IdentityRefused"), 1, int.MaxValue);
    }
}
