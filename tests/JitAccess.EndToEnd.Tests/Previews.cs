using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

/// <summary>The form says before the submit what the submit will answer.</summary>
public sealed class Previews(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task DenyPolicy_OnANodeForAutomaticAccess_LeavesItToAnApprover()
    {
        Person requester = await SignInNewAsync();
        await requester.FillRequestAsync(DefaultWorld.StagingWeb, "Deploy the fix");
        await requester.SeesAsync("“All nodes of the main account” asks for 1 approval, up to 8 h.");
        await Expect(requester.Row("No automatic access to restricted data")).ToContainTextAsync("Blocks automatic approval");
        await Expect(requester.Row("Open nodes")).ToContainTextAsync("Would have matched, blocked");
        await requester.Button("Submit request").ClickAsync();
        await requester.ArrivesAtRequestAsync();
        await Expect(requester.Heading("Waiting")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task NoPolicy_ForTheNode_IsSaidAndNothingCanBeSubmitted()
    {
        const string words = "No policy applies to batch-worker-1 (env=batch), so access cannot be requested. Ask an admin of JitAccess to cover it.";
        Person requester = await SignInNewAsync();
        await requester.OpenAsync("/nodes");
        await Expect(requester.Row("batch-worker-1")).ToContainTextAsync("not covered by any policy");
        await requester.FillRequestAsync(DefaultWorld.BatchWorker, "Restart the batch");
        await requester.SeesAsync(words);
        await Expect(requester.Button("Submit request")).ToBeDisabledAsync();
        await Expect(requester.Button("Submit request")).ToHaveAccessibleDescriptionAsync(words);
    }

    [Fact]
    public async Task OfflineNode_IsSaidAndNothingCanBeSubmitted()
    {
        Person requester = await SignInNewAsync();
        await requester.OpenAsync("/nodes");
        await Expect(requester.Row("legacy-app-1")).ToContainTextAsync("Offline");
        await requester.FillRequestAsync(DefaultWorld.LegacyApp, "Bring it back");
        await requester.SeesAsync("legacy-app-1 cannot be reached: its agent is offline");
        await Expect(requester.Button("Submit request")).ToBeDisabledAsync();
    }
}
