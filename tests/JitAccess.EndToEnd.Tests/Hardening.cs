using System.Net;
using System.Net.WebSockets;
using JitAccess.EndToEnd.Tests.Stage;

namespace JitAccess.EndToEnd.Tests;

/// <summary>What every answer says to browsers, and what foreign pages do not get.</summary>
public sealed class Hardening(RunningSandbox sandbox) : Story(sandbox)
{
    [Theory]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/js/theme.js", HttpStatusCode.OK)]
    [InlineData("/identity/signed-out", HttpStatusCode.OK)]
    [InlineData("/requests/new", HttpStatusCode.Found)]
    [InlineData("/js/there-is-none.js", HttpStatusCode.Found)]
    public async Task EveryAnswer_SaysWhatBrowsersRefuse(string address, HttpStatusCode status)
    {
        using HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Sandbox.Host.BaseAddress };

        using HttpResponseMessage answer = await http.GetAsync(new Uri(address, UriKind.Relative), Cancellation);

        Assert.Equal(status, answer.StatusCode);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Theory]
    [InlineData("/_blazor?id=x")]
    [InlineData("/sessions/019e8269-0000-7000-8000-000000000000/socket")]
    public async Task Socket_OfAPageOfAnotherOrigin_IsRefused(string address)
    {
        using ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Origin", "https://elsewhere.example");
        socket.Options.CollectHttpResponseDetails = true;
        UriBuilder target = new(new Uri(Sandbox.Host.BaseAddress, address)) { Scheme = "ws" };

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(target.Uri, Cancellation));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }
}
