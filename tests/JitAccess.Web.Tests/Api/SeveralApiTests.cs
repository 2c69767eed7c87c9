using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JitAccess.Sandbox.Postgres;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Api;

public sealed class SeveralApiTests
{
    [Fact]
    public async Task Batch_JudgesEachNodeByItself_AndIsAnsweredLikewise()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester), approver = await stage.ClientAsync(TestPeople.Approver), stranger = await stage.ClientAsync(TestPeople.Stranger);
        HttpResponseMessage made = await requester.PostAsJsonAsync("/api/v1/batches", new { nodeIds = new[] { TestNodes.DemoLinux.Id.Value, TestNodes.BatchWorker.Id.Value, TestNodes.DemoLinux2.Id.Value }, reason = "look" }, ApiStage.Cancellation);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        JsonElement[] items = [.. (await ApiStage.JsonAsync(made)).GetProperty("items").EnumerateArray()];
        Assert.Equal([true, false, true], items.Select(item => item.GetProperty("why").ValueKind == JsonValueKind.Null));
        Assert.Equal(JsonValueKind.Null, items[1].GetProperty("requestId").ValueKind);
        Assert.Equal(["pending", "approved"], (await ApiStage.JsonAsync(await requester.GetAsync(made.Headers.Location, ApiStage.Cancellation))).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("status").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(made.Headers.Location, ApiStage.Cancellation)).StatusCode);

        Guid[] ids = [items[0].GetProperty("requestId").GetGuid(), items[2].GetProperty("requestId").GetGuid(), Guid.NewGuid()];
        JsonElement answered = await ApiStage.JsonAsync(await approver.PostAsJsonAsync("/api/v1/approvals/answer", new { requestIds = ids, verdict = "approve", comment = "fine" }, ApiStage.Cancellation));
        Assert.Equal([true, false, false], answered.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("why").ValueKind == JsonValueKind.Null));

        foreach (object bad in (object[])[new { requestIds = Array.Empty<Guid>(), verdict = "approve" }, new { requestIds = ids, verdict = "maybe" }, new { requestIds = Enumerable.Range(0, 101).Select(_ => Guid.NewGuid()), verdict = "reject" }])
            Assert.Equal(HttpStatusCode.BadRequest, (await approver.PostAsJsonAsync("/api/v1/approvals/answer", bad, ApiStage.Cancellation)).StatusCode);
        foreach (object bad in (object[])[new { nodeIds = Array.Empty<string>(), reason = "look" }, new { nodeIds = new[] { "web-1" }, reason = "look" }, new { nodeIds = new string?[] { null }, reason = "look" }])
            Assert.Equal(HttpStatusCode.BadRequest, (await requester.PostAsJsonAsync("/api/v1/batches", bad, ApiStage.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Extension_IsPreviewed_ToItsHolderAlone()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester), admin = await stage.ClientAsync(TestPeople.Admin);
        string path = (await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux2.Id.Value, minutes: 30)).Headers.Location!.ToString();
        JsonElement preview = await ApiStage.JsonAsync(await requester.PostAsJsonAsync($"{path}/preview-extension", new { reason = "not done", durationMinutes = 10 }, ApiStage.Cancellation));
        Assert.Equal(("automatic", true, 30.0), (preview.GetProperty("outcome").GetString(), preview.GetProperty("canExtend").GetProperty("allowed").GetBoolean(), preview.GetProperty("mostMinutes").GetDouble()));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsJsonAsync($"{path}/preview-extension", new { reason = "mine" }, ApiStage.Cancellation)).StatusCode);
        Assert.Equal(1, await stage.World.CountAsync("requests"));
    }

    [Fact]
    public async Task Database_ThatIsAway_IsUnavailable_NotAnUnknownToken()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = false }, ApiStage.Cancellation);
        await using ApiStage stage = await ApiStage.CreateOnAsync(server);
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester);
        await server.StopAsync(ApiStage.Cancellation);
        HttpResponseMessage answer = await requester.GetAsync(new Uri("/api/v1/me", UriKind.Relative), ApiStage.Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.DoesNotContain("Npgsql", await answer.Content.ReadAsStringAsync(ApiStage.Cancellation), StringComparison.Ordinal);
    }
}
