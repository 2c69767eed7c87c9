using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace JitAccess.EndToEnd.Tests.Stage;

/// <summary>The network between a browser and the application, which can go silent or break.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly Uri target;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> connections = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private volatile TaskCompletionSource questions = Open();
    private volatile TaskCompletionSource answers = Open();
    private volatile bool isCut;

    public Gate(Uri target)
    {
        this.target = target;
        listener.Start();
        Address = new UriBuilder(target) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>From now on the application hears the browser, but the browser hears nothing.</summary>
    public void HoldAnswers() => answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on nothing comes through, and no connection is closed: a network that swallows everything.</summary>
    public void HoldEverything()
    {
        questions = new(TaskCreationOptions.RunContinuationsAsynchronously);
        HoldAnswers();
    }

    /// <summary>Breaks every connection, and refuses new ones.</summary>
    public void Cut()
    {
        isCut = true;
        foreach ((Socket browser, Socket application) in connections)
            Close(browser, application);
    }

    /// <summary>The network is well again; what was held comes through.</summary>
    public void Mend()
    {
        isCut = false;
        questions.TrySetResult();
        answers.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        Cut();
        Mend();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptSocketAsync(stop.Token));
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket browser)
    {
        using Socket application = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (browser)
        {
            browser.NoDelay = true;
            connections[browser] = application;
            try
            {
                if (isCut)
                    return;
                await application.ConnectAsync(target.Host, target.Port, stop.Token);
                await Task.WhenAny(
                    PumpAsync(browser, application, () => questions.Task),
                    PumpAsync(application, browser, () => answers.Task));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Cut, or the application is away.
            }
            finally
            {
                connections.TryRemove(browser, out _);
                Close(browser, application);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<Task> isOpen)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stop.Token) is > 0 and int count)
            {
                await isOpen().WaitAsync(stop.Token);
                await to.SendAsync(buffer.AsMemory(0, count), stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone; the other is closed by the caller.
        }
    }

    private static void Close(params Socket[] sockets)
    {
        foreach (Socket socket in sockets)
            socket.Close(0);
    }

    private static TaskCompletionSource Open()
    {
        TaskCompletionSource open = new();
        open.SetResult();
        return open;
    }
}
