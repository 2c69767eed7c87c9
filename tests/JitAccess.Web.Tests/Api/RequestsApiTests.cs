using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JitAccess.Domain.Requests;
using JitAccess.Web.Tests.Data;

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

    [Theory]
    [InlineData("{", "not what is expected")]
    [InlineData("{}", "nodeId")]
    [InlineData("{\"nodeId\":null,\"reason\":\"look\"}", "nodeId")]
    [InlineData("{\"nodeId\":\"i-1\",\"reason\":\"look\"}", "nodeId")]
    [InlineData("{\"nodeId\":\"NODE\",\"reason\":\"look\",\"durationMinuts\":5}", "durationMinuts")]
    [InlineData("{\"nodeId\":\"NODE\",\"reason\":\"look\",\"durationMinutes\":\"5\"}", "durationMinutes")]
    [InlineData("{\"nodeId\":\"NODE\",\"reason\":\"look\",\"durationMinutes\":1e300}", "minutes")]
    [InlineData("{\"nodeId\":\"NODE\",\"reason\":\"look\",\"durationMinutes\":-5}", "minutes")]
    [InlineData("{\"nodeId\":\"NODE\",\"reason\":\"look\",\"startsAt\":\"tomorrow\"}", "startsAt")]
    [InlineData("{\"nodeId\":\"NODE\",\"reason\":\"\"}", "reason")]
    [InlineData("{\"nodeId\":\"NODE\",\"reason\":\"a\\u0000b\"}", "reason")]
    public async Task BadBody_IsAnsweredWithWhatIsWrong(string body, string named)
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester);
        using StringContent content = new(body.Replace("NODE", TestNodes.DemoLinux.Id.Value, StringComparison.Ordinal), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        (HttpStatusCode status, string? detail) = await ProblemAsync(await requester.PostAsync(new Uri("/api/v1/requests", UriKind.Relative), content, ApiStage.Cancellation));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(named, detail, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, await stage.World.CountAsync("requests"));
    }

    [Theory]
    [InlineData("/api/v1/nodes?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/nodes?limit=101", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/nodes?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/nodes?cursor=i-0fffffffffffffff0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/nodes?account=12", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/requests?cursor=-1", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/requests?status=nonsense", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/sessions/own?cursor=1", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/nodes/i-0fffffffffffffff0", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/nodes/nonsense", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/nodes?text=%00", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/requests/nonsense", HttpStatusCode.NotFound)]
    [InlineData("/api/v2/nodes", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/approvals?view=mine", HttpStatusCode.BadRequest)]
    public async Task BadQuestion_IsAProblem_NeverAPage(string path, HttpStatusCode expected)
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester);
        Assert.Equal(expected, (await ProblemAsync(await requester.GetAsync(new Uri(path, UriKind.Relative), ApiStage.Cancellation))).Status);
    }

    [Fact]
    public async Task Lists_ReadPageByPage_HaveEverythingOnce()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        await stage.World.AddNodesAsync([.. Enumerable.Range(1, 23).Select(TestNodes.Numbered)]);
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester), approver = await stage.ClientAsync(TestPeople.Approver);
        List<string?> nodes = await AllAsync(requester, "/api/v1/nodes?limit=7&text=node-", node => node.GetProperty("id").GetString());
        Assert.Equal(Enumerable.Range(1, 23).Select(number => (string?)TestNodes.Numbered(number).Id.Value), nodes);

        for (int number = 0; number < 5; number++)
        {
            string path = (await SubmitAsync(requester, TestNodes.DemoLinux.Id.Value)).Headers.Location!.ToString();
            (await SendAsync(requester, $"{path}/cancel", "/cancel")).EnsureSuccessStatusCode();
        }
        List<long> own = await AllAsync(requester, "/api/v1/requests?limit=2&status=cancelled", request => request.GetProperty("number").GetInt64());
        Assert.Equal(5, own.Count);
        Assert.Equal(own.OrderDescending(), own);
        Assert.Equal(own, await AllAsync(approver, "/api/v1/approvals?limit=2&view=decided", item => item.GetProperty("request").GetProperty("number").GetInt64()));
        Assert.Empty(await AllAsync(await stage.ClientAsync(TestPeople.Stranger), "/api/v1/requests", request => request.GetProperty("number").GetInt64()));
    }

    internal static Task<HttpResponseMessage> SubmitAsync(HttpClient client, string node, double? minutes = null, string? key = null, string reason = "look")
    {
        HttpRequestMessage message = new(HttpMethod.Post, "/api/v1/requests") { Content = JsonContent.Create(new { nodeId = node, reason, durationMinutes = minutes }) };
        if (key is not null) message.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(message, ApiStage.Cancellation);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string verb, string? ifMatch = null)
    {
        HttpRequestMessage message = new(verb.Length == 0 ? HttpMethod.Get : HttpMethod.Post, path);
        object? body = verb switch
        {
            "/approve" or "/reject" => new { comment = "because" },
            "/revoke" or "/extend" => new { reason = "because" },
            "/review-break-glass" => new { verdict = nameof(ReviewVerdict.Approve), comment = "because" },
            _ => null,
        };
        if (body is not null) message.Content = JsonContent.Create(body);
        if (ifMatch is not null) message.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(message, ApiStage.Cancellation);
    }

    private static async Task<(HttpStatusCode Status, string? Detail)> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(answer.Headers.GetValues("Content-Security-Policy"));
        JsonElement problem = await ApiStage.JsonAsync(answer);
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        return (answer.StatusCode, problem.TryGetProperty("detail", out JsonElement detail) ? detail.GetString() : null);
    }

    private static async Task<List<T>> AllAsync<T>(HttpClient client, string path, Func<JsonElement, T> read)
    {
        List<T> all = [];
        for (string? next = path; next is not null;)
        {
            HttpResponseMessage answer = await client.GetAsync(new Uri(next, UriKind.Relative), ApiStage.Cancellation);
            JsonElement page = await JsonAsync(answer);
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(read));
            next = page.GetProperty("next").GetString();
            Assert.Equal(next is null ? null : $"<{next}>; rel=\"next\"", answer.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single() : null);
        }
        return all;
    }

    private static async Task<IReadOnlyList<JsonElement>> ItemsAsync(HttpClient client, string path) =>
        [.. (await JsonAsync(await client.GetAsync(new Uri(path, UriKind.Relative), ApiStage.Cancellation))).GetProperty("items").EnumerateArray()];

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ApiStage.Cancellation));
        return await ApiStage.JsonAsync(answer);
    }
}
