using System.Net.WebSockets;

namespace JitAccess.Sandbox.Aws;

/// <summary>What machines' own agents ask over HTTP: signed for <c>ssmmessages</c>, but in no service's format.</summary>
internal sealed class AgentCalls(SignatureCheck signatures, AgentGateway gateway, ILogger logger)
{
    private const string Service = "ssmmessages";

    public Task CreateControlChannelAsync(HttpContext context, string nodeId) =>
        ReplyAsync(context, (caller, region) => gateway.CreateControlChannel(caller, region, nodeId));

    public Task CreateDataChannelAsync(HttpContext context, string sessionId) =>
        ReplyAsync(context, (caller, region) => gateway.CreateDataChannel(caller, region, sessionId));

    /// <summary>Serves a control channel until it breaks.</summary>
    public Task ServeControlChannelAsync(HttpContext context, string nodeId) => AnswerAsync(context, async (caller, region) =>
    {
        gateway.DemandControl(caller, region, nodeId);
        using WebSocket webSocket = await context.WebSockets.AcceptWebSocketAsync();
        // Faults on demand are for data channels.
        using ClientSocket socket = new(webSocket, new ChannelWeather());
        try
        {
            await gateway.ServeControlChannelAsync(socket, nodeId, context.RequestAborted);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
        {
            logger.LogDebug("The control channel of {NodeId} is gone: {Reason}", nodeId, broken.Message);
        }
    });

    private Task ReplyAsync(HttpContext context, Func<AwsCaller, string, AwsReply> answer) => AnswerAsync(context, async (caller, region) =>
    {
        AwsReply reply = answer(caller, region);
        context.Response.StatusCode = (int)reply.Status;
        context.Response.ContentType = reply.ContentType;
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    });

    private async Task AnswerAsync(HttpContext context, Func<AwsCaller, string, Task> answer)
    {
        SignedRequest signed = await SignedRequest.ReadAsync(context);
        _ = AuthorizationHeader.TryParse(signed.Headers.GetValueOrDefault("authorization"), out AuthorizationHeader? authorization);
        if (signatures.Verify(signed, authorization).Caller is not { } caller || authorization!.Scope.Service != Service)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        try
        {
            await answer(caller, authorization.Scope.Region);
        }
        catch (AwsError refused)
        {
            logger.LogDebug("An agent is refused: {Message}", refused.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(refused.Message, context.RequestAborted);
        }
    }
}
