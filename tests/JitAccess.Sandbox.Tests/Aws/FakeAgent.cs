using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Tests.Aws;

/// <summary>
/// A machine's own agent as the emulator sees it on the wire: signed requests, a control channel, a data channel a session. Its
/// shell prompts, repeats what it hears in capitals, and ends at <c>exit</c>.
/// </summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly Uri endpoint;
    private readonly EmulatedAccessKey key;
    private readonly string nodeId;
    private readonly string? sessionToken;
    private readonly HttpMessageInvoker http;
    private readonly CancellationTokenSource stop = new();
    private readonly ClientWebSocket control = new();
    private readonly SemaphoreSlim controlSending = new(1);
    private readonly ConcurrentBag<Task> running = [];
    private readonly ConcurrentDictionary<string, ClientWebSocket> channels = new();

    private FakeAgent(Uri endpoint, EmulatedAccessKey key, string nodeId, X509Certificate2? trusted, string? sessionToken)
    {
        (this.endpoint, this.key, this.nodeId, this.sessionToken) = (endpoint, key, nodeId, sessionToken);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, presented, _, _) => trusted is not null && presented?.GetCertHashString() == trusted.GetCertHashString(),
            },
        });
    }

    /// <summary>The contents of the tasks to start a session.</summary>
    public ConcurrentQueue<JsonElement> Started { get; } = new();

    /// <summary>The types of all messages on control and data channels that are no stream.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public static async Task<FakeAgent> AttachAsync(
        Uri endpoint, EmulatedAccessKey key, string nodeId, X509Certificate2? trusted = null, string? sessionToken = null)
    {
        FakeAgent agent = new(endpoint, key, nodeId, trusted, sessionToken);
        string path = $"/v1/control-channel/{nodeId}";
        string token = await agent.PostAsync(path);
        await agent.OpenAsync(agent.control, $"{path}?role=subscribe&stream=input", new { MessageSchemaVersion = "1.0", TokenValue = token, AgentVersion = "3.3.0.0", PlatformType = "linux" });
        agent.running.Add(agent.ListenAsync());
        return agent;
    }

    /// <summary>Cuts the agent's end of a session; it opens it anew.</summary>
    public void CutDataChannel(string sessionId) => channels[sessionId].Abort();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        control.Abort();
        foreach (ClientWebSocket channel in channels.Values)
            channel.Abort();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        control.Dispose();
        http.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await ReceiveAsync(control) is { } message)
        {
            Heard.Enqueue(message.MessageType);
            if (message.MessageType != "interactive_shell")
                continue;
            using JsonDocument task = JsonDocument.Parse(message.Payload);
            using JsonDocument content = JsonDocument.Parse(task.RootElement.GetProperty("Content").GetString()!);
            Started.Enqueue(content.RootElement.Clone());
            running.Add(RunSessionAsync(content.RootElement.GetProperty("SessionId").GetString()!));
        }
    }

    private async Task RunSessionAsync(string sessionId)
    {
        OutgoingStream outgoing = new(MessageTypes.OutputStreamData, TimeProvider.System, MessageFlags.First);
        IncomingStream incoming = new();
        outgoing.Enqueue(PayloadType.Output, "# "u8.ToArray());
        bool isOver = false, isPaused = false;
        while (!isOver)
        {
            using ClientWebSocket channel = new();
            channels[sessionId] = channel;
            string token = await PostAsync($"/v1/data-channel/{sessionId}");
            await OpenAsync(channel, $"/v1/data-channel/{sessionId}?role=publish_subscribe", new { MessageSchemaVersion = "1.0", RequestId = Guid.NewGuid(), TokenValue = token, ClientInstanceId = nodeId, ClientId = "" }, isSigned: false);
            await SendAsync(channel, Control(MessageTypes.AgentSessionState, PayloadJson.Write(new AgentSessionState("Connected", sessionId))));
            outgoing.SendAllAgain();
            Task<AgentMessage?> next = ReceiveAsync(channel);
            while (true)
            {
                while (!isPaused && outgoing.TryTakeDue(out ReadOnlyMemory<byte> frame))
                    await SendAsync(channel, frame.ToArray());
                if (await Task.WhenAny(next, Task.Delay(20, stop.Token)) != next)
                {
                    if (isOver && outgoing.Unacknowledged == 0)
                        break;
                    continue;
                }

                if (await next is not { } message)
                    break;
                next = ReceiveAsync(channel);
                isPaused = message.MessageType == MessageTypes.PausePublication || (isPaused && message.MessageType != MessageTypes.StartPublication);
                if (message.MessageType is MessageTypes.Acknowledge && PayloadJson.TryRead(message.Payload.Span, out Acknowledge? acknowledge))
                    outgoing.Acknowledge(acknowledge, out _);
                else if (message.MessageType is MessageTypes.InputStreamData)
                    isOver |= await TakeAsync(channel, message, incoming, outgoing);
                else
                    Heard.Enqueue(message.MessageType);
            }
        }

        await SendAsync(channels[sessionId], Control(MessageTypes.AgentSessionState, PayloadJson.Write(new AgentSessionState("Terminating", sessionId))));
        await controlSending.WaitAsync(stop.Token);
        await SendAsync(control, Control("agent_task_complete", JsonSerializer.SerializeToUtf8Bytes(
            new { SchemaVersion = 1, TaskId = sessionId, Topic = "agent_task_complete", FinalTaskStatus = "Success", InstanceId = nodeId, Output = "" })));
        controlSending.Release();
    }

    private static async Task<bool> TakeAsync(ClientWebSocket channel, AgentMessage message, IncomingStream incoming, OutgoingStream outgoing)
    {
        bool isOver = false;
        if (incoming.Accept(message) == Arrival.InOrder)
        {
            for (AgentMessage? next = message; next is not null; incoming.TryGetExpected(out next))
            {
                string text = Encoding.UTF8.GetString(next.Payload.Span);
                if (next.PayloadType == PayloadType.Output)
                    outgoing.Enqueue(PayloadType.Output, Encoding.UTF8.GetBytes(text.ToUpperInvariant()));
                isOver |= next.PayloadType == PayloadType.Output && text.Contains("exit", StringComparison.Ordinal);
                incoming.Advance();
            }
        }

        await SendAsync(channel, AgentMessage.Acknowledging(message, DateTimeOffset.UtcNow).ToArray());
        return isOver;
    }

    private async Task<string> PostAsync(string path)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { MessageSchemaVersion = "1.0", RequestId = Guid.NewGuid() });
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(endpoint, path)) { Content = new ByteArrayContent(body) };
        foreach ((string name, string value) in Signed("POST", path, body))
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await http.SendAsync(request, stop.Token);
        string text = await response.Content.ReadAsStringAsync(stop.Token);
        return response.StatusCode == System.Net.HttpStatusCode.Created
            ? XElement.Parse(text).Element("TokenValue")!.Value
            : throw new InvalidOperationException($"{(int)response.StatusCode} {text}");
    }

    private async Task OpenAsync<T>(ClientWebSocket socket, string target, T opening, bool isSigned = true)
    {
        if (isSigned)
            foreach ((string name, string value) in Signed("GET", target, []))
                socket.Options.SetRequestHeader(name, value);
        UriBuilder address = new(new Uri(endpoint, target)) { Scheme = endpoint.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" };
        await socket.ConnectAsync(address.Uri, http, stop.Token);
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(opening), WebSocketMessageType.Text, true, stop.Token);
    }

    private Dictionary<string, string> Signed(string method, string target, byte[] body)
    {
        string time = DateTimeOffset.UtcNow.ToString(SignedRequest.TimeFormat, System.Globalization.CultureInfo.InvariantCulture);
        Dictionary<string, string> headers = new() { ["host"] = endpoint.Authority, ["x-amz-date"] = time };
        if (sessionToken is not null)
            headers["x-amz-security-token"] = sessionToken;
        string[] names = [.. headers.Keys.Order(StringComparer.Ordinal)];
        CredentialScope scope = new(time[..8], DefaultWorld.Tokyo, "ssmmessages");
        string signature = new SignedRequest { Method = method, Target = target, Headers = headers, Body = body }.Sign(key.SecretAccessKey, scope, names);
        headers.Remove("host");
        headers["Authorization"] =
            $"AWS4-HMAC-SHA256 Credential={key.AccessKeyId}/{scope.Date}/{scope.Region}/{scope.Service}/aws4_request, SignedHeaders={string.Join(';', names)}, Signature={signature}";
        return headers;
    }

    private async Task<AgentMessage?> ReceiveAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), stop.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            Assert.True(AgentMessage.TryParse(buffer.AsMemory(0, received.Count), out AgentMessage? message, out FrameDefect defect), defect.ToString());
            return message;
        }
        catch (Exception broken) when (!stop.IsCancellationRequested && broken is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static byte[] Control(string type, byte[] payload) => new AgentMessage
    {
        MessageType = type,
        CreatedDate = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        Flags = MessageFlags.First | MessageFlags.Last,
        Payload = payload,
    }.ToArray();

    private static async Task SendAsync(ClientWebSocket socket, byte[] frame)
    {
        try
        {
            await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Binary, true, CancellationToken.None);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, as the reader sees too.
        }
    }
}
