using System.Net;
using System.Net.Http.Json;
using JitAccess.Web.Aws;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Api;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task Repeated_UnderItsKey_ActsOnce_AndSaysTheSame()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester);
        HttpResponseMessage first = await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux.Id.Value, key: "once"), again = await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux.Id.Value, key: "once");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal((first.Headers.Location, first.Headers.ETag, first.Content.Headers.ContentType), (again.Headers.Location, again.Headers.ETag, again.Content.Headers.ContentType));
        Assert.Equal(await first.Content.ReadAsStringAsync(ApiStage.Cancellation), await again.Content.ReadAsStringAsync(ApiStage.Cancellation));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(1, await stage.World.CountAsync("requests"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux.Id.Value, key: "once", reason: "another")).StatusCode);
        // Without a key, and under another, it is a second request, which the rules refuse.
        Assert.Equal(HttpStatusCode.Conflict, (await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux.Id.Value)).StatusCode);
        HttpResponseMessage refused = await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux.Id.Value, key: "twice");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(first.Headers.Location!.ToString()[^36..], (await ApiStage.JsonAsync(refused)).GetProperty("relatedRequestId").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux.Id.Value, key: "twice")).StatusCode);

        // Keys are each person's own.
        HttpClient stranger = await stage.ClientAsync(TestPeople.Stranger);
        Assert.Equal(HttpStatusCode.Created, (await ApiCalls.SubmitAsync(stranger, TestNodes.DemoLinux.Id.Value, key: "once", reason: "another")).StatusCode);
    }

    [Fact]
    public async Task AtOnce_UnderOneKey_OnlyOneActs()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester);
        Guid request = (await ApiStage.JsonAsync(await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux2.Id.Value))).GetProperty("request").GetProperty("id").GetGuid();
        TaskCompletionSource held = new();
        stage.World.Aws.BeforeStart = _ => held.Task;
        Task<HttpResponseMessage> first = ConnectAsync(requester, request);
        await Until.TrueAsync(async () => await stage.World.CountAsync("idempotent_answers") == 1, "the key is claimed");
        HttpResponseMessage[] others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ConnectAsync(requester, request)));
        Assert.All(others, answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
        held.SetResult();
        string answered = await (await first).Content.ReadAsStringAsync(ApiStage.Cancellation);
        Assert.Equal(HttpStatusCode.Created, (await first).StatusCode);
        Assert.Equal(answered, await (await ConnectAsync(requester, request)).Content.ReadAsStringAsync(ApiStage.Cancellation));
        Assert.Single(stage.World.Aws.Started);
    }

    [Fact]
    public async Task Failed_Outside_MayBeTriedAgainUnderItsKey_AndADayLaterTheKeyIsFree()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester);
        Guid request = (await ApiStage.JsonAsync(await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux2.Id.Value))).GetProperty("request").GetProperty("id").GetGuid();
        stage.World.Aws.BeforeStart = _ => throw new AwsException(AwsFailure.Throttled, "AWS does not answer.");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ConnectAsync(requester, request)).StatusCode);
        stage.World.Aws.BeforeStart = null;
        Assert.Equal(HttpStatusCode.Created, (await ConnectAsync(requester, request)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux.Id.Value, key: new string('k', 256))).StatusCode);

        // A claim whose process died is free after a while, another's after a day.
        await stage.World.ExecuteAsync("update idempotent_answers set status = null, claimed_at = claimed_at - interval '3 minutes'");
        Assert.Equal(HttpStatusCode.Created, (await ConnectAsync(requester, request)).StatusCode);
        Assert.Equal(2, stage.World.Aws.Started.Count);
        await stage.World.ExecuteAsync("update idempotent_answers set claimed_at = claimed_at - interval '24 hours'");
        Assert.Equal(HttpStatusCode.Created, (await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux.Id.Value, key: "connect")).StatusCode);
    }

    private static Task<HttpResponseMessage> ConnectAsync(HttpClient client, Guid request)
    {
        HttpRequestMessage message = new(HttpMethod.Post, "/api/v1/sessions") { Content = JsonContent.Create(new { requestId = request }) };
        message.Headers.Add("Idempotency-Key", "connect");
        return client.SendAsync(message, ApiStage.Cancellation);
    }
}
