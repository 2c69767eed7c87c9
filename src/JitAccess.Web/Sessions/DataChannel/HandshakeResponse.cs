using System.Text.Json;
using System.Text.Json.Serialization;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Payload of <see cref="PayloadType.HandshakeResponse"/>: what became of each action.</summary>
public sealed record HandshakeResponse(
    string ClientVersion,
    IReadOnlyList<ProcessedClientAction> ProcessedClientActions,
    IReadOnlyList<string>? Errors = null);

/// <summary>The outcome of one action.</summary>
public sealed record ProcessedClientAction(
    string ActionType, ClientActionStatus ActionStatus, JsonElement? ActionResult = null, string? Error = "");

/// <summary>Result of <see cref="ClientActions.KmsEncryption"/>.</summary>
/// <param name="KmsCipherTextKey">Base64 of the data key, encrypted by KMS.</param>
/// <param name="KmsCipherTextHash">Not used.</param>
public sealed record KmsEncryptionResult(
    [property: JsonPropertyName("KMSCipherTextKey")] string KmsCipherTextKey,
    [property: JsonPropertyName("KMSCipherTextHash")] string? KmsCipherTextHash = null);

/// <summary>How an action went; anything but success ends the session.</summary>
public enum ClientActionStatus
{
    Success = 1,
    Failed = 2,
    Unsupported = 3,
}
