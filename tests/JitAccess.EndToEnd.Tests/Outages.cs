using System.Diagnostics;
using JitAccess.EndToEnd.Tests.Stage;
using JitAccess.Sandbox.Aws;
using static Microsoft.Playwright.Assertions;

namespace JitAccess.EndToEnd.Tests;

public sealed class Outages(RunningSandbox sandbox) : Story(sandbox)
{
    private const string DatabaseIsAway = "JitAccess cannot reach its database now.";

    [Fact]
    public async Task Database_StoppedAndStartedWhilePagesAreOpen_IsSaidAndNothingIsLost()
    {
        Person approver = await SignInAsync("approver");
        await approver.OpenAsync("/approvals");
        await Expect(approver.Title("Approvals")).ToBeVisibleAsync();
        Person reader = await SignInNewAsync();
        await reader.OpenAsync("/");
        await reader.SeesAsync("Nothing of yours waits for an answer.");
        Person requester = await SignInNewAsync();
        await requester.FillRequestAsync(DefaultWorld.DemoLinux, "Look why the demo is slow");
        await Expect(requester.Button("Submit request")).ToBeEnabledAsync();

        await Sandbox.Host.Postgres.StopAsync(Cancellation);
        try
        {
            await requester.Button("Submit request").ClickAsync();
            await requester.SeesAsync(DatabaseIsAway);
            await requester.IsUnharmedAsync();
            await reader.Link("Nodes").First.ClickAsync();
            await reader.SeesAsync(DatabaseIsAway);
            await reader.IsUnharmedAsync();
        }
        finally
        {
            await Sandbox.Host.Postgres.RestartAsync(Cancellation);
        }

        // The pages recover by themselves.
        await Expect(reader.Row("demo-linux2")).ToBeVisibleAsync();
        await Expect(requester.Field("Reason")).ToHaveValueAsync("Look why the demo is slow");
        await requester.Button("Submit request").ClickAsync();
        await requester.ArrivesAtRequestAsync();
        await Expect(approver.Row(requester.Name, "demo-linux")).ToBeVisibleAsync();
        foreach (Person person in new[] { approver, reader, requester })
            await person.IsUnharmedAsync();
    }

    [Theory]
    [InlineData("ThrottlingException", "AWS is busy (throttling)")]
    [InlineData("AccessDeniedException", "AWS denied ssm:StartSession")]
    [InlineData("TargetNotConnected", "The agent of")]
    public async Task Aws_RefusesTheSession_IsSaidAndTheNextTryWorks(string errorCode, string words)
    {
        Person requester = await SignInNewAsync();
        await requester.AskAsync(DefaultWorld.DemoLinux2, "Read the logs");
        Sandbox.Aws.Faults.FailNext("StartSession", errorCode, 50);
        await requester.Button("Connect to demo-linux2").ClickAsync();
        await Expect(requester.Alert.Filter(new() { HasText = "Could not connect to demo-linux2." })).ToContainTextAsync(words, new() { Timeout = 30_000 });
        await requester.IsUnharmedAsync();

        Sandbox.Aws.Faults.Clear();
        await requester.Button("Connect to demo-linux2").ClickAsync();
        await requester.ArrivesInTerminalAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Network_AwayForTenSecondsWhileOutputFlows_LosesNothing(bool isSilent)
    {
        const int lines = 150;
        await using Gate gate = new(Sandbox.Host.BaseAddress);
        // So high that every line stays on the screen.
        Person requester = await SignInNewAsync(options: new() { ViewportSize = new() { Width = 900, Height = 3400 } }, through: gate.Address);
        await requester.AskAsync(DefaultWorld.DemoLinux2, "Watch the logs");
        await requester.Button("Connect to demo-linux2").ClickAsync();
        TerminalScreen terminal = await requester.ArrivesInTerminalAsync();
        await terminal.RunAsync($"clear; for i in $(seq {lines}); do echo line-$i; sleep 0.1; done; echo all-$((40 + 2))");
        await terminal.ShowsAsync("line-20");

        long start = Stopwatch.GetTimestamp();
        if (isSilent) gate.HoldEverything();
        else gate.Cut();
        await Expect(terminal.Status).ToContainTextAsync("Connection lost. Trying again.");
        // On a busy machine the page may need the ten seconds to say so.
        TimeSpan left = TimeSpan.FromSeconds(10) - Stopwatch.GetElapsedTime(start);
        if (left > TimeSpan.Zero) await Task.Delay(left, Cancellation);
        gate.Mend();

        await terminal.ShowsAsync("all-42");
        await Expect(terminal.Status).ToBeHiddenAsync();
        Assert.Equal(
            Enumerable.Range(1, lines).Select(line => $"line-{line}"),
            (await terminal.ReadAsync()).Where(row => row.StartsWith("line-", StringComparison.Ordinal)));
        await terminal.RunAsync("echo still-$((40 + 2))");
        await terminal.ShowsAsync("still-42");
    }
}
