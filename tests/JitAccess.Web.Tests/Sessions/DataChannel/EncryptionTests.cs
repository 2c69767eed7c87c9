using System.Text;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class EncryptionTests : IAsyncLifetime
{
    private const string KeyArn = "arn:aws:kms:eu-west-1:111111111111:key/k";

    private readonly Listener _listener = new();
    private ChannelServer _server = null!;
    private DataChannelClient? _client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ChannelServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Session_ThatTheNodeWantsEncrypted_CarriesNothingInTheClear()
    {
        FakeSessionKeys keys = new();
        using SessionCipher node = keys.Node();
        Start(keys);
        await _client!.SendAsync("secret typed early"u8.ToArray(), Cancellation);
        await AgreeAsync();
        Assert.Equal(KeyArn, keys.KeyId);
        Assert.All(keys.Given, key => Assert.All(key, value => Assert.Equal(0, value)));

        byte[] challenge = [.. Enumerable.Range(0, 64).Select(n => (byte)n)];
        _server.Send(PayloadType.EncryptionChallengeRequest, PayloadJson.Write(new EncryptionChallenge(Convert.ToBase64String(node.Encrypt(challenge)))));
        await Eventually.TrueAsync(() => _server.Received.Count() == 2, "the answer to the challenge");
        Assert.True(PayloadJson.TryRead(_server.Received.Last().Payload.Span, out EncryptionChallenge? answer));
        Assert.True(node.TryDecrypt(Convert.FromBase64String(answer.Challenge), out byte[]? decrypted));
        Assert.Equal(challenge, decrypted);

        _server.Send(PayloadType.HandshakeComplete, """{"HandshakeTimeToComplete":1,"CustomerMessage":"Encrypted."}"""u8.ToArray());
        _server.Send(PayloadType.Output, node.Encrypt("# "u8));
        _server.Send(PayloadType.StandardError, node.Encrypt("warning"u8));
        _server.Send(PayloadType.ExitCode, node.Encrypt("EXIT_CODE: 3"u8));
        await Eventually.TrueAsync(() => _listener.ExitCodes.Contains(3), "the exit code");
        Assert.Equal(("# ", "warning", true), (_listener.Output, _listener.ErrorOutput, _listener.Opening!.IsEncrypted));

        _client.Resize(80, 24);
        await Eventually.TrueAsync(() => _server.Received.Count() == 4, "input and size");
        AgentMessage typed = _server.Received.Single(message => message.PayloadType == PayloadType.Output);
        Assert.True(node.TryDecrypt(typed.Payload.Span, out byte[]? plain));
        Assert.Equal("secret typed early", Encoding.UTF8.GetString(plain));
        Assert.Equal("""{"cols":80,"rows":24}""", Encoding.UTF8.GetString(_server.Received.Single(message => message.PayloadType == PayloadType.Size).Payload.Span));
    }

    [Fact]
    public async Task Output_InTheClearAfterAgreeing_EndsTheChannel()
    {
        Start(new FakeSessionKeys());
        await AgreeAsync();
        _server.Send(PayloadType.HandshakeComplete, """{"HandshakeTimeToComplete":1,"CustomerMessage":""}"""u8.ToArray());
        _server.Send("forged");

        ChannelEnd end = await EndAsync();
        Assert.Equal(ChannelEndReason.HandshakeRefused, end.Reason);
        Assert.Contains("not encrypted", end.Detail, StringComparison.Ordinal);
        Assert.Equal("", _listener.Output);
    }

    [Fact]
    public async Task Challenge_OfANodeWithAnotherKey_EndsTheChannel()
    {
        Start(new FakeSessionKeys());
        await AgreeAsync();
        using SessionCipher stranger = new FakeSessionKeys().Node();
        _server.Send(PayloadType.EncryptionChallengeRequest, PayloadJson.Write(new EncryptionChallenge(Convert.ToBase64String(stranger.Encrypt(new byte[64])))));

        Assert.Contains("challenge", (await EndAsync()).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KmsThatRefuses_TellsThePersonButNotTheNodeWhy()
    {
        Start(new FakeSessionKeys { Failure = new InvalidOperationException("The role may not use the key.") });
        await AgreeAsync();
        await _server.CloseChannelAsync("Session cancelled");

        ChannelEnd end = await EndAsync();
        Assert.Equal(ChannelEndReason.HandshakeRefused, end.Reason);
        Assert.EndsWith("The role may not use the key.", end.Detail, StringComparison.Ordinal);
        Assert.True(PayloadJson.TryRead(_server.Received.First().Payload.Span, out HandshakeResponse? response));
        Assert.Equal([ClientActionStatus.Success, ClientActionStatus.Failed], response.ProcessedClientActions.Select(action => action.ActionStatus));
        Assert.DoesNotContain("role", Encoding.UTF8.GetString(_server.Received.First().Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_ThatGoesOnAfterARefusal_GetsNoInput()
    {
        Start(keys: null);
        await _client!.SendAsync("secret"u8.ToArray(), Cancellation);
        await AgreeAsync();
        _server.Send(PayloadType.HandshakeComplete, """{"HandshakeTimeToComplete":1,"CustomerMessage":""}"""u8.ToArray());

        Assert.Equal(ChannelEndReason.HandshakeRefused, (await EndAsync()).Reason);
        Assert.Equal("", _server.Input);
    }

    [Fact]
    public async Task Handshake_NeverCompleted_EndsInTime()
    {
        Start(new FakeSessionKeys(), new DataChannelOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(200) });
        await AgreeAsync();

        ChannelEnd end = await EndAsync();
        Assert.Equal(ChannelEndReason.HandshakeRefused, end.Reason);
        Assert.Contains("in time", end.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_AfterTheEnd_GoesNowhere()
    {
        Start(new FakeSessionKeys());
        await AgreeAsync();
        _server.Send(PayloadType.HandshakeComplete, """{"HandshakeTimeToComplete":1,"CustomerMessage":""}"""u8.ToArray());
        await Eventually.TrueAsync(() => _listener.Opening is not null, "the opening");
        await _server.CloseChannelAsync("");
        await EndAsync();

        await _client!.SendAsync("late"u8.ToArray(), Cancellation);
        _client.SendFlag(ChannelFlag.TerminateSession);
        Assert.Equal("", _server.Input);
    }

    private void Start(ISessionKeys? keys, DataChannelOptions? options = null) => _client = DataChannelClient.Start(
        _server.Address(keys), _ => Task.FromResult<DataChannelAddress?>(_server.Address(keys)), _listener, options ?? new DataChannelOptions(), TimeProvider.System);

    private async Task AgreeAsync()
    {
        _server.Send(PayloadType.HandshakeRequest, Encoding.UTF8.GetBytes(
            $$$"""{"AgentVersion":"3.3.0.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream","Properties":null}},{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"{{{KeyArn}}}","Challenge":"Zb8ia4gX+8KadxTx/RMLDQ=="}}]}"""));
        await Eventually.TrueAsync(() => _server.Received.Any(), "the response");
    }

    private Task<ChannelEnd> EndAsync() => _client!.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
}
