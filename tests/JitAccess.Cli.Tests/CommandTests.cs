using System.Text.Json;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Cli.Tests;

public sealed class CommandTests
{
    [Fact]
    public async Task Request_IsApprovedByItsNumber_WhileTheRequesterWaits_AndGivenBack()
    {
        await using CliStage stage = await CliStage.CreateAsync();
        await stage.LoginAsync(TestPeople.Requester);
        await stage.LoginAsync(TestPeople.Approver);
        Task<(int Code, string Out, string Error)> waiting = stage.RunAsync(TestPeople.Requester, "request", TestNodes.DemoLinux.Name, "--reason", "look", "--for", "1h30m", "--wait");
        await Until.TrueAsync(async () => await stage.Api.World.CountAsync("requests") == 1, "the request is there");
        string number = (await stage.Api.World.QueryAsync("select number from requests"))[0];
        (_, string list, _) = await stage.RunAsync(TestPeople.Approver, "approvals");
        Assert.Contains("90 min", list, StringComparison.Ordinal);
        JsonElement approved = await stage.JsonAsync(TestPeople.Approver, "approve", number, "--comment", "fine", "--for", "30m");
        Assert.Equal(30, approved.GetProperty("request").GetProperty("durationMinutes").GetDouble());
        while (!waiting.IsCompleted)
        {
            stage.Api.World.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, CliStage.Cancellation);
        }
        (int code, string output, string error) = await waiting;
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("Access is open until", output, StringComparison.Ordinal);

        Assert.Equal("open", (await stage.RunAsync(TestPeople.Requester, "nodes", "demo-linux")).Out.Split('\n').First(line => line.StartsWith("demo-linux ", StringComparison.Ordinal)).TrimEnd().Split(' ')[^1]);
        Assert.Contains("not open now", (await stage.RunAsync(TestPeople.Requester, "return", number)).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, (await stage.RunAsync(TestPeople.Requester, "return", number)).Code);
    }

    [Fact]
    public async Task Request_ThatIsRejectedOrCancelled_TellsScripts()
    {
        await using CliStage stage = await CliStage.CreateAsync();
        await stage.LoginAsync(TestPeople.Requester);
        await stage.LoginAsync(TestPeople.Approver);
        Guid id = (await stage.JsonAsync(TestPeople.Requester, "request", TestNodes.DemoLinux.Id.Value, "-r", "look")).GetProperty("request").GetProperty("id").GetGuid();
        (int code, _, string error) = await stage.RunAsync(TestPeople.Requester, "request", TestNodes.DemoLinux.Id.Value, "-r", "again");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(id.ToString(), error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, (await stage.RunAsync(TestPeople.Requester, "approve", $"{id}")).Code);
        Assert.Equal("rejected", (await stage.JsonAsync(TestPeople.Approver, "reject", $"{id}", "-c", "not today")).GetProperty("request").GetProperty("status").GetString());
        Assert.Equal(ExitCode.Refused, (await stage.RunAsync(TestPeople.Approver, "approve", $"{id}")).Code);
        Assert.Equal("rejected", Assert.Single((await stage.JsonAsync(TestPeople.Requester, "requests")).EnumerateArray()).GetProperty("status").GetString());
        Assert.Equal(0, (await stage.JsonAsync(TestPeople.Requester, "status")).GetProperty("pendingRequests").GetArrayLength());
        Assert.Empty((await stage.JsonAsync(TestPeople.Requester, "sessions")).EnumerateArray());
        (code, _, error) = await stage.RunAsync(TestPeople.Requester, "connect", TestNodes.DemoLinux.Name);
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("jit request", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_AreAllListed_PageByPage_AndSafeToPrint()
    {
        await using CliStage stage = await CliStage.CreateAsync();
        await stage.Api.World.AddNodesAsync([.. Enumerable.Range(1, 120).Select(TestNodes.Numbered)]);
        await stage.Api.World.ExecuteAsync($"update nodes set name = e'evil\\x1b[31m[red]' where id = '{TestNodes.Numbered(1).Id}'");
        await stage.LoginAsync(TestPeople.Requester);
        Assert.Equal(120, (await stage.JsonAsync(TestPeople.Requester, "nodes", "node-0", "--region", "ap-northeast-1")).GetArrayLength() + (await stage.JsonAsync(TestPeople.Requester, "nodes", "node-1")).GetArrayLength());
        Assert.Equal(110, (await stage.JsonAsync(TestPeople.Requester, "nodes", "--limit", "110")).GetArrayLength());
        (_, string table, _) = await stage.RunAsync(TestPeople.Requester, "nodes", "evil");
        Assert.Contains("evil [31m[red]", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request", "web-1")]
    [InlineData("request")]
    [InlineData("nonsense")]
    [InlineData("nodes", "--limit", "many")]
    [InlineData("completion", "tcsh")]
    public async Task BadCommandLine_IsUsage_AndNothingIsAsked(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        using CliContext context = new() { Out = output, Error = error, Folder = Path.Combine(Path.GetTempPath(), "not-there") };
        Assert.Equal(ExitCode.Usage, await Jit.RunAsync(arguments, context, CliStage.Cancellation));
        Assert.NotEqual("", error.ToString());
    }

    [Theory]
    [InlineData("90", 90.0)]
    [InlineData("90m", 90.0)]
    [InlineData("2h", 120.0)]
    [InlineData("1h30m", 90.0)]
    [InlineData("2d1h", 2940.0)]
    [InlineData("", null)]
    [InlineData("-5", null)]
    [InlineData("1.5h", null)]
    [InlineData("h", null)]
    [InlineData("5 minutes", null)]
    public void Durations_AreReadAsWritten(string text, double? minutes)
    {
        if (minutes is null) Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => Commands.Texts.Minutes(text)).Code);
        else Assert.Equal(minutes, Commands.Texts.Minutes(text));
    }

    [Theory]
    [InlineData("bash", "complete -F")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -f -c jit")]
    public async Task Completion_IsOfTheProgramItself(string shell, string holds)
    {
        using StringWriter output = new(), error = new();
        using CliContext context = new() { Out = output, Error = error, Folder = "" };
        Assert.Equal(ExitCode.Done, await Jit.RunAsync(["completion", shell], context, CliStage.Cancellation));
        Assert.Contains(holds, output.ToString(), StringComparison.Ordinal);

        output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Done, await Jit.RunAsync(["[suggest:6]", "jit co"], context, CliStage.Cancellation));
        Assert.Equal(["completion", "connect"], output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order());
    }
}
