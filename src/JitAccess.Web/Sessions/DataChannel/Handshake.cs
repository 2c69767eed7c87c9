using System.Text.Json;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Answers what a node asks for before the stream begins, and keeps what was agreed. One reader calls it.</summary>
internal sealed class Handshake(IReadOnlySet<string> acceptedSessionTypes, ISessionKeys? keys)
{
    private SessionOpening _opening = new(SessionTypes.StandardStream);

    /// <summary>Whether the node asked for anything: only then it says later that the handshake is complete.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Why something was not done, for the person; null when all was.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Set once the node and this client have agreed to encrypt.</summary>
    public SessionCipher? Cipher { get; private set; }

    /// <summary>What was agreed.</summary>
    public SessionOpening Opening => _opening with { IsEncrypted = Cipher is not null };

    /// <summary>The response to the request; null when the request was answered before.</summary>
    public async ValueTask<HandshakeResponse?> AnswerAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (IsAsked)
            return null;
        // JSON may hold nulls where the list's type has none.
        if (!PayloadJson.TryRead(payload.Span, out HandshakeRequest? request) || request.RequestedClientActions.Any(action => action is null))
        {
            Refusal = "The handshake request could not be read.";
            IsAsked = true;
            return new HandshakeResponse(DataChannelClient.ClientVersion, [], [Refusal]);
        }

        List<ProcessedClientAction> processed = [];
        foreach (RequestedClientAction action in request.RequestedClientActions)
            processed.Add(action.ActionType switch
            {
                ClientActions.SessionType => AnswerSessionType(action),
                ClientActions.KmsEncryption => await AgreeOnKeyAsync(action, cancellationToken),
                _ => Refuse(action, ClientActionStatus.Unsupported, $"The action '{action.ActionType}' is not supported."),
            });

        // Only now: if the way was cut while KMS was asked, the request comes once more and is answered then.
        IsAsked = true;
        _opening = _opening with { AgentVersion = request.AgentVersion };
        return new HandshakeResponse(DataChannelClient.ClientVersion, processed);
    }

    /// <summary>The node's proof that this client has the key: its challenge, encrypted anew. Null when it is not decryptable.</summary>
    public EncryptionChallenge? AnswerChallenge(ReadOnlySpan<byte> payload)
    {
        if (Cipher is null || !PayloadJson.TryRead(payload, out EncryptionChallenge? challenge))
            return null;
        byte[] encrypted = new byte[challenge.Challenge.Length];
        if (!Convert.TryFromBase64String(challenge.Challenge, encrypted, out int length) || !Cipher.TryDecrypt(encrypted.AsSpan(0, length), out byte[]? decrypted))
            return null;
        return new EncryptionChallenge(Convert.ToBase64String(Cipher.Encrypt(decrypted)));
    }

    private ProcessedClientAction AnswerSessionType(RequestedClientAction action)
    {
        SessionTypeParameters? asked = Read<SessionTypeParameters>(action);
        if (asked is null || !acceptedSessionTypes.Contains(asked.SessionType))
            return Refuse(action, ClientActionStatus.Unsupported, $"Sessions of the type '{asked?.SessionType}' are not supported.");
        _opening = _opening with { SessionType = asked.SessionType, Properties = asked.Properties?.Clone() };
        return new ProcessedClientAction(action.ActionType, ClientActionStatus.Success);
    }

    private async ValueTask<ProcessedClientAction> AgreeOnKeyAsync(RequestedClientAction action, CancellationToken cancellationToken)
    {
        if (Read<KmsEncryptionParameters>(action) is not { KmsKeyId.Length: > 0 } asked)
            return Refuse(action, ClientActionStatus.Failed, "The node asks for encryption with AWS KMS, but names no key.");
        if (keys is null)
            return Refuse(action, ClientActionStatus.Unsupported, "The node asks for encryption with AWS KMS, which is not set up for this session.");
        try
        {
            using SessionDataKey key = await keys.GenerateAsync(asked.KmsKeyId, cancellationToken);
            Cipher?.Dispose();
            Cipher = SessionCipher.ForClient(key);
            KmsEncryptionResult result = new(Convert.ToBase64String(key.Ciphertext));
            return new ProcessedClientAction(
                action.ActionType, ClientActionStatus.Success, JsonSerializer.SerializeToElement(result, DataChannelJson.Default.KmsEncryptionResult));
        }
        catch (Exception refused) when (!cancellationToken.IsCancellationRequested)
        {
            // The person reads why; the node need not know about our rights.
            ProcessedClientAction failed = Refuse(action, ClientActionStatus.Failed, "No data key could be had from AWS KMS.");
            Refusal = $"The node wants the session encrypted, and AWS KMS gave no key for that. {refused.Message}";
            return failed;
        }
    }

    private ProcessedClientAction Refuse(RequestedClientAction action, ClientActionStatus status, string error)
    {
        Refusal ??= error;
        return new ProcessedClientAction(action.ActionType, status, Error: error);
    }

    private static T? Read<T>(RequestedClientAction action) where T : class =>
        action.ActionParameters.ValueKind == JsonValueKind.Object
        && PayloadJson.TryRead(JsonSerializer.SerializeToUtf8Bytes(action.ActionParameters, DataChannelJson.Default.JsonElement), out T? parameters)
            ? parameters
            : null;
}
