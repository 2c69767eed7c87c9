using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace JitAccess.Sandbox.Aws;

/// <summary>
/// AWS on a loopback port: STS, EC2, KMS, Systems Manager and its data channel behind one endpoint, in their own wire protocols.
/// The credentials of a request tell its account, their scope its Region and service.
/// </summary>
public sealed class AwsEmulator : IAsyncDisposable
{
    private const int LargestBody = 1024 * 1024;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly AwsEmulatorOptions options;
    private readonly ILogger logger;
    private readonly WebApplication web;
    private readonly NodeFleet fleet;
    private readonly NodeSessions sessions;
    private readonly DataChannels dataChannels;
    private readonly AgentCalls agentCalls;
    private readonly MachineRegistry machines;
    private readonly SignatureCheck signatures;
    private readonly CallLog calls = new();
    private readonly Dictionary<string, AwsService> services;
    private bool isDisposed;

    private AwsEmulator(AwsEmulatorOptions options)
    {
        this.options = options;
        logger = options.Logging.CreateLogger<AwsEmulator>();
        fleet = new NodeFleet(options.World.Nodes);
        KmsKeys keys = new(options.World.Nodes.Select(node => node.KmsKeyArn).OfType<string>());
        AttachedAgents agents = new();
        sessions = new NodeSessions(options, keys, agents);
        CredentialStore credentials = new(options.World.AccessKeys, options.Clock);
        signatures = new SignatureCheck(credentials, options.Clock);
        machines = new MachineRegistry(options.World, fleet, credentials, signatures);
        Faults = new AwsFaults(sessions, credentials);
        dataChannels = new DataChannels(sessions, Faults.Weather, calls, options.Clock);
        agentCalls = new AgentCalls(signatures, new AgentGateway(fleet, sessions, agents, options.Clock, logger), logger);
        services = new AwsService[]
        {
            new StsService(options.World.Roles, credentials),
            new Ec2Service(fleet),
            new SsmService(fleet, sessions, options.Clock),
            new KmsService(keys),
            new Ec2MessagesService(),
        }.ToDictionary(service => service.Name);
        web = Build();
    }

    /// <summary>The service URL for every client.</summary>
    public Uri Endpoint => sessions.Endpoint!;

    /// <summary>Where machines' own agents find the emulator, over TLS; null without a certificate.</summary>
    public Uri? AgentEndpoint { get; private set; }

    /// <summary>What existed at the start; its access keys are the way in.</summary>
    public SandboxWorld World => options.World;

    public AwsFaults Faults { get; }

    /// <summary>The latest calls, oldest first.</summary>
    public IReadOnlyList<RecordedCall> Calls => calls.Snapshot();

    /// <summary>All sessions, ended ones included.</summary>
    public IReadOnlyList<SessionDescription> Sessions => sessions.Describe();

    public static async Task<AwsEmulator> StartAsync(AwsEmulatorOptions options, CancellationToken cancellationToken)
    {
        AwsEmulator emulator = new(options);
        try
        {
            await emulator.web.StartAsync(cancellationToken);
            Uri[] addresses = [.. emulator.web.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(address => new Uri(address))];
            emulator.sessions.Endpoint = addresses.Single(address => address.Scheme == Uri.UriSchemeHttp);
            emulator.AgentEndpoint = addresses.SingleOrDefault(address => address.Scheme == Uri.UriSchemeHttps);
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Replaces all tags of a node, <c>Name</c> included.</summary>
    public void SetTags(string nodeId, IReadOnlyDictionary<string, string> tags) =>
        fleet.Change(nodeId, node => node with { Tags = new Dictionary<string, string>(tags) });

    /// <summary>Takes a node off line or brings it back; running sessions are not touched.</summary>
    public void SetPingStatus(string nodeId, PingStatus status) => fleet.Change(nodeId, node => node with { PingStatus = status });

    /// <summary>Ends every session with all its processes, then stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
            return;
        try
        {
            await sessions.DisposeAsync();
        }
        finally
        {
            using (CancellationTokenSource patience = new(StopTimeout))
                await web.StopAsync(patience.Token);
            await web.DisposeAsync();
        }
    }

    private WebApplication Build()
    {
        // Empty: no configuration from the environment reaches the emulator, and no provider logs a request's headers.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(options.Logging);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            if (options.AgentCertificate is { } certificate)
                kestrel.Listen(IPAddress.Loopback, options.AgentPort, listen => listen.UseHttps(certificate));
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        WebApplication application = builder.Build();
        application.UseWebSockets();
        application.Run(RouteAsync);
        return application;
    }

    private Task RouteAsync(HttpContext context)
    {
        const string DataChannelPath = "/v1/data-channel";
        const string ControlChannelPath = "/v1/control-channel";
        if (context.Request.Path.StartsWithSegments(DataChannelPath, out PathString session))
            return context.WebSockets.IsWebSocketRequest
                ? dataChannels.ServeAsync(context, session.Value!.TrimStart('/'))
                : agentCalls.CreateDataChannelAsync(context, session.Value!.TrimStart('/'));
        if (context.Request.Path.StartsWithSegments(ControlChannelPath, out PathString node))
            return context.WebSockets.IsWebSocketRequest
                ? agentCalls.ServeControlChannelAsync(context, node.Value!.TrimStart('/'))
                : agentCalls.CreateControlChannelAsync(context, node.Value!.TrimStart('/'));
        return ServeApiAsync(context);
    }

    private async Task ServeApiAsync(HttpContext context)
    {
        string requestId = Guid.NewGuid().ToString();
        SignedRequest signed = await SignedRequest.ReadAsync(context);
        _ = AuthorizationHeader.TryParse(signed.Headers.GetValueOrDefault("authorization"), out AuthorizationHeader? authorization);
        AwsService service = ServiceOf(signed, authorization);
        AwsReply reply;
        try
        {
            reply = machines.Answer(signed, authorization) ?? Answer(service, signed, authorization);
        }
        catch (AwsError error)
        {
            logger.LogDebug("{Service} answers {ErrorCode}: {Message}", service.Name, error.Code, error.Message);
            reply = service.Refuse(error, requestId);
        }

        context.Response.StatusCode = (int)reply.Status;
        context.Response.ContentType = reply.ContentType;
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }

    private AwsReply Answer(AwsService service, SignedRequest signed, AuthorizationHeader? authorization)
    {
        (AwsCaller? caller, SignatureProblem? problem) = signatures.Verify(signed, authorization);
        if (caller is null)
            throw service.Word(problem!.Value);

        string? target = signed.Headers.GetValueOrDefault("x-amz-target");
        (string operation, IReadOnlyDictionary<string, string> parameters) = service.Describe(target, signed.Body);
        RecordedCall call = new(
            options.Clock.GetUtcNow(), service.Name, operation, caller.AccountId, authorization!.Scope.Region, caller.Arn, caller.SessionName, parameters, null);
        try
        {
            Faults.ThrowIfPlanned(service.Name, operation);
            AwsReply reply = service.Answer(new AwsRequest(caller, authorization.Scope.Region, operation, signed.Body));
            calls.Add(call);
            return reply;
        }
        catch (AwsError error)
        {
            calls.Add(call with { ErrorCode = error.Code });
            throw;
        }
    }

    // A request that is not signed, or for a service that is not here, is answered in the format it most likely reads.
    private AwsService ServiceOf(SignedRequest request, AuthorizationHeader? authorization)
    {
        if (authorization is not null && services.TryGetValue(authorization.Scope.Service, out AwsService? named))
            return named;
        return services[request.Headers.ContainsKey("x-amz-target") ? "ssm" : "sts"];
    }
}
