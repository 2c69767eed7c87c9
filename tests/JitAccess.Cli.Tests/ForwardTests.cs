using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using JitAccess.Cli.Commands;
using JitAccess.Sandbox.Aws;
using JitAccess.Web.Sessions.DataChannel;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Cli.Tests;

/// <summary><c>jit forward</c> and <c>jit ssh-proxy</c> through a real server and the emulator to real ports.</summary>
public sealed partial class ForwardTests : IAsyncLifetime
{
    private const int Length = 3_000_000;

    private readonly TcpListener _port = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private AwsEmulator _aws = null!;
    private AmazonSimpleSystemsManagementClient _ssm = null!;
    private CliStage _stage = null!;
    private Task _serving = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_port.LocalEndpoint).Port;

    public async ValueTask InitializeAsync()
    {
        _port.Start();
        _serving = ServeAsync();
        EmulatedAccessKey key = EmulatedAccessKey.CreateRandom($"arn:aws:iam::{DefaultWorld.MainAccount}:user/tester");
        _aws = await AwsEmulator.StartAsync(new AwsEmulatorOptions { World = DefaultWorld.Create() with { AccessKeys = [key] } }, Cancellation);
        _ssm = new AmazonSimpleSystemsManagementClient(key.AccessKeyId, key.SecretAccessKey, new AmazonSimpleSystemsManagementConfig { ServiceURL = _aws.Endpoint.ToString(), AuthenticationRegion = DefaultWorld.Tokyo });
        _stage = await CliStage.CreateAsync();
        await _stage.LoginAsync(TestPeople.Requester);
        await _stage.JsonAsync(TestPeople.Requester, "request", "demo-linux2", "-r", "look");
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        _ssm.Dispose();
        await _aws.DisposeAsync();
        await _stop.CancelAsync();
        _port.Dispose();
        await _serving;
        _stop.Dispose();
    }

    [Fact]
    public async Task Forward_OnATerminal_CarriesThreeDownloadsAtOnce_AndEndsItsSessionAtControlC()
    {
        _stage.Api.World.Aws.Channel = await AddressAsync(Port);
        await using JitOnTerminal jit = JitOnTerminal.Start(Path.GetDirectoryName(_stage.FolderOf(TestPeople.Requester))!, $"forward demo-linux2 0:{Port}");
        await jit.UntilAsync(() => LocalPort().IsMatch(jit.Shown), "it listens");
        int local = int.Parse(LocalPort().Match(jit.Shown).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

        string[] hashes = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => DownloadAsync(local, number)));
        Assert.Equal(Enumerable.Range(0, 3).Select(number => Convert.ToHexString(SHA256.HashData(Content(number)))), hashes);

        jit.Type("\u0003");
        await Until.TrueAsync(async () => (await _stage.Api.World.QueryAsync("select \"end\" || ' ' || destination from sessions")) is [var end] && end == $"Closed port {Port}", "the session has ended");
        Assert.Equal(0, await _stage.Api.World.CountAsync("recordings"));
    }

    [Fact]
    public async Task SshProxy_CarriesOneConnectionOverItsOwnStreams()
    {
        _stage.Api.World.Aws.Channel = await AddressAsync(Port);
        await using StringWriter output = new(), error = new();
        using MemoryStream received = new();
        using CliContext known = _stage.Context(TestPeople.Requester, output, error);
        using CliContext context = new()
        {
            Out = output,
            Error = error,
            Folder = known.Folder,
            Time = known.Time,
            OpenInput = () => new MemoryStream(Encoding.ASCII.GetBytes("1\n")),
            OpenOutput = () => received,
        };
        Assert.Equal(ExitCode.Done, await Jit.RunAsync(["ssh-proxy", "demo-linux2", "--port", $"{Port}"], context, Cancellation));
        Assert.Equal(SHA256.HashData(Content(1)), SHA256.HashData(received.ToArray()));
        Assert.Equal(["Closed"], await _stage.Api.World.QueryAsync("select \"end\" from sessions"));
    }

    [Fact]
    public async Task PortSession_IsItsOwnersAlone_AndNoTerminal()
    {
        _stage.Api.World.Aws.Channel = await AddressAsync(Port);
        await using StringWriter output = new(), error = new();
        using CliContext context = _stage.Context(TestPeople.Requester, output, error);
        using CancellationTokenSource ctrlC = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> running = Jit.RunAsync(["forward", "demo-linux2", $"0:{Port}"], context, ctrlC.Token);
        await Until.TrueAsync(() => LocalPort().IsMatch(error.ToString()) || running.IsCompleted, "it listens");
        string session = (await _stage.Api.World.QueryAsync("select id from sessions"))[0];
        await _stage.LoginAsync(TestPeople.Stranger);
        using HttpClient stranger = await ClientAsync(TestPeople.Stranger);
        foreach (string path in new[] { "stream", "socket" })
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri($"/sessions/{session}/{path}", UriKind.Relative), Cancellation)).StatusCode);
        using HttpClient owner = await ClientAsync(TestPeople.Requester);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync(new Uri($"/sessions/{session}/socket", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await owner.GetAsync(new Uri($"/sessions/{session}/stream", UriKind.Relative), Cancellation)).StatusCode);
        await ctrlC.CancelAsync();
        await Task.WhenAny(running);
    }

    [Theory]
    [InlineData("5432", 5432, null, 5432)]
    [InlineData("15432:5432", 15432, null, 5432)]
    [InlineData("0:db.internal:5432", 0, "db.internal", 5432)]
    [InlineData("1:[fd00::1]:5432", 1, "fd00::1", 5432)]
    public void Ports_AreReadAsPeopleWriteThem(string text, int local, string? host, int remote) => Assert.Equal(new PortSpec(local, host, remote), PortSpec.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("http")]
    [InlineData("65536")]
    [InlineData("1:2:3:4")]
    [InlineData("1::2")]
    [InlineData("1:host:")]
    public void Ports_ThatAreNone_AreRefused(string text) => Assert.Null(PortSpec.Parse(text));

    private async Task<HttpClient> ClientAsync(Domain.People.Actor actor)
    {
        using CliContext context = _stage.Context(actor, TextWriter.Null, TextWriter.Null);
        HttpClient client = new() { BaseAddress = _stage.Api.Address };
        client.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", await new Client.JitClient(context).AccessTokenAsync(null, Cancellation));
        return client;
    }

    private static byte[] Content(int number)
    {
        byte[] content = new byte[Length];
        new Random(number).NextBytes(content);
        return content;
    }

    private static async Task<string> DownloadAsync(int port, int number)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{number}\n"), Cancellation);
        using MemoryStream content = new();
        await stream.CopyToAsync(content, Cancellation);
        return Convert.ToHexString(SHA256.HashData(content.ToArray()));
    }

    /// <summary>A server that answers a number with its content, then closes.</summary>
    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _port.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(async () =>
                {
                    using (client)
                    {
                        NetworkStream stream = client.GetStream();
                        byte[] asked = new byte[2];
                        await stream.ReadExactlyAsync(asked, _stop.Token);
                        await stream.WriteAsync(Content(asked[0] - '0'), _stop.Token);
                    }
                }, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<DataChannelAddress> AddressAsync(int port)
    {
        StartSessionResponse started = await _ssm.StartSessionAsync(new StartSessionRequest
        {
            Target = DefaultWorld.DemoLinux,
            DocumentName = "AWS-StartPortForwardingSession",
            Parameters = new Dictionary<string, List<string>> { ["portNumber"] = [$"{port}"] },
        }, Cancellation);
        return new DataChannelAddress(new Uri(started.StreamUrl), started.TokenValue);
    }

    [GeneratedRegex("127.0.0.1:([0-9]+) leads to")]
    private static partial Regex LocalPort();
}
