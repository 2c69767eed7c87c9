using System.Security.Cryptography;
using System.Text.Json;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>The node's side of a handshake: asks, checks the answers, agrees on a key. Under the session's gate.</summary>
internal sealed class NodeHandshake(EmulatedNode node, string sessionId, NodeProgram program, KmsKeys keys, TimeProvider clock)
{
    private readonly long start = clock.GetTimestamp();
    private readonly byte[] challenge = RandomNumberGenerator.GetBytes(64);

    /// <summary>Whether the session begins with one at all.</summary>
    public bool IsNeeded => node.Handshake || program.NeedsHandshake || KeyArn is not null;

    public bool IsComplete { get; private set; }

    /// <summary>Why it failed; null while it has not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Set once both have the key.</summary>
    public SessionCipher? Cipher { get; private set; }

    private string? KeyArn => program.CanEncrypt ? node.KmsKeyArn : null;

    public (PayloadType Type, byte[] Payload) Begin()
    {
        List<RequestedClientAction> actions =
        [
            new(ClientActions.SessionType, JsonSerializer.SerializeToElement(new SessionTypeParameters(program.SessionType, program.Properties))),
        ];
        if (KeyArn is not null)
            actions.Add(new(ClientActions.KmsEncryption, JsonSerializer.SerializeToElement(
                new KmsEncryptionParameters(KeyArn, Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))))));
        return (PayloadType.HandshakeRequest, PayloadJson.Write(new HandshakeRequest(node.AgentVersion, actions)));
    }

    /// <summary>Takes an answer of the client; returns what to send next, nothing when it failed or the answer was not awaited.</summary>
    public (PayloadType Type, byte[] Payload)? Take(PayloadType type, ReadOnlySpan<byte> payload) => (type, Cipher) switch
    {
        (PayloadType.HandshakeResponse, null) => TakeResponse(payload),
        (PayloadType.EncryptionChallengeResponse, not null) => TakeChallengeResponse(payload),
        _ => null,
    };

    private (PayloadType, byte[])? TakeResponse(ReadOnlySpan<byte> payload)
    {
        if (!PayloadJson.TryRead(payload, out HandshakeResponse? response) || response.ProcessedClientActions.Any(action => action is null))
            return Fail("The handshake failed: the response could not be read.");
        if (response.ProcessedClientActions.FirstOrDefault(action => action.ActionStatus != ClientActionStatus.Success) is { } failed)
            return Fail($"The handshake failed: {failed.ActionType}: {failed.Error}");
        if (KeyArn is null)
            return Complete("");

        JsonElement? result = response.ProcessedClientActions.FirstOrDefault(action => action.ActionType == ClientActions.KmsEncryption)?.ActionResult;
        if (result is not { ValueKind: JsonValueKind.Object } named
            || !named.TryGetProperty("KMSCipherTextKey", out JsonElement key)
            || !key.TryGetBytesFromBase64(out byte[]? encrypted)
            || keys.Decrypt(encrypted, Context) is not var (arn, plaintext)
            || arn != KeyArn
            || plaintext.Length != SessionDataKey.Length)
            return Fail("The handshake failed: KMS could not decrypt the data key.");
        using SessionDataKey agreed = new(plaintext, encrypted);
        Cipher = SessionCipher.ForNode(agreed);
        return (PayloadType.EncryptionChallengeRequest, PayloadJson.Write(new EncryptionChallenge(Convert.ToBase64String(Cipher.Encrypt(challenge)))));
    }

    private (PayloadType, byte[])? TakeChallengeResponse(ReadOnlySpan<byte> payload)
    {
        if (!PayloadJson.TryRead(payload, out EncryptionChallenge? answer)
            || !IsBase64(answer.Challenge, out byte[] encrypted)
            || !Cipher!.TryDecrypt(encrypted, out byte[]? decrypted)
            || !CryptographicOperations.FixedTimeEquals(decrypted, challenge))
            return Fail("The handshake failed: the client did not answer the encryption challenge.");
        return Complete("This session is encrypted using AWS KMS.");
    }

    private Dictionary<string, string> Context => new() { ["aws:ssm:SessionId"] = sessionId, ["aws:ssm:TargetId"] = node.Id };

    private (PayloadType, byte[]) Complete(string message)
    {
        IsComplete = true;
        long nanoseconds = (long)clock.GetElapsedTime(start).TotalNanoseconds;
        return (PayloadType.HandshakeComplete, PayloadJson.Write(new HandshakeComplete(nanoseconds, message)));
    }

    private (PayloadType, byte[])? Fail(string reason)
    {
        Failure = reason;
        return null;
    }

    private static bool IsBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        bool isIt = Convert.TryFromBase64String(text, bytes, out int length);
        Array.Resize(ref bytes, length);
        return isIt;
    }
}
