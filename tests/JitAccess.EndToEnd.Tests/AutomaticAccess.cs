using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed class AutomaticAccess(RunningSandbox sandbox) : Story(sandbox)
{
    [Fact]
    public async Task DemoLinux2_AskedFor_ConnectsAtOnceAndAgainWithoutAnotherRequest()
    {
        Person requester = await SignInNewAsync();
        await requester.OpenAsync("/nodes");
        await Expect(requester.Row("demo-linux2")).ToContainTextAsync("automatic, 1 h");
        await requester.Link("Request demo-linux2").ClickAsync();
        await requester.SeesAsync("Approved automatically by “Open nodes” for 1 h.");
        await requester.Field("Reason").FillAsync("Read the logs");
        await requester.Button("Submit request").ClickAsync();
        TerminalScreen terminal = await requester.ArrivesInTerminalAsync();
        await terminal.RunAsync("echo first-$((40 + 2))");
        await terminal.ShowsAsync("first-42");

        await requester.OpenAsync("/");
        await requester.Button("Connect to demo-linux2").ClickAsync();
        terminal = await requester.ArrivesInTerminalAsync();
        await terminal.RunAsync("echo again-$((40 + 2))");
        await terminal.ShowsAsync("again-42");
        Assert.Equal(1, await Sandbox.RequestsOfAsync(requester));
        Assert.Equal(1, await Sandbox.AuditEntriesOfAsync(requester, "RequestApprovedAutomatically"));
    }

    [Fact]
    public async Task SubmittingAgain_InsideTheGrant_OpensThatGrant()
    {
        Person requester = await SignInNewAsync();
        Guid first = await requester.AskAsync(DefaultWorld.DemoLinux2, "Read the logs");
        await requester.FillRequestAsync(DefaultWorld.DemoLinux2, "Read them again");
        await requester.SeesAsync("You have access to this node now");
        await requester.Button("Submit request").ClickAsync();
        Assert.Equal(first, await requester.ArrivesAtRequestAsync());
        Assert.Equal(1, await Sandbox.RequestsOfAsync(requester));
    }
}
