using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using JitAccess.Domain.Nodes;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Aws;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Tests.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Aws;

/// <summary>Connections through a node, from the opener over the data channel and the emulator to a real port.</summary>
public sealed class PortSessionTests : IAsyncLifetime
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private EmulatedAws _aws = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask InitializeAsync()
    {
        _listener.Start();
        SandboxWorld world = DefaultWorld.Create();
        _aws = await EmulatedAws.StartAsync(world with
        {
            Nodes = [.. world.Nodes.Select(node => node.Id == DefaultWorld.DemoLinux2 ? node with { AgentVersion = "3.0.196.0" } : node)],
        });
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task ThreeParallelDownloadsAndUploads_OfThreeMegabytes_ArriveWhole()
    {
        byte[][] files = [.. Enumerable.Range(1, 3).Select(seed => Bytes(seed, 3 * 1024 * 1024))];
        Task server = ServeAsync(3, async stream =>
        {
            // The first byte says which file is wanted; the client's own follows and is sent back as its hash.
            byte[] wanted = new byte[1];
            await stream.ReadExactlyAsync(wanted, Cancellation);
            Task send = stream.WriteAsync(files[wanted[0]], Cancellation).AsTask();
            byte[] uploaded = new byte[files[wanted[0]].Length];
            await stream.ReadExactlyAsync(uploaded, Cancellation);
            await send;
            await stream.WriteAsync(SHA256.HashData(uploaded), Cancellation);
        });
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwarding(Port))).Ports;

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async index =>
        {
            await using PortStream stream = await ports.OpenStreamAsync(Cancellation);
            byte[] upload = Bytes(100 + index, files[index].Length), download = new byte[files[index].Length], hash = new byte[32];
            Task send = Task.Run(async () =>
            {
                await stream.WriteAsync(new[] { (byte)index }, Cancellation);
                await stream.WriteAsync(upload, Cancellation);
            });
            await stream.ReadExactlyAsync(download, Cancellation);
            await stream.ReadExactlyAsync(hash, Cancellation);
            await send;
            Assert.Equal(SHA256.HashData(files[index]), SHA256.HashData(download));
            Assert.Equal(SHA256.HashData(upload), hash);
            Assert.Equal(0, await stream.ReadOneAsync());
        }));
        await server;
    }

    [Fact]
    public async Task Session_CutAgainAndAgain_LosesAndDoublesNothing()
    {
        byte[] file = Bytes(1, 1024 * 1024);
        Task server = ServeAsync(1, async stream =>
        {
            byte[] uploaded = new byte[file.Length];
            Task send = stream.WriteAsync(file, Cancellation).AsTask();
            await stream.ReadExactlyAsync(uploaded, Cancellation);
            await send;
            Assert.Equal(file, uploaded);
        });
        (PortMultiplexer ports, string sessionId) = await OpenAsync(SessionDocument.PortForwarding(Port));
        await using PortMultiplexer ending = ports;
        await using PortStream stream = await ports.OpenStreamAsync(Cancellation);
        Task send = stream.WriteAsync(file, Cancellation).AsTask();
        byte[] download = new byte[file.Length];
        for (int part = 0; part < 4; part++)
        {
            await stream.ReadExactlyAsync(download.AsMemory(part * file.Length / 4, file.Length / 4), Cancellation);
            _aws.Emulator.Faults.CutDataChannel(sessionId);
        }

        await send;
        await server;
        Assert.Equal(file, download);
    }

    [Fact]
    public async Task PortThatNobodyListensOn_IsToldToTheOpener_AndTheSessionGoesOn()
    {
        int port = Port;
        _listener.Stop();
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwarding(port))).Ports;

        for (int attempt = 0; attempt < 2; attempt++)
        {
            await using PortStream stream = await ports.OpenStreamAsync(Cancellation);
            PortSessionException refused = await Assert.ThrowsAsync<PortSessionException>(() => stream.ReadOneAsync());
            Assert.True(refused.IsRefused);
            Assert.Equal("The node could not connect to the destination port.", refused.Message);
            await Assert.ThrowsAsync<PortSessionException>(async () => await stream.WriteAsync(new byte[1], Cancellation));
        }

        PortStream[] both = [await ports.OpenStreamAsync(Cancellation), await ports.OpenStreamAsync(Cancellation)];
        foreach (PortStream stream in both)
            Assert.True((await Assert.ThrowsAsync<PortSessionException>(() => stream.ReadOneAsync())).IsRefused);
        Assert.False(ports.Completion.IsCompleted);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    public async Task HostWithTheMachinesCredentials_IsForbidden(string host)
    {
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwardingToHost(host, 80))).Ports;

        ChannelEnd end = await ports.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(ChannelEndReason.Closed, end.Reason);
        Assert.Contains("is forbidden", end.Detail, StringComparison.Ordinal);
        PortSessionException ended = await Assert.ThrowsAsync<PortSessionException>(async () =>
        {
            PortStream stream = await ports.OpenStreamAsync(Cancellation);
            await stream.ReadOneAsync();
        });
        Assert.Contains("is forbidden", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoteHost_ByName_IsReached()
    {
        Task server = ServeAsync(1, stream => stream.WriteAsync("hello"u8.ToArray(), Cancellation).AsTask());
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwardingToHost("localhost", Port))).Ports;
        await using PortStream stream = await ports.OpenStreamAsync(Cancellation);
        Assert.Equal("hello", await ReadToEndAsync(stream));
        await server;
    }

    [Fact]
    public async Task WritesCompleted_TheOtherSideStillAnswers()
    {
        Task server = ServeAsync(1, async stream =>
        {
            string asked = await ReadToEndAsync(stream);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"you said {asked}"), Cancellation);
        });
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwarding(Port))).Ports;
        await using PortStream stream = await ports.OpenStreamAsync(Cancellation);

        await stream.WriteAsync("hello"u8.ToArray(), Cancellation);
        await stream.CompleteWritesAsync();

        Assert.Equal("you said hello", await ReadToEndAsync(stream));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.WriteAsync(new byte[1], Cancellation));
        await server;
    }

    [Fact]
    public async Task StreamThatNobodyReads_HoldsTheNodeBackWithoutGrowing_AndGetsEverythingLater()
    {
        const int size = 12 * 1024 * 1024;
        int written = 0;
        Task server = ServeAsync(1, async stream =>
        {
            byte[] chunk = new byte[64 * 1024];
            for (int at = 0; at < size; at += chunk.Length)
            {
                Array.Fill(chunk, (byte)(at / chunk.Length));
                await stream.WriteAsync(chunk, Cancellation);
                Volatile.Write(ref written, at + chunk.Length);
            }
        });
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwarding(Port))).Ports;
        await using PortStream stream = await ports.OpenStreamAsync(Cancellation);

        int before = -1;
        while (before != Volatile.Read(ref written) || before == 0)
        {
            before = Volatile.Read(ref written);
            await Task.Delay(1000, Cancellation);
        }

        // What the kernel's socket buffers hold is not ours; had all been taken, nothing would be left to write.
        Assert.InRange(before, 1, size - 1);
        byte[] all = new byte[size];
        await stream.ReadExactlyAsync(all, Cancellation);
        Assert.All(Enumerable.Range(0, size / 65536), chunk => Assert.Equal((byte)chunk, all[(chunk * 65536) + 77]));
        await server;
    }

    [Fact]
    public async Task StreamDisposedUnread_LetsTheOthersGoOn()
    {
        Task server = ServeAsync(2, async stream =>
        {
            int kind = stream.ReadByte();
            try
            {
                await stream.WriteAsync(kind == 1 ? new byte[4 * 1024 * 1024] : "small"u8.ToArray(), Cancellation);
            }
            catch (IOException) when (kind == 1)
            {
                // The client left.
            }
        });
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwarding(Port))).Ports;
        PortStream unread = await ports.OpenStreamAsync(Cancellation);
        await unread.WriteAsync(new byte[] { 1 }, Cancellation);
        await Task.Delay(500, Cancellation);
        await using PortStream other = await ports.OpenStreamAsync(Cancellation);
        await unread.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await unread.WriteAsync(new byte[1], Cancellation));

        await other.WriteAsync(new byte[] { 2 }, Cancellation);
        Assert.Equal("small", await ReadToEndAsync(other));
        await server;
    }

    [Fact]
    public async Task OldAgent_CarriesOneConnectionAtATime()
    {
        Task server = ServeAsync(2, async stream =>
        {
            byte[] asked = new byte[2];
            await stream.ReadExactlyAsync(asked, Cancellation);
            await stream.WriteAsync(asked, Cancellation);
            Assert.Equal(0, await stream.ReadOneAsync());
        });
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwarding(Port), DefaultWorld.DemoLinux2)).Ports;
        foreach (string text in new[] { "ab", "cd" })
        {
            await using PortStream stream = await ports.OpenStreamAsync(Cancellation);
            Assert.Contains("one connection at a time", (await Assert.ThrowsAsync<PortSessionException>(() => ports.OpenStreamAsync(Cancellation))).Message, StringComparison.Ordinal);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
            byte[] answer = new byte[2];
            await stream.ReadExactlyAsync(answer, Cancellation);
            Assert.Equal(text, Encoding.ASCII.GetString(answer));
        }

        await server;
    }

    [Fact]
    public async Task OldAgent_PortThatNobodyListensOn_IsTold()
    {
        int port = Port;
        _listener.Stop();
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.PortForwarding(port), DefaultWorld.DemoLinux2)).Ports;
        ChannelEnd end = await ports.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal("Unable to connect to specified port.", end.Detail);
    }

    [Fact]
    public async Task Ssh_BytesPassAsTheyAre_AndTheServersEndIsTheEnd()
    {
        byte[] blob = Bytes(3, 300_000);
        Task server = ServeAsync(1, async stream =>
        {
            await stream.WriteAsync("SSH-2.0-test\r\n"u8.ToArray(), Cancellation);
            byte[] got = new byte[blob.Length];
            await stream.ReadExactlyAsync(got, Cancellation);
            await stream.WriteAsync(got, Cancellation);
        });
        await using PortMultiplexer ports = (await OpenAsync(SessionDocument.Ssh(Port))).Ports;
        await using PortStream stream = await ports.OpenStreamAsync(Cancellation);
        byte[] banner = new byte[14];
        await stream.ReadExactlyAsync(banner, Cancellation);
        Assert.Equal("SSH-2.0-test\r\n", Encoding.ASCII.GetString(banner));

        Task send = stream.WriteAsync(blob, Cancellation).AsTask();
        byte[] back = new byte[blob.Length];
        await stream.ReadExactlyAsync(back, Cancellation);
        await send;

        Assert.Equal(blob, back);
        Assert.Equal(0, await stream.ReadOneAsync());
        Assert.Equal(new ChannelEnd(ChannelEndReason.Closed), await ports.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        await server;
    }

    [Fact]
    public async Task Dispose_EndsTheNodesSideToo()
    {
        (PortMultiplexer ports, string sessionId) = await OpenAsync(SessionDocument.PortForwarding(Port));
        PortStream stream = await ports.OpenStreamAsync(Cancellation);
        using TcpClient accepted = await _listener.AcceptTcpClientAsync(Cancellation);

        await ports.DisposeAsync();

        Assert.Equal(SessionStatus.Terminated, _aws.Emulator.Sessions.Single(session => session.SessionId == sessionId).Status);
        // An end or a reset, as the kernel likes.
        Assert.IsNotType<TimeoutException>(await Record.ExceptionAsync(() => accepted.GetStream().ReadOneAsync()));
        await Assert.ThrowsAsync<PortSessionException>(() => stream.ReadOneAsync());
        await Assert.ThrowsAsync<PortSessionException>(async () => await stream.WriteAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task PortOutOfRange_IsRefusedBeforeAnythingIsAsked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionDocument.PortForwarding(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionDocument.Ssh(65536));
        SessionDocument unknown = SessionDocument.PortForwarding(1) with { Parameters = new Dictionary<string, string> { ["nonsense"] = "1" } };
        await Assert.ThrowsAsync<AwsException>(() => _aws.Sessions.StartAsync(Order(unknown, DefaultWorld.DemoLinux), Cancellation));
    }

    private async Task<(PortMultiplexer Ports, string SessionId)> OpenAsync(SessionDocument document, string node = DefaultWorld.DemoLinux)
    {
        SessionOrder order = Order(document, node);
        OpenedSession opened = await _aws.Sessions.StartAsync(order, Cancellation);
        PortMultiplexer ports = PortMultiplexer.Start(
            opened.Address,
            async cancellationToken => await _aws.Sessions.ResumeAsync(order, opened.AwsSessionId, cancellationToken),
            new DataChannelOptions(),
            TimeProvider.System);
        return (ports, opened.AwsSessionId);
    }

    private static SessionOrder Order(SessionDocument document, string node) => new(
        "requester", EmulatedAws.MainTokyo, InstanceId.Parse(node), "look", DateTimeOffset.UtcNow.AddHours(1), document);

    private async Task ServeAsync(int connections, Func<NetworkStream, Task> serve)
    {
        List<Task> serving = [];
        for (int connection = 0; connection < connections; connection++)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(Cancellation);
            serving.Add(Task.Run(async () =>
            {
                using TcpClient mine = client;
                await serve(mine.GetStream());
            }));
        }

        await Task.WhenAll(serving);
    }

    private static async Task<string> ReadToEndAsync(Stream stream)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static byte[] Bytes(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
