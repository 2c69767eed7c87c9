namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>What becomes of each of the node's stream messages, in order. One reader calls it; disposed when no one does any more.</summary>
internal sealed class StreamDelivery : IDisposable
{
    private readonly IDataChannelListener _listener;
    private readonly OutgoingStream _outgoing;
    private readonly InputGate _input;
    private readonly Handshake _handshake;
    private readonly Action _wake;
    private readonly TimeSpan _handshakeTimeout;
    private readonly ITimer _handshakeTimer;
    private bool _isReady;
    private volatile bool _isListening;
    private volatile string? _failure;

    public StreamDelivery(
        IDataChannelListener listener, OutgoingStream outgoing, InputGate input, Handshake handshake, TimeSpan handshakeTimeout, TimeProvider time, Action wake)
    {
        (_listener, _outgoing, _input, _handshake, _handshakeTimeout, _wake) = (listener, outgoing, input, handshake, handshakeTimeout, wake);
        _handshakeTimer = time.CreateTimer(_ => Fail(_handshake.Refusal ?? "The node did not complete the handshake in time."), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the listener has something and is not done with it.</summary>
    public bool IsListening => _isListening;

    /// <summary>Why the channel must end now; null while it need not.</summary>
    public string? Failure => _failure;

    /// <summary>Why the node will end the channel; null when nothing was refused to it.</summary>
    public string? Refusal => _handshake.Refusal;

    /// <summary>Delivers the message that is next. False: it is not to be acknowledged, for the channel has failed.</summary>
    public async ValueTask<bool> DeliverAsync(AgentMessage message, CancellationToken cancellationToken)
    {
        switch (message.PayloadType)
        {
            case PayloadType.Output or PayloadType.StandardError or PayloadType.ExitCode:
                if (!TryDecrypt(message.Payload, out ReadOnlyMemory<byte> content))
                    return false;
                // A node without a handshake begins with output.
                if (!_handshake.IsAsked)
                    BecomeReady();
                await ListenAsync(message.PayloadType, content, cancellationToken);
                break;
            case PayloadType.Flag when ChannelFlags.TryRead(message.Payload.Span, out ChannelFlag flag):
                await _listener.OnFlagAsync(flag, cancellationToken);
                break;
            case PayloadType.HandshakeRequest:
                _handshakeTimer.Change(_handshakeTimeout, Timeout.InfiniteTimeSpan);
                if (await _handshake.AnswerAsync(message.Payload, cancellationToken) is { } response)
                    Send(PayloadType.HandshakeResponse, PayloadJson.Write(response));
                break;
            case PayloadType.EncryptionChallengeRequest:
                if (_handshake.AnswerChallenge(message.Payload.Span) is not { } answer)
                    return Fail("The node's encryption challenge could not be answered.");
                Send(PayloadType.EncryptionChallengeResponse, PayloadJson.Write(answer));
                break;
            case PayloadType.HandshakeComplete:
                // A node that goes on although it did not get what it asked for is not to be trusted with input.
                if (_handshake.Refusal is { } refusal)
                    return Fail(refusal);
                if (PayloadJson.TryRead(message.Payload.Span, out HandshakeComplete? complete) && complete.CustomerMessage is { Length: > 0 } text)
                    _listener.OnMessage(text);
                BecomeReady();
                break;
        }

        return true;
    }

    public void Dispose()
    {
        _handshakeTimer.Dispose();
        _input.Close();
        _handshake.Cipher?.Dispose();
    }

    private async ValueTask ListenAsync(PayloadType type, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _isListening = true;
        if (type == PayloadType.ExitCode && ExitCodePayload.TryRead(content.Span, out int exitCode))
            await _listener.OnExitCodeAsync(exitCode, cancellationToken);
        else if (type == PayloadType.StandardError)
            await _listener.OnErrorOutputAsync(content, cancellationToken);
        else
            await _listener.OnOutputAsync(content, cancellationToken);
        _isListening = false;
    }

    /// <summary>A new connection: the listener has nothing from the old one.</summary>
    public void Reset() => _isListening = false;

    private void BecomeReady()
    {
        if (_isReady)
            return;
        _isReady = true;
        _handshakeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _listener.OnReady(_handshake.Opening);
        _input.Open(_handshake.Cipher);
        _wake();
    }

    private bool TryDecrypt(ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> content)
    {
        content = payload;
        if (_handshake.Cipher is not { } cipher)
            return true;
        if (!cipher.TryDecrypt(payload.Span, out byte[]? decrypted))
            return Fail("The node sent something that is not encrypted with the session's key.");
        content = decrypted;
        return true;
    }

    private void Send(PayloadType type, ReadOnlyMemory<byte> payload)
    {
        _outgoing.Enqueue(type, payload);
        _wake();
    }

    private bool Fail(string reason)
    {
        _failure ??= reason;
        _wake();
        return false;
    }
}
