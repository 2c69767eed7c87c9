using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace JitAccess.Web.Tests.Faults;

/// <summary>
/// The wire between an application and Postgres, cut into steps: each complete question that leaves the application, and each complete answer
/// before it arrives. At a chosen step the wire stops for good, so that the application can be killed there: the question of that step was
/// never asked, or its answer never heard. (Frontend/backend protocol, version 3: a question ends with Sync or Query, an answer with ReadyForQuery.)
/// </summary>
internal sealed class PostgresWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IPEndPoint _postgres;
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private int _stepsLeft = int.MaxValue;

    public PostgresWire(string connectionString)
    {
        NpgsqlConnectionStringBuilder real = new(connectionString);
        _postgres = new IPEndPoint(IPAddress.Loopback, real.Port);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>The way to Postgres through this wire.</summary>
    public string ConnectionString { get; }

    /// <summary>Completes when the wire has stopped.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets that many further steps pass, and stops before the next.</summary>
    public void StopAfter(int steps)
    {
        lock (_gate) _stepsLeft = steps;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket application)
    {
        using Socket postgres = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (application)
        {
            application.NoDelay = true;
            await postgres.ConnectAsync(_postgres, _stop.Token);
            await Task.WhenAny(PumpAsync(application, postgres, isQuestion: true), PumpAsync(postgres, application, isQuestion: false));
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isQuestion)
    {
        try
        {
            await using NetworkStream stream = new(from, ownsSocket: false);
            // The application's first message has no type.
            if (isQuestion) await ForwardAsync(await ReadAsync(stream, hasType: false), to);
            while (true)
            {
                byte[] message = await ReadAsync(stream, hasType: true);
                bool isStep = isQuestion ? message[0] is (byte)'S' or (byte)'Q' : message[0] == (byte)'Z';
                if (isStep) await PassAsync();
                await ForwardAsync(message, to);
            }
        }
        catch (Exception exception) when (exception is IOException or EndOfStreamException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone; the other is closed by the caller.
        }
    }

    private async Task PassAsync()
    {
        lock (_gate)
        {
            if (_stepsLeft > 0)
            {
                _stepsLeft--;
                return;
            }
        }
        _reached.TrySetResult();
        await Task.Delay(Timeout.Infinite, _stop.Token);
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream, bool hasType)
    {
        byte[] head = new byte[hasType ? 5 : 4];
        await stream.ReadExactlyAsync(head, _stop.Token);
        byte[] message = new byte[head.Length + BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4)) - 4];
        head.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(head.Length), _stop.Token);
        return message;
    }

    private async Task ForwardAsync(byte[] message, Socket to)
    {
        for (int sent = 0; sent < message.Length;) sent += await to.SendAsync(message.AsMemory(sent), _stop.Token);
    }
}
