using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitAccess.Web.Sessions.DataChannel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>
/// Plays the agent's and the service's part of a recorded session, byte for byte and in the recorded order, and holds our client
/// to what AWS's own client said at each point. Only the order of the client's acknowledgements among its other messages is free.
/// </summary>
internal sealed class CapturedAgent : IAsyncDisposable
{
    private readonly IReadOnlyList<CapturedFrame> _frames;
    private readonly WebApplication _app;
    private readonly SessionCipher? _cipher;
    private readonly TaskCompletionSource<WebSocket> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<long, AgentMessage> _messages = new();
    private readonly ConcurrentDictionary<long, Acknowledge> _acknowledgements = new();

    private CapturedAgent(IReadOnlyList<CapturedFrame> frames, WebApplication app, SessionCipher? cipher) =>
        (_frames, _app, _cipher) = (frames, app, cipher);

    /// <summary>How many of the client's stream messages were compared.</summary>
    public int Compared { get; private set; }

    public static async Task<CapturedAgent> StartAsync(IReadOnlyList<CapturedFrame> frames, SessionCipher? cipher)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        CapturedAgent agent = new(frames, builder.Build(), cipher);
        agent._app.UseWebSockets();
        agent._app.Map("/v1/data-channel/s", agent.HandleAsync);
        await agent._app.StartAsync(TestContext.Current.CancellationToken);
        return agent;
    }

    public DataChannelAddress Address(ISessionKeys? keys)
    {
        Uri url = new(_app.Urls.Single().Replace("http", "ws", StringComparison.Ordinal) + "/v1/data-channel/s");
        return new DataChannelAddress(url, "token") { Keys = keys };
    }

    /// <summary>Plays it all.</summary>
    /// <param name="drive">Makes the client say what the person at AWS's client made that one say: type, content.</param>
    public async Task PlayAsync(Func<PayloadType, byte[], Task> drive)
    {
        WebSocket socket = await _opened.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        foreach (CapturedFrame frame in _frames.Where(frame => frame.Bytes is not null))
        {
            Assert.True(AgentMessage.TryParse(frame.Bytes, out AgentMessage? recorded, out _));
            if (recorded.MessageType == MessageTypes.AgentSessionState)
                continue; // The service keeps it to itself.
            if (frame.From != "client")
                await socket.SendAsync(frame.Bytes.AsMemory(), WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
            else if (recorded.MessageType == MessageTypes.Acknowledge)
                await CompareAcknowledgementAsync(recorded);
            else
                await CompareMessageAsync(recorded, drive);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _done.TrySetResult();
        await _app.DisposeAsync();
    }

    private async Task CompareAcknowledgementAsync(AgentMessage recorded)
    {
        Assert.True(PayloadJson.TryRead(recorded.Payload.Span, out Acknowledge? expected));
        Acknowledge? actual = null;
        await Eventually.TrueAsync(
            () => _acknowledgements.TryGetValue(expected.AcknowledgedMessageSequenceNumber, out actual), $"the acknowledgement of {expected.AcknowledgedMessageSequenceNumber}");
        Assert.Equal(expected, actual);
    }

    private async Task CompareMessageAsync(AgentMessage recorded, Func<PayloadType, byte[], Task> drive)
    {
        if (!_messages.ContainsKey(recorded.SequenceNumber) && recorded.PayloadType is PayloadType.Output or PayloadType.Size)
            await drive(recorded.PayloadType, Content(recorded));
        AgentMessage? actual = null;
        await Eventually.TrueAsync(
            () => _messages.TryGetValue(recorded.SequenceNumber, out actual), $"the client's message {recorded.SequenceNumber}, {recorded.PayloadType}");
        Assert.Equal(
            (recorded.MessageType, recorded.PayloadType, recorded.Flags, recorded.SchemaVersion),
            (actual!.MessageType, actual.PayloadType, actual.Flags, actual.SchemaVersion));
        byte[] expectedContent = Content(recorded), actualContent = Content(actual);
        if (recorded.PayloadType == PayloadType.Output || recorded.PayloadType == PayloadType.EncryptionChallengeResponse)
            Assert.Equal(expectedContent, actualContent);
        else
            Assert.Equal(Encoding.UTF8.GetString(expectedContent), Encoding.UTF8.GetString(actualContent));
        Compared++;
    }

    /// <summary>What a message says: what is encrypted for the node is decrypted.</summary>
    private byte[] Content(AgentMessage message)
    {
        if (_cipher is null || message.PayloadType is not (PayloadType.Output or PayloadType.EncryptionChallengeResponse))
            return message.Payload.ToArray();
        byte[] encrypted = message.Payload.ToArray();
        if (message.PayloadType == PayloadType.EncryptionChallengeResponse)
        {
            Assert.True(PayloadJson.TryRead(encrypted, out EncryptionChallenge? challenge));
            encrypted = Convert.FromBase64String(challenge.Challenge);
        }

        Assert.True(_cipher.TryDecrypt(encrypted, out byte[]? plain));
        return plain;
    }

    private async Task HandleAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            ValueWebSocketReceiveResult first = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            CheckOpening(Encoding.UTF8.GetString(buffer, 0, first.Count));
            _opened.TrySetResult(socket);
            while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: WebSocketMessageType.Binary } received)
            {
                Assert.True(AgentMessage.TryParse(buffer.AsMemory(0, received.Count).ToArray(), out AgentMessage? message, out FrameDefect defect), defect.ToString());
                if (message.MessageType != MessageTypes.Acknowledge)
                    _messages.TryAdd(message.SequenceNumber, message);
                else if (PayloadJson.TryRead(message.Payload.Span, out Acknowledge? acknowledge))
                    _acknowledgements[acknowledge.AcknowledgedMessageSequenceNumber] = acknowledge;
            }

            await _done.Task;
        }
        catch (Exception exception) when (exception is not (WebSocketException or OperationCanceledException))
        {
            _opened.TrySetException(exception);
        }
        catch (Exception)
        {
            // The client went.
        }
    }

    private void CheckOpening(string text)
    {
        string recorded = _frames.First(frame => frame is { From: "client", Text: not null }).Text!;
        JsonObject expected = JsonNode.Parse(recorded)!.AsObject(), actual = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(expected.Select(member => member.Key), actual.Select(member => member.Key));
        Assert.Equal((string?)expected["ClientVersion"], (string?)actual["ClientVersion"]);
        Assert.Equal((string?)expected["MessageSchemaVersion"], (string?)actual["MessageSchemaVersion"]);
        Assert.Equal(JsonValueKind.String, actual["TokenValue"]!.GetValueKind());
    }
}
