using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using JitAccess.Web.Tests.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Tests.Api;

/// <summary>Which doors a token opens, and which a cookie.</summary>
public sealed class DoorTests
{
    private static readonly Uri Me = new("/api/v1/me", UriKind.Relative);

    [Theory]
    [InlineData("GET", "/api/v1/nodes", "request approve connect", "read")]
    [InlineData("GET", "/api/v1/sessions/own", "request approve connect", "read")]
    [InlineData("POST", "/api/v1/requests", "read approve connect", "request")]
    [InlineData("POST", "/api/v1/requests/00000000-0000-0000-0000-000000000001/cancel", "read approve connect", "request")]
    [InlineData("POST", "/api/v1/requests/00000000-0000-0000-0000-000000000001/approve", "read request connect", "approve")]
    [InlineData("POST", "/api/v1/requests/00000000-0000-0000-0000-000000000001/revoke", "read request connect", "approve")]
    [InlineData("POST", "/api/v1/sessions", "read request approve", "connect")]
    [InlineData("POST", "/api/v1/sessions/00000000-0000-0000-0000-000000000001/end", "read request approve", "connect")]
    public async Task Endpoint_WithoutItsScope_IsForbidden_AndWithoutATokenUnauthorized(string method, string path, string scopes, string missing)
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        HttpClient client = await stage.ClientAsync(TestPeople.Requester, scopes);
        HttpResponseMessage answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "GET" ? null : JsonContent.Create(new { }) }, ApiStage.Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{missing}\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);

        using HttpRequestMessage withCookie = new(new HttpMethod(method), path) { Content = method == "GET" ? null : JsonContent.Create(new { }) };
        withCookie.Headers.Add("Cookie", "jitaccess=anything");
        HttpResponseMessage anonymous = await stage.Anonymous().SendAsync(withCookie, ApiStage.Cancellation);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (anonymous.StatusCode, anonymous.Headers.WwwAuthenticate.ToString()));
        Assert.NotEmpty(anonymous.Headers.GetValues("Content-Security-Policy"));
    }

    [Fact]
    public async Task Cookie_ThatOpensThePages_OpensNothingOfTheApi_AndATokenNoPage()
    {
        await using ApiStage stage = await ApiStage.CreateAsync();
        CookieAuthenticationOptions cookies = stage.Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        ClaimsPrincipal person = new(new ClaimsIdentity([new("sub", TestPeople.Requester.Subject), new("aws_identity", TestPeople.Requester.Role!.Value)], CookieAuthenticationDefaults.AuthenticationScheme));
        AuthenticationProperties times = new() { IssuedUtc = stage.World.Clock.GetUtcNow(), ExpiresUtc = stage.World.Clock.GetUtcNow().AddHours(1) };
        HttpClient signedIn = stage.Anonymous();
        signedIn.DefaultRequestHeaders.Add("Cookie", $"{cookies.Cookie.Name}={cookies.TicketDataFormat.Protect(new AuthenticationTicket(person, times, CookieAuthenticationDefaults.AuthenticationScheme))}");
        Assert.Equal(HttpStatusCode.OK, (await signedIn.GetAsync(new Uri("/device", UriKind.Relative), ApiStage.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await signedIn.GetAsync(Me, ApiStage.Cancellation)).StatusCode);

        HttpClient program = await stage.ClientAsync(TestPeople.Requester);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync(Me, ApiStage.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await program.GetAsync(new Uri("/device", UriKind.Relative), ApiStage.Cancellation)).StatusCode);
    }
}
