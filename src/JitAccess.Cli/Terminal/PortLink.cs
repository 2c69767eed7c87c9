using System.Net;
using System.Net.WebSockets;
using JitAccess.Cli.Client;

namespace JitAccess.Cli.Terminal;

/// <summary>Carries one connection between a stream here and a port behind a node: binary messages are its bytes, and closing says that no more will come.</summary>
internal sealed class PortLink(JitClient client, Uri address)
{
    private const int BufferLength = 32 * 1024;

    /// <summary>Until both sides are done, or the session is.</summary>
    /// <returns>Why the connection failed, in words; null if it did not.</returns>
    /// <exception cref="CliException">The session is over, or the login.</exception>
    public async Task<string?> RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        using ClientWebSocket socket = await OpenAsync(cancellationToken);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAsync(input, socket, stop.Token);
        try
        {
            byte[] buffer = new byte[BufferLength];
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close) return socket.CloseStatus == WebSocketCloseStatus.NormalClosure ? null : socket.CloseStatusDescription ?? "The connection was broken off.";
                await output.WriteAsync(buffer.AsMemory(0, received.Count), cancellationToken);
                await output.FlushAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            return exception.Message;
        }
        finally
        {
            await stop.CancelAsync();
            // Reading keys or a pipe cannot always be broken off; nothing more is sent of it.
            if (await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None)) == sending) await AnswerCloseAsync(socket);
        }
    }

    private static async Task AnswerCloseAsync(ClientWebSocket socket)
    {
        if (socket.State != WebSocketState.CloseReceived) return;
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(2));
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // All that was to come has come.
        }
    }

    private async Task<ClientWebSocket> OpenAsync(CancellationToken cancellationToken)
    {
        string? refused = null;
        while (true)
        {
            ClientWebSocket socket = new();
            socket.Options.CollectHttpResponseDetails = true;
            string token = await client.AccessTokenAsync(refused, cancellationToken);
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            try
            {
                await socket.ConnectAsync(new UriBuilder(address) { Scheme = address.Scheme == "https" ? "wss" : "ws" }.Uri, cancellationToken);
                return socket;
            }
            catch (WebSocketException exception)
            {
                HttpStatusCode status = socket.HttpStatusCode;
                socket.Dispose();
                if (status == HttpStatusCode.Unauthorized && refused is null) refused = token;
                else if (status == HttpStatusCode.NotFound) throw new CliException(ExitCode.Done, "The session is over.");
                else if (status == HttpStatusCode.Forbidden) throw new CliException(ExitCode.Refused, "The login does not include the scope connect. Run jit login again.");
                else throw new CliException(ExitCode.Failed, $"The connection could not be opened: {exception.Message}");
            }
        }
    }

    private static async Task SendAsync(Stream input, ClientWebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferLength];
        try
        {
            for (int length; (length = await input.ReadAsync(buffer, cancellationToken)) > 0;)
                await socket.SendAsync(buffer.AsMemory(0, length), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever receives sees how it ended.
        }
    }
}
