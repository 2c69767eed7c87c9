using System.Security.Claims;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Tests.Sessions.DataChannel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JitAccess.Web.Tests.Sessions.Gateway;

/// <summary>The gateway on a real server, with a node behind it; the session belongs to "requester".</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayServer(WebApplication app, ChannelServer node)
    {
        _app = app;
        Node = node;
    }

    public ChannelServer Node { get; }

    public Uri Address => new(_app.Urls.Single());

    public LiveSession Session { get; private set; } = null!;

    /// <summary>Why the store says that the session ended; null while it says nothing.</summary>
    public string? StoredReason { get; set; }

    public LiveSessions Sessions => _app.Services.GetRequiredService<LiveSessions>();

    public LiveRules Rules { get; private init; } = new();

    public ISessionTap? Tap { get; private init; }

    public static async Task<GatewayServer> StartAsync(Action<GatewayOptions>? configure = null, TimeProvider? time = null, LiveRules? rules = null, ISessionTap? tap = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, SignInByHeader>("header", null);
        builder.Services.AddAuthorization();
        builder.Services.AddTerminalGateway();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<ITerminalDoor, OwnDoor>();
        builder.Services.Configure(configure ?? (_ => { }));

        GatewayServer server = new(builder.Build(), await ChannelServer.StartAsync()) { Rules = rules ?? new LiveRules(), Tap = tap };
        server._app.UseWebSockets();
        server._app.UseAuthentication();
        server._app.UseAuthorization();
        server._app.MapTerminal();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        server.Session = server.Sessions.Open(
            Guid.NewGuid(),
            server.Node.Address(),
            _ => Task.FromResult<DataChannelAddress?>(server.Node.Address()),
            () => Task.FromResult(server.StoredReason),
            server.Rules,
            server.Tap,
            new DataChannelOptions { FirstDelay = TimeSpan.FromMilliseconds(20) });
        return server;
    }

    public Task<Page> OpenPageAsync(long from = 0, bool isSlow = false, string name = "") => Page.OpenAsync(Address, Session.Id, from, isSlow, name);

    public Task<Page> WatchAsync(string name = "") => Page.OpenAsync(Address, Session.Id, name: name, isWatcher: true);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Node.DisposeAsync();
    }

    private sealed class OwnDoor(LiveSessions sessions) : ITerminalDoor
    {
        public Task<TerminalPass?> OpenAsync(ClaimsPrincipal user, Guid sessionId, bool asWatcher, string? address, CancellationToken cancellationToken) =>
            Task.FromResult(user.HasClaim("sub", asWatcher ? "auditor" : "requester") && sessions.Find(sessionId) is { } found ? new TerminalPass(found, asWatcher ? "Audrey" : null) : null);

        public Task<PortSession?> OpenPortAsync(ClaimsPrincipal user, Guid sessionId, CancellationToken cancellationToken) => Task.FromResult<PortSession?>(null);
    }
}
