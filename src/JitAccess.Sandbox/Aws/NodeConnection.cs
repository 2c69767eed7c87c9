using System.Collections.Concurrent;
using System.Net.Sockets;

namespace JitAccess.Sandbox.Aws;

/// <summary>One TCP connection of a port session, from the node to the destination. Reads and writes on threads of its own.</summary>
internal sealed class NodeConnection
{
    private const int ReadBytes = 16 * 1024;

    private readonly BlockingCollection<byte[]> writes = [];
    private readonly Lock gate = new();
    private Socket? socket;
    private bool isClosed;

    /// <summary>Takes what was read; false: read no more.</summary>
    public delegate bool Taker(ReadOnlySpan<byte> data);

    /// <summary>Whether nothing more will be read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Completes when the threads have ended.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Connects and goes on until both directions have ended, or <see cref="Close"/>.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="take">Takes what is read.</param>
    /// <param name="onUsed">That many bytes were written, or given up.</param>
    /// <param name="onEnd">Nothing more will be read: null, or why there is no connection.</param>
    public void Start(PortDestination destination, Taker take, Action<int> onUsed, Action<Exception?> onEnd) =>
        Completion = OnItsOwnThread(() => Run(destination, take, onUsed, onEnd));

    /// <summary>Queues bytes to write.</summary>
    public bool Write(byte[] data)
    {
        if (writes.IsAddingCompleted)
            return false;
        writes.Add(data);
        return true;
    }

    /// <summary>After what is queued, the destination is told that no more will come.</summary>
    public void CompleteWrites() => writes.CompleteAdding();

    /// <summary>Ends the connection now.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            // Not disposed while a thread reads: the destination would see a reset instead of an end.
            if (socket is not null)
                ShutDown(socket);
        }

        writes.CompleteAdding();
    }

    private void Run(PortDestination destination, Taker take, Action<int> onUsed, Action<Exception?> onEnd)
    {
        try
        {
            Socket connected = destination.Connect();
            lock (gate)
            {
                socket = connected;
                if (isClosed)
                    ShutDown(connected);
            }
        }
        catch (Exception failure) when (failure is SocketException or ForbiddenDestinationException or ArgumentException)
        {
            writes.CompleteAdding();
            GiveUp(onUsed);
            HasEnded = true;
            onEnd(failure);
            return;
        }

        Task reading = OnItsOwnThread(() =>
        {
            Read(take);
            HasEnded = true;
            onEnd(null);
        });
        Write(onUsed);
        reading.Wait();
        socket.Dispose();
    }

    private void Read(Taker take)
    {
        byte[] buffer = new byte[ReadBytes];
        try
        {
            int count;
            while ((count = socket!.Receive(buffer)) > 0 && take(buffer.AsSpan(0, count)))
            {
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // Whoever cut it, nothing more comes.
        }
    }

    private void Write(Action<int> onUsed)
    {
        try
        {
            foreach (byte[] data in writes.GetConsumingEnumerable())
            {
                // Counted even if it fails: it is gone.
                onUsed(data.Length);
                for (int sent = 0; sent < data.Length;)
                    sent += socket!.Send(data.AsSpan(sent));
            }

            socket!.Shutdown(SocketShutdown.Send);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            writes.CompleteAdding();
            GiveUp(onUsed);
        }
    }

    private static void ShutDown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Ended already.
        }
    }

    private void GiveUp(Action<int> onUsed)
    {
        while (writes.TryTake(out byte[]? data))
            onUsed(data.Length);
    }

    private static Task OnItsOwnThread(Action run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
