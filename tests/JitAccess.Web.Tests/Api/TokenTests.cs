using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Web.Api;
using JitAccess.Web.Identity;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tokens;

namespace JitAccess.Web.Tests.Api;

public sealed class TokenTests
{
    private static readonly Uri Me = new("/api/v1/me", UriKind.Relative);

    [Fact]
    public async Task RefreshToken_UsedOnce_GivesNewOnes_AndUsedTwiceEndsThemAll()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        TokenPair first = await stage.TokensAsync(TestPeople.Requester);
        stage.World.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, first.AccessToken));
        TokenPair second = await PairAsync(await stage.RefreshAsync(first));
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, second.AccessToken));

        Assert.Equal("invalid_grant", await DeviceFlowTests.ErrorAsync(await stage.RefreshAsync(first)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, second.AccessToken));
        Assert.Equal("invalid_grant", await DeviceFlowTests.ErrorAsync(await stage.RefreshAsync(second)));
        Assert.Equal(["1"], await stage.World.QueryAsync("select count(*) from audit_entries where action = 'TokenReused'"));
    }

    [Fact]
    public async Task RefreshToken_UsedByTwoAtOnce_IsTakenForStolen()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        TokenPair tokens = await stage.TokensAsync(TestPeople.Requester);
        HttpResponseMessage[] answers = await Task.WhenAll(stage.RefreshAsync(tokens), stage.RefreshAsync(tokens), stage.RefreshAsync(tokens));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Equal(["1"], await stage.World.QueryAsync("select count(*) from audit_entries where action = 'TokenReused'"));
        TokenPair won = await PairAsync(answers.Single(answer => answer.IsSuccessStatusCode));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, won.AccessToken));
    }

    [Fact]
    public async Task Family_AfterThirtyDays_IsOver_HoweverOftenItWasRefreshed()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        TokenPair tokens = await stage.TokensAsync(TestPeople.Requester);
        for (int day = 0; day < 29; day += 10)
        {
            stage.World.Clock.Advance(TimeSpan.FromDays(9.9));
            tokens = await PairAsync(await stage.RefreshAsync(tokens));
        }
        stage.World.Clock.Advance(TimeSpan.FromHours(7) + TimeSpan.FromMinutes(10));
        tokens = await PairAsync(await stage.RefreshAsync(tokens));
        Assert.InRange(tokens.ExpiresIn, 1, 120);
        stage.World.Clock.Advance(TimeSpan.FromMinutes(2.1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, tokens.AccessToken));
        Assert.Equal("invalid_grant", await DeviceFlowTests.ErrorAsync(await stage.RefreshAsync(tokens)));
    }

    [Fact]
    public async Task Revoked_ByThePersonOrTheProgram_EndsAtOnce_AndNobodyElseCan()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        TokenPair one = await stage.TokensAsync(TestPeople.Requester);
        stage.World.Clock.Advance(TimeSpan.FromSeconds(1));
        TokenPair other = await stage.TokensAsync(TestPeople.Requester);
        IReadOnlyList<TokenFamily> mine = await stage.Get<TokenQueries>().MineAsync(TestPeople.Requester, ApiStage.Cancellation);
        Assert.Equal(2, mine.Count);
        Assert.Empty(await stage.Get<TokenQueries>().MineAsync(TestPeople.Admin, ApiStage.Cancellation));
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => stage.Get<TokenService>().RevokeAsync(TestPeople.Admin, mine[0].Id, ApiStage.Cancellation))).Kind);

        await stage.Get<TokenService>().RevokeAsync(TestPeople.Requester, mine[0].Id, ApiStage.Cancellation);
        await stage.Get<TokenService>().RevokeAsync(TestPeople.Requester, mine[0].Id, ApiStage.Cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await StatusAsync(stage, one.AccessToken), await StatusAsync(stage, other.AccessToken)));
        Assert.Equal("invalid_grant", await DeviceFlowTests.ErrorAsync(await stage.RefreshAsync(other)));

        Assert.Equal(HttpStatusCode.OK, (await stage.PostFormAsync("revoke", ("token", one.RefreshToken))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stage.PostFormAsync("revoke", ("token", "jit_at_nonsense"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, one.AccessToken));
        Assert.Equal(["2"], await stage.World.QueryAsync("select count(*) from audit_entries where action = 'TokenRevoked'"));
    }

    [Fact]
    public async Task Token_FollowsWhatTheLastSignInOfItsPersonSaid()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient client = await stage.ClientAsync(TestPeople.Admin);
        Assert.True((await client.GetFromJsonAsync<MeWire>(Me, ApiStage.Cancellation))!.IsAdmin);

        await stage.SignInAsync(TestPeople.Admin with { Roles = [] });
        Assert.False((await client.GetFromJsonAsync<MeWire>(Me, ApiStage.Cancellation))!.IsAdmin);

        await stage.SignInAsync(TestPeople.Admin, unusableIdentity: "arn:aws:iam::111111111111:user/admin");
        Assert.Contains("IAM user admin", (await client.GetFromJsonAsync<MeWire>(Me, ApiStage.Cancellation))!.CanAct.Why, StringComparison.Ordinal);

        await stage.SignInAsync(TestPeople.Admin with { Identity = new ProvenIdentity.Unmapped() });
        Assert.Null((await client.GetFromJsonAsync<MeWire>(Me, ApiStage.Cancellation))!.Role);

        await stage.World.ExecuteAsync("delete from people where subject = 'admin'");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(Me, ApiStage.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Token_OfWhoSignsInAsAnIamUserLater_ActsNoLonger_WhateverRolesTheirGroupsGive()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient client = await stage.ClientAsync(TestPeople.Requester);
        string role = TestPeople.Requester.Role!.Value;
        await stage.Get<PeopleService>().RememberAsync(SignedIn(role), ApiStage.Cancellation);
        Assert.True((await client.GetFromJsonAsync<MeWire>(Me, ApiStage.Cancellation))!.CanAct.Allowed);

        await stage.Get<PeopleService>().RememberAsync(SignedIn(role, "arn:aws:iam::111111111111:user/requester"), ApiStage.Cancellation);
        MeWire me = (await client.GetFromJsonAsync<MeWire>(Me, ApiStage.Cancellation))!;
        Assert.Equal((false, null), (me.CanAct.Allowed, me.Role));
        HttpResponseMessage refused = await ApiCalls.SubmitAsync(client, TestNodes.DemoLinux.Id.Value);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("IAM user requester", (await ApiStage.JsonAsync(refused)).GetProperty("detail").GetString(), StringComparison.Ordinal);

        static ClaimsPrincipal SignedIn(params string[] identities) =>
            new(new ClaimsIdentity([new("sub", TestPeople.Requester.Subject), new("name", "Requester"), .. identities.Select(arn => new Claim("aws_identity", arn))], "test"));
    }

    [Fact]
    public async Task Clock_TakesAwayWhatIsOver_AndKeepsWhatFindsACopyOut()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        TokenPair first = await stage.TokensAsync(TestPeople.Requester);
        await PairAsync(await stage.RefreshAsync(first));
        TestProcess process = stage.World.AnotherProcess();
        async Task<string> LeftAsync()
        {
            await process.Background<TokenClock>().DoDueAsync(ApiStage.Cancellation);
            return string.Join(' ', await stage.World.QueryAsync("select (select count(*) from device_logins) || ' ' || (select count(*) from device_attempts) || ' ' || (select count(*) from tokens) || ' ' || (select count(*) from token_families)"));
        }
        Assert.Equal("1 1 4 1", await LeftAsync());
        stage.World.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("0 0 2 1", await LeftAsync());
        // Both refresh tokens, the used one too.
        Assert.Equal("invalid_grant", await DeviceFlowTests.ErrorAsync(await stage.RefreshAsync(first)));
        stage.World.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal("0 0 0 1", await LeftAsync());
        stage.World.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Equal("0 0 0 0", await LeftAsync());
    }

    [Fact]
    public async Task Secrets_AreStoredNowhere_ButAsHashes()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        DeviceAuthorization started = await stage.StartAsync();
        TokenPair tokens = await stage.TokensAsync(TestPeople.Requester);
        string everything = string.Join('\n', [.. await stage.World.EverythingAsync(), .. await stage.World.QueryAsync("select to_jsonb(t)::text from tokens t union all select to_jsonb(f)::text from token_families f union all select to_jsonb(l)::text from device_logins l")]);
        Assert.Contains("jit", everything, StringComparison.Ordinal);
        Assert.All([started.DeviceCode, tokens.AccessToken, tokens.RefreshToken], secret => Assert.DoesNotContain(secret[7..], everything, StringComparison.Ordinal));
        Assert.DoesNotContain(tokens.AccessToken, $"{new NewTokens(tokens.AccessToken, "", default, [])}", StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(ApiStage stage, string accessToken)
    {
        HttpClient client = stage.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return (await client.GetAsync(Me, ApiStage.Cancellation)).StatusCode;
    }

    private static async Task<TokenPair> PairAsync(HttpResponseMessage answer) => (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TokenPair>(ApiStage.Cancellation))!;
}
