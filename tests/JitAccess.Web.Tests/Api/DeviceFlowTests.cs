using System.Net;
using System.Net.Http.Json;
using JitAccess.Domain;
using JitAccess.Web.Api;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tokens;

namespace JitAccess.Web.Tests.Api;

public sealed class DeviceFlowTests
{
    [Fact]
    public async Task Device_OnceConfirmed_GetsTokensOnce_AndActsForWhoConfirmed()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        await stage.SignInAsync(TestPeople.Requester);
        DeviceAuthorization started = await stage.StartAsync("read request");
        Assert.Equal("authorization_pending", await ErrorAsync(await stage.RedeemAsync(started)));
        Assert.Equal($"http://localhost/device?user_code={started.UserCode}", started.VerificationUriComplete);

        DeviceLogin login = await stage.Get<DeviceLoginService>().FindAsync(TestPeople.Requester, started.UserCode.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal), ApiStage.Cancellation);
        await stage.Get<DeviceLoginService>().ConfirmAsync(TestPeople.Requester, login.Id, ApiStage.Cancellation);
        stage.World.Clock.Advance(TimeSpan.FromSeconds(5));
        HttpResponseMessage answer = await stage.RedeemAsync(started);
        TokenPair tokens = (await answer.Content.ReadFromJsonAsync<TokenPair>(ApiStage.Cancellation))!;
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(("Bearer", 900, "read request"), (tokens.TokenType, tokens.ExpiresIn, tokens.Scope));
        Assert.StartsWith("jit_at_", tokens.AccessToken, StringComparison.Ordinal);
        Assert.StartsWith("jit_rt_", tokens.RefreshToken, StringComparison.Ordinal);

        HttpClient client = stage.Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.AccessToken);
        MeWire me = (await client.GetFromJsonAsync<MeWire>(new Uri("/api/v1/me", UriKind.Relative), ApiStage.Cancellation))!;
        Assert.Equal((TestPeople.Requester.Subject, TestPeople.Requester.Role!.Value), (me.Subject, me.Role));
        Assert.Equal(["read", "request"], me.Scopes);

        stage.World.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("invalid_grant", await ErrorAsync(await stage.RedeemAsync(started)));
        Assert.Equal(["requester"], await stage.World.QueryAsync("select actor from audit_entries where action = 'TokenIssued'"));
    }

    [Fact]
    public async Task Device_ThatIsRefusedLateOrHasty_IsToldSo()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        await stage.SignInAsync(TestPeople.Requester);
        DeviceLoginService logins = stage.Get<DeviceLoginService>();
        DeviceAuthorization refused = await stage.StartAsync();
        Guid id = (await logins.FindAsync(TestPeople.Requester, refused.UserCode, ApiStage.Cancellation)).Id;
        await logins.RefuseAsync(TestPeople.Requester, id, ApiStage.Cancellation);
        Assert.Equal("access_denied", await ErrorAsync(await stage.RedeemAsync(refused)));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<RefusedException>(() => logins.ConfirmAsync(TestPeople.Requester, id, ApiStage.Cancellation))).Kind);

        DeviceAuthorization hasty = await stage.StartAsync();
        Assert.Equal("authorization_pending", await ErrorAsync(await stage.RedeemAsync(hasty)));
        Assert.Equal("slow_down", await ErrorAsync(await stage.RedeemAsync(hasty)));
        stage.World.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("slow_down", await ErrorAsync(await stage.RedeemAsync(hasty)));
        Assert.Equal("invalid_grant", await ErrorAsync(await stage.RedeemAsync(hasty, "another-client")));

        stage.World.Clock.Advance(DeviceLogin.Lifetime);
        Assert.Equal("expired_token", await ErrorAsync(await stage.RedeemAsync(hasty)));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<RefusedException>(() => logins.FindAsync(TestPeople.Requester, hasty.UserCode, ApiStage.Cancellation))).Kind);
    }

    [Fact]
    public async Task UserCodes_CannotBeTriedForLong_AndNobodyWithoutARoleConfirms()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        DeviceLoginService logins = stage.Get<DeviceLoginService>();
        DeviceAuthorization started = await stage.StartAsync();
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => logins.FindAsync(TestPeople.IamUser, started.UserCode, ApiStage.Cancellation))).Kind);

        RefusedException[] tried = await Task.WhenAll(Enumerable.Range(0, DeviceLoginService.MaximumAttempts).Select(_ =>
            Assert.ThrowsAsync<RefusedException>(() => logins.FindAsync(TestPeople.Stranger, "BBBB-BBBB", ApiStage.Cancellation))));
        Assert.All(tried, refusal => Assert.Equal(RefusalKind.NotFound, refusal.Kind));
        Assert.Contains("too many codes", (await Assert.ThrowsAsync<RefusedException>(() => logins.FindAsync(TestPeople.Stranger, started.UserCode, ApiStage.Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(started.UserCode, (await logins.FindAsync(TestPeople.Requester, started.UserCode, ApiStage.Cancellation)).UserCode);
    }

    [Theory]
    [InlineData("device_authorization", "invalid_client", "scope=read")]
    [InlineData("device_authorization", "invalid_scope", "client_id=jit&scope=read admin")]
    [InlineData("device_authorization", "invalid_request", "client_id=jit&device_name=\u00e9")]
    [InlineData("token", "invalid_client", "grant_type=refresh_token")]
    [InlineData("token", "invalid_request", "client_id=jit")]
    [InlineData("token", "unsupported_grant_type", "client_id=jit&grant_type=password")]
    [InlineData("token", "invalid_grant", "client_id=jit&grant_type=refresh_token&refresh_token=jit_rt_nonsense")]
    [InlineData("token", "invalid_grant", "client_id=jit&grant_type=refresh_token")]
    [InlineData("token", "invalid_grant", "client_id=jit&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=x")]
    [InlineData("revoke", "invalid_request", "client_id=jit")]
    public async Task BadForm_IsAnsweredByItsErrorCode(string endpoint, string error, string form)
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        Assert.Equal(error, await ErrorAsync(await stage.PostFormAsync(endpoint, [.. form.Split('&').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1]))])));
    }

    [Fact]
    public async Task OneAddress_ThatAsksWithoutEnd_IsToldToWait()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpResponseMessage answer = await stage.PostFormAsync("token");
        for (int asked = 1; asked <= 600 && answer.StatusCode != HttpStatusCode.TooManyRequests; asked++) answer = await stage.PostFormAsync("token");
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (answer.StatusCode, answer.Headers.RetryAfter?.ToString()));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    internal static async Task<string?> ErrorAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        return (await ApiStage.JsonAsync(answer)).GetProperty("error").GetString();
    }
}
