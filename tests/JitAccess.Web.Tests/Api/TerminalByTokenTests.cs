using System.Net;
using System.Net.Http.Json;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tokens;

namespace JitAccess.Web.Tests.Api;

public sealed class TerminalByTokenTests
{
    [Fact]
    public async Task Socket_OpensToItsPersonsProgram_WithItsScope_AndToNobodyElse()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient requester = await stage.ClientAsync(TestPeople.Requester);
        Guid request = (await ApiStage.JsonAsync(await ApiCalls.SubmitAsync(requester, TestNodes.DemoLinux2.Id.Value))).GetProperty("request").GetProperty("id").GetGuid();
        Uri socket = new((await ApiStage.JsonAsync(await requester.PostAsJsonAsync("/api/v1/sessions", new { requestId = request }, ApiStage.Cancellation))).GetProperty("socketPath").GetString()!, UriKind.Relative);

        // Asked plainly, the address says whether a socket could be had.
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await requester.GetAsync(socket, ApiStage.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await stage.ClientAsync(TestPeople.Stranger)).GetAsync(socket, ApiStage.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await stage.ClientAsync(TestPeople.Admin)).GetAsync(socket, ApiStage.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await stage.ClientAsync(TestPeople.Requester, "read request approve")).GetAsync(socket, ApiStage.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await stage.Anonymous().GetAsync(socket, ApiStage.Cancellation)).StatusCode);
        foreach (TokenFamily family in await stage.Get<TokenQueries>().MineAsync(TestPeople.Requester, ApiStage.Cancellation)) await stage.Get<TokenService>().RevokeAsync(TestPeople.Requester, family.Id, ApiStage.Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, (await requester.GetAsync(socket, ApiStage.Cancellation)).StatusCode);
    }
}
