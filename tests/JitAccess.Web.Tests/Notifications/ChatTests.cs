using System.Text.Json;
using JitAccess.Domain.People;
using JitAccess.Web.Tests.Audit;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Notifications;

public sealed class ChatTests
{
    private static readonly Actor Tricky = TestPeople.Requester with { Person = TestPeople.Requester.Person with { DisplayName = "<!channel> [x](https://evil.example)" } };

    [Fact]
    public async Task Slack_ShowsWhatPeopleWroteAsText_WithALinkToTheRequest()
    {
        await using HttpTape tape = await HttpTape.StartAsync();
        JsonElement body = await SendAsync(tape, "Slack");
        Assert.Equal("&lt;!channel&gt; [x](https://evil.example) asks for access to demo-linux", body.GetProperty("text").GetString());
        JsonElement[] blocks = [.. body.GetProperty("blocks").EnumerateArray()];
        Assert.Equal("plain_text", blocks[0].GetProperty("text").GetProperty("type").GetString());
        Assert.Contains("Reason given: look", blocks[1].GetProperty("elements")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("https://jit.example.com/requests/", blocks[2].GetProperty("elements")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Teams_ShowsWhatPeopleWroteAsText_WithALinkToTheRequest()
    {
        await using HttpTape tape = await HttpTape.StartAsync();
        JsonElement card = (await SendAsync(tape, "Teams")).GetProperty("attachments")[0].GetProperty("content");
        Assert.Equal(("AdaptiveCard", "1.4"), (card.GetProperty("type").GetString(), card.GetProperty("version").GetString()));
        Assert.StartsWith("\\<\\!channel\\> \\[x\\]\\(https://evil\\.example\\) asks for", card.GetProperty("body")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("https://jit.example.com/requests/", card.GetProperty("actions")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Slack", 404, "Dead")]
    [InlineData("Teams", 410, "Dead")]
    [InlineData("Slack", 429, "Waiting")]
    [InlineData("Teams", 500, "Waiting")]
    [InlineData("Slack", 307, "Waiting")]
    public async Task Refusal_IsFinalWhereTheRoomIsNoMore_AndNeverNamesTheAddress(string section, int status, string state)
    {
        await using HttpTape tape = await HttpTape.StartAsync();
        tape.Answer = (status, "");
        await using TestWorld world = await TestWorld.CreateAsync();
        await SendAsync(world, tape, section);
        Assert.Equal([state], await world.QueryAsync("select state from deliveries"));
        Assert.DoesNotContain("T000", (await world.QueryAsync("select error from channels"))[0], StringComparison.Ordinal);
        Assert.Single(tape.Requests);
    }

    [Fact]
    public async Task Kinds_ThatAreNotWanted_AreNotSent()
    {
        await using HttpTape tape = await HttpTape.StartAsync();
        await using TestWorld world = await TestWorld.CreateAsync();
        await SendAsync(world, tape, "Slack", ("Notifications:Slack:0:Kinds:0", "grant.*"));
        Assert.Empty(tape.Requests);
    }

    private static async Task<JsonElement> SendAsync(HttpTape tape, string section)
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await SendAsync(world, tape, section);
        HttpTape.Asked asked = Assert.Single(tape.Requests);
        Assert.Equal("/services/T000", asked.Path);
        return JsonDocument.Parse(asked.Body).RootElement;
    }

    private static async Task SendAsync(TestWorld world, HttpTape tape, string section, params (string Key, string Value)[] more)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Notifications:BaseAddress"] = "https://jit.example.com",
            [$"Notifications:{section}:0:Name"] = "ops",
            [$"Notifications:{section}:0:Url"] = new Uri(tape.Address, "/services/T000").ToString(),
        };
        foreach ((string key, string value) in more) settings[key] = value;
        TestProcess process = world.AnotherProcess(settings: settings);
        await world.Requests.SubmitAsync(Tricky, TestNodes.DemoLinux.Id, new("look"), TestWorld.Cancellation);
        await process.RouteAsync();
        await process.DeliverAsync();
    }
}
