using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JitAccess.Web.Tests.Data;
using static JitAccess.Web.Tests.Api.ApiCalls;

namespace JitAccess.Web.Tests.Api;

public sealed class RequestsApiTests
{
    [Fact]
    public async Task Request_FromSubmitToRevoke_ByItsVerbs()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester), approver = await stage.ClientAsync(TestPeople.Approver);

        JsonElement preview = await JsonAsync(await requester.PostAsJsonAsync("/api/v1/preview", new { nodeId = TestNodes.DemoLinux.Id.Value, reason = "look", durationMinutes = 30 }, ApiStage.Cancellation));
        Assert.Equal("needsApproval", preview.GetProperty("outcome").GetString());
        Assert.True(preview.GetProperty("canSubmit").GetProperty("allowed").GetBoolean());

        HttpResponseMessage created = await SubmitAsync(requester, TestNodes.DemoLinux.Id.Value, minutes: 30);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        JsonElement request = (await ApiStage.JsonAsync(created)).GetProperty("request");
        string path = created.Headers.Location!.ToString();
        Assert.Equal($"/api/v1/requests/{request.GetProperty("id").GetGuid()}", path);
        Assert.Equal(("pending", 30.0), (request.GetProperty("status").GetString(), request.GetProperty("durationMinutes").GetDouble()));

        JsonElement waiting = await JsonAsync(await approver.GetAsync(new Uri("/api/v1/approvals", UriKind.Relative), ApiStage.Cancellation));
        Assert.Equal(request.GetProperty("id").GetGuid(), Assert.Single(waiting.GetProperty("items").EnumerateArray()).GetProperty("request").GetProperty("id").GetGuid());

        JsonElement approved = await JsonAsync(await approver.PostAsJsonAsync($"{path}/approve", new { comment = "fine", shortenToMinutes = 20 }, ApiStage.Cancellation));
        Assert.Equal(("approved", 20.0), (approved.GetProperty("request").GetProperty("status").GetString(), approved.GetProperty("request").GetProperty("durationMinutes").GetDouble()));
        JsonElement grant = (await JsonAsync(await requester.GetAsync(new Uri(path, UriKind.Relative), ApiStage.Cancellation))).GetProperty("grant");
        Assert.True(grant.GetProperty("isActive").GetBoolean());

        HttpResponseMessage extended = await requester.PostAsJsonAsync($"{path}/extend", new { reason = "not done", durationMinutes = 10, seenEnd = grant.GetProperty("endsAt").GetDateTimeOffset() }, ApiStage.Cancellation);
        Assert.Equal(HttpStatusCode.Created, extended.StatusCode);
        Assert.True((await ApiStage.JsonAsync(extended)).GetProperty("request").GetProperty("isExtension").GetBoolean());
        await JsonAsync(await requester.PostAsync(new Uri($"{extended.Headers.Location}/cancel", UriKind.Relative), null, ApiStage.Cancellation));

        JsonElement revoked = await JsonAsync(await approver.PostAsJsonAsync($"{path}/revoke", new { reason = "incident over" }, ApiStage.Cancellation));
        Assert.Equal("revoked", revoked.GetProperty("grant").GetProperty("end").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await requester.PostAsync(new Uri($"{path}/return", UriKind.Relative), null, ApiStage.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Foreign_IdsLookLikeNone_AndNobodyDecidesAboutThemselves()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester), stranger = await stage.ClientAsync(TestPeople.Stranger), admin = await stage.ClientAsync(TestPeople.Admin);
        string path = (await SubmitAsync(requester, TestNodes.DemoLinux.Id.Value)).Headers.Location!.ToString();
        string nowhere = $"/api/v1/requests/{Guid.NewGuid()}";
        foreach (string verb in (string[])["", "/cancel", "/approve", "/reject", "/return", "/revoke", "/extend", "/review-break-glass"])
        {
            (HttpStatusCode status, string? detail) there = await ProblemAsync(await SendAsync(stranger, path + verb, verb)), none = await ProblemAsync(await SendAsync(stranger, nowhere + verb, verb));
            Assert.Equal(none, there);
            Assert.Equal(HttpStatusCode.NotFound, there.status);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(requester, path + "/approve", "/approve")).StatusCode);

        // An admin sees it, and still is not asked.
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(admin, path, "")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(admin, path + "/cancel", "/cancel")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsJsonAsync("/api/v1/sessions", new { requestId = Guid.Parse(path[^36..]) }, ApiStage.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Verb_OnWhatHasChanged_IsRefused_WhenTheCallerSaysWhatTheySaw()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester), approver = await stage.ClientAsync(TestPeople.Approver), second = await stage.ClientAsync(TestPeople.Approver2);
        HttpResponseMessage created = await SubmitAsync(requester, TestNodes.PaymentsApi.Id.Value);
        (string path, string seen) = (created.Headers.Location!.ToString(), created.Headers.ETag!.ToString());
        Assert.Equal(seen, (await SendAsync(approver, path, "")).Headers.ETag!.ToString());

        string next = (await SendAsync(approver, $"{path}/approve", "/approve", seen)).EnsureSuccessStatusCode().Headers.ETag!.ToString();
        Assert.NotEqual(seen, next);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(second, $"{path}/reject", "/reject", seen)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(second, $"{path}/reject", "/reject", "\"nonsense\"")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(second, $"{path}/reject", "/reject", "nonsense")).StatusCode);
        Assert.Equal(["0"], await stage.World.QueryAsync("select count(*) from audit_entries where action in ('RequestRejected', 'ReviewRefused')"));
        string granted = (await SendAsync(second, $"{path}/approve", "/approve", $"{seen}, {next}")).EnsureSuccessStatusCode().Headers.ETag!.ToString();

        // The grant is part of what was seen.
        await stage.World.ExecuteAsync("update grants set ends_at = ends_at");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(requester, $"{path}/return", "/return", granted)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(approver, $"{path}/revoke", "/revoke", granted)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(requester, $"{path}/extend", "/extend", granted)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(requester, $"{path}/return", "/return", "*")).StatusCode);
    }

    [Fact]
    public async Task Verbs_OfTwoAtOnce_WhoSawTheSame_OneActsAndOneIsTold()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester), approver = await stage.ClientAsync(TestPeople.Approver), second = await stage.ClientAsync(TestPeople.Approver2);
        HttpResponseMessage created = await SubmitAsync(requester, TestNodes.DemoLinux.Id.Value);
        string path = created.Headers.Location!.ToString(), seen = created.Headers.ETag!.ToString();
        HttpResponseMessage[] answers = await Task.WhenAll(SendAsync(approver, $"{path}/approve", "/approve", seen), SendAsync(second, $"{path}/reject", "/reject", seen));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal(["1"], await stage.World.QueryAsync("select count(*) from reviews"));
    }

    [Fact]
    public async Task Session_OpensInsideTheGrant_AndEnds()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester), stranger = await stage.ClientAsync(TestPeople.Stranger);
        Guid request = (await ApiStage.JsonAsync(await SubmitAsync(requester, TestNodes.DemoLinux2.Id.Value))).GetProperty("request").GetProperty("id").GetGuid();
        HttpResponseMessage opened = await requester.PostAsJsonAsync("/api/v1/sessions", new { requestId = request }, ApiStage.Cancellation);
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        JsonElement session = await ApiStage.JsonAsync(opened);
        Guid id = session.GetProperty("id").GetGuid();
        Assert.Equal($"/sessions/{id}/socket", session.GetProperty("socketPath").GetString());
        Assert.Equal(id, Assert.Single(await ItemsAsync(requester, "/api/v1/sessions/own?live=true")).GetProperty("id").GetGuid());
        Assert.Empty(await ItemsAsync(stranger, "/api/v1/sessions/own"));

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync(new Uri($"/api/v1/sessions/{id}/end", UriKind.Relative), null, ApiStage.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await requester.PostAsync(new Uri($"/api/v1/sessions/{id}/end", UriKind.Relative), null, ApiStage.Cancellation)).StatusCode);
        Assert.Empty(await ItemsAsync(requester, "/api/v1/sessions/own?live=true"));
        Assert.NotEqual("", Assert.Single(await ItemsAsync(requester, "/api/v1/sessions/own?live=false")).GetProperty("endReason").GetString());
    }
}
