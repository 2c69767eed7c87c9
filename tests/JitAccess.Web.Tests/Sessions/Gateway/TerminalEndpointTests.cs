using System.Net;
using System.Net.WebSockets;

namespace JitAccess.Web.Tests.Sessions.Gateway;

public sealed class TerminalEndpointTests : IAsyncDisposable
{
    private GatewayServer _server = null!;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("requester", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("requester", "http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("requester", "null", HttpStatusCode.Forbidden)]
    [InlineData("requester", null, HttpStatusCode.Forbidden)]
    [InlineData("approver", "own", HttpStatusCode.NotFound)]
    [InlineData(null, "own", HttpStatusCode.Unauthorized)]
    public async Task Socket_FromElsewhereOrSomebodyElse_IsRefused(string? person, string? origin, HttpStatusCode expected)
    {
        _server = await GatewayServer.StartAsync();
        using ClientWebSocket socket = new();
        socket.Options.CollectHttpResponseDetails = true;
        if (person is not null)
            socket.Options.SetRequestHeader(SignInByHeader.Header, person);
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin == "own" ? _server.Address.GetLeftPart(UriPartial.Authority) : origin);
        Uri uri = new UriBuilder(_server.Address) { Scheme = "ws", Path = $"/sessions/{_server.Session.Id}/socket" }.Uri;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(uri, TestContext.Current.CancellationToken));
        Assert.Equal(expected, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("requester", true, HttpStatusCode.UpgradeRequired)]
    [InlineData("requester", false, HttpStatusCode.NotFound)]
    [InlineData("approver", true, HttpStatusCode.NotFound)]
    [InlineData(null, true, HttpStatusCode.Unauthorized)]
    public async Task PlainGet_Answers_WhetherTheSessionCanBeHad(string? person, bool exists, HttpStatusCode expected)
    {
        _server = await GatewayServer.StartAsync();
        using HttpClient http = new() { BaseAddress = _server.Address };
        if (person is not null)
            http.DefaultRequestHeaders.Add(SignInByHeader.Header, person);

        using HttpResponseMessage response = await http.GetAsync(
            new Uri($"/sessions/{(exists ? _server.Session.Id : Guid.NewGuid())}/socket", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }
}
