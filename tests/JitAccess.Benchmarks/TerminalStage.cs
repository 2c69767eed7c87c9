using System.Diagnostics;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Sessions.Recordings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JitAccess.Benchmarks;

/// <summary>The gateway on a real server in this process, each session recorded into a folder; the nodes are in a process of their own.</summary>
internal sealed class TerminalStage : IAsyncDisposable
{
    private readonly WebApplication _gateway;
    private readonly Process _nodes;
    private readonly AmazonSimpleSystemsManagementClient _ssm;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jitaccess-terminal-");
    private readonly RecordingKeys _keys = new([Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))]);

    private TerminalStage(WebApplication gateway, Process nodes, AmazonSimpleSystemsManagementClient ssm) => (_gateway, _nodes, _ssm) = (gateway, nodes, ssm);

    public Uri Address => new(_gateway.Urls.Single());

    public static async Task<TerminalStage> StartAsync()
    {
        Process nodes = OwnProcess.Start(NodeProcess.Name);
        string[] said = (await nodes.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The nodes did not start.")).Split(' ');
        AmazonSimpleSystemsManagementClient ssm = new(said[1], said[2], new AmazonSimpleSystemsManagementConfig { ServiceURL = said[0], AuthenticationRegion = DefaultWorld.Tokyo });

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication("anybody").AddScheme<AuthenticationSchemeOptions, Anybody>("anybody", null);
        builder.Services.AddAuthorization();
        builder.Services.AddTerminalGateway();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ITerminalDoor, OpenDoor>();
        WebApplication gateway = builder.Build();
        gateway.UseWebSockets();
        gateway.UseAuthentication();
        gateway.UseAuthorization();
        gateway.MapTerminal();
        await gateway.StartAsync();
        return new TerminalStage(gateway, nodes, ssm);
    }

    /// <summary>A session on the gateway, recorded.</summary>
    public async Task<Guid> OpenRecordedAsync()
    {
        Guid id = Guid.CreateVersion7();
        Recorder recorder = await Recorder.StartAsync(new FolderStore(_folder.FullName), _keys, id, "benchmark", recordsInput: false, TimeProvider.System, CancellationToken.None);
        (DataChannelAddress address, Func<CancellationToken, Task<DataChannelAddress?>> resume) = await StartSessionAsync();
        _gateway.Services.GetRequiredService<LiveSessions>().Open(id, address, resume, () => Task.FromResult<string?>(null), new LiveRules { IsRecorded = true }, recorder);
        return id;
    }

    /// <summary>A session without the gateway: the bare data channel.</summary>
    public async Task<DataChannelClient> OpenBareAsync(IDataChannelListener listener)
    {
        (DataChannelAddress address, Func<CancellationToken, Task<DataChannelAddress?>> resume) = await StartSessionAsync();
        return DataChannelClient.Start(address, resume, listener, new DataChannelOptions(), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _ssm.Dispose();
        _nodes.StandardInput.Close();
        await _nodes.WaitForExitAsync();
        _nodes.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<(DataChannelAddress, Func<CancellationToken, Task<DataChannelAddress?>>)> StartSessionAsync()
    {
        StartSessionResponse started = await _ssm.StartSessionAsync(new StartSessionRequest { Target = DefaultWorld.DemoLinux });
        return (new DataChannelAddress(new Uri(started.StreamUrl), started.TokenValue), ResumeAsync);

        async Task<DataChannelAddress?> ResumeAsync(CancellationToken cancellationToken)
        {
            ResumeSessionResponse resumed = await _ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = started.SessionId }, cancellationToken);
            return new DataChannelAddress(new Uri(resumed.StreamUrl), resumed.TokenValue);
        }
    }

    // Who may enter is measured elsewhere.
    private sealed class OpenDoor(LiveSessions sessions) : ITerminalDoor
    {
        public Task<TerminalPass?> OpenAsync(ClaimsPrincipal user, Guid sessionId, bool asWatcher, string? address, CancellationToken cancellationToken) =>
            Task.FromResult(sessions.Find(sessionId) is { } found ? new TerminalPass(found, Watcher: null) : null);

        public Task<PortSession?> OpenPortAsync(ClaimsPrincipal user, Guid sessionId, CancellationToken cancellationToken) => Task.FromResult<PortSession?>(null);
    }

    private sealed class Anybody(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "anybody")], Scheme.Name)), Scheme.Name)));
    }
}
