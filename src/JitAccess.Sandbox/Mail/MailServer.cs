using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace JitAccess.Sandbox.Mail;

/// <summary>A mail server on loopback (SMTP, RFC 5321) that takes every message and delivers none: it keeps them, as files if it is given a folder.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly MailServerOptions options;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<ReceivedMail> mails = new();
    private readonly Task accepting;
    private int written;

    private MailServer(MailServerOptions options)
    {
        this.options = options;
        listener = new TcpListener(IPAddress.Loopback, options.Port ?? 0);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>All that has arrived, in order.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. mails];

    public static MailServer Start(MailServerOptions options)
    {
        if (options.Folder is { } folder)
            Processes.PrivateFolder.Create(folder);
        return new MailServer(options);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stopping.Token);
                conversations.Add(ConverseAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // It is being stopped.
        }
        await Task.WhenAll(conversations);
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using TcpClient held = client;
        try
        {
            using MailConversation conversation = new(client.GetStream(), options, TakeAsync);
            await conversation.RunAsync(stopping.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The other side hung up, or the server is being stopped.
        }
    }

    private async Task TakeAsync(ReceivedMail mail)
    {
        mails.Enqueue(mail);
        if (options.Folder is not { } folder)
            return;
        string name = $"{DateTimeOffset.UtcNow:yyyyMMdd-HHmmss}-{Interlocked.Increment(ref written):000}.eml";
        await Processes.PrivateFile.WriteAsync(Path.Combine(folder, name), mail.Text, stopping.Token);
    }
}
