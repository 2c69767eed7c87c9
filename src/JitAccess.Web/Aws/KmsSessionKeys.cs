using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Aws;

/// <summary>The data key of one session: KMS <c>GenerateDataKey</c> with credentials for just that, made when a node asks.</summary>
/// <param name="clients">The SDK's clients.</param>
/// <param name="call">What the refusal of KMS has to name.</param>
/// <param name="context">What the key is bound to; the node has to name the same to KMS.</param>
/// <param name="findCredentials">Credentials of the session's person for the key.</param>
internal sealed class KmsSessionKeys(
    AwsClients clients, AwsCall call, KmsContext context, Func<string, CancellationToken, Task<AWSCredentials>> findCredentials) : ISessionKeys
{
    public async Task<SessionDataKey> GenerateAsync(string keyId, CancellationToken cancellationToken)
    {
        using AmazonKeyManagementServiceClient kms = clients.KmsUnder(await findCredentials(keyId, cancellationToken), call.Place.Region);
        GenerateDataKeyRequest request = new() { KeyId = keyId, NumberOfBytes = SessionDataKey.Length, EncryptionContext = context.ToDictionary() };
        GenerateDataKeyResponse made = await (call with { Subject = $"The key {keyId}" }).AskAsync(token => kms.GenerateDataKeyAsync(request, token), cancellationToken);
        byte[] plaintext = TakeOut(made.Plaintext);
        if (plaintext.Length == SessionDataKey.Length && made.CiphertextBlob is { Length: > 0 } ciphertext)
            return new SessionDataKey(plaintext, ciphertext.ToArray());
        CryptographicOperations.ZeroMemory(plaintext);
        throw new AwsException(AwsFailure.Unreachable, $"AWS KMS answered {call.Action} in {call.Where} without a key that could be used.");
    }

    // The SDK keeps its copy until it is collected, unless it is overwritten.
    private static byte[] TakeOut(MemoryStream? secret)
    {
        if (secret is null)
            return [];
        byte[] copy = secret.ToArray();
        secret.Position = 0;
        secret.Write(new byte[copy.Length]);
        return copy;
    }
}
