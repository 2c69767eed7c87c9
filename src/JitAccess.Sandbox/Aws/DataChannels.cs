using System.Net.WebSockets;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>Lets clients and agents open their ends of sessions: the first message must be a token that was not used yet.</summary>
internal sealed class DataChannels(NodeSessions sessions, ChannelWeather weather, CallLog calls, TimeProvider clock)
{
    private static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(10);

    public async Task ServeAsync(HttpContext context, string sessionId)
    {
        if (sessions.Find(Uri.UnescapeDataString(sessionId)) is not { } session || context.Request.Query["role"] != "publish_subscribe")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using WebSocket webSocket = await context.WebSockets.AcceptWebSocketAsync();
        using ClientSocket socket = new(webSocket, weather);
        OpenDataChannel? opening = await OpeningAsync(socket, context.RequestAborted);
        if (opening is { ClientInstanceId: not null } && session is RelayedSession relayed && relayed.RedeemAgent(opening.TokenValue))
        {
            await relayed.ServeAgentAsync(socket, context.RequestAborted);
            return;
        }

        // An agent's token opens no client's end, nor a client's an agent's.
        if (opening is not { ClientInstanceId: null } || !session.Redeem(opening.TokenValue))
        {
            await webSocket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "The channel was not opened.", context.RequestAborted);
            return;
        }

        calls.Add(new RecordedCall(
            clock.GetUtcNow(), "ssmmessages", "OpenDataChannel", session.Node.AccountId, session.Node.Region, session.OwnerArn,
            SessionName: null, new Dictionary<string, string> { ["SessionId"] = session.SessionId }, ErrorCode: null));
        await session.ServeAsync(socket, context.RequestAborted);
    }

    private static async Task<OpenDataChannel?> OpeningAsync(ClientSocket socket, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(OpeningTimeout);
        try
        {
            return await socket.ReadAsync(patience.Token) is (WebSocketMessageType.Text, { } first)
                && PayloadJson.TryRead(first, out OpenDataChannel? opening) ? opening : null;
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
        {
            return null;
        }
    }
}
