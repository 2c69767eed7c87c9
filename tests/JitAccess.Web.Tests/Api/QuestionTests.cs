using System.Net;
using JitAccess.Web.Tests.Data;
using static JitAccess.Web.Tests.Api.ApiCalls;

namespace JitAccess.Web.Tests.Api;

/// <summary>What is not right in a call, and lists in pages.</summary>
public sealed class QuestionTests
{
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
}
