using System.Security.Cryptography;
using System.Text.Json;

namespace JitAccess.Sandbox.Aws;

/// <summary>The Key Management Service, JSON 1.1: as much as sessions need.</summary>
internal sealed class KmsService(KmsKeys keys) : AwsService
{
    private const string TargetPrefix = "TrentService.";

    public override string Name => "kms";

    public override (string Operation, IReadOnlyDictionary<string, string> Parameters) Describe(string? target, ReadOnlyMemory<byte> body)
    {
        if (target is null || !target.StartsWith(TargetPrefix, StringComparison.Ordinal))
            throw new AwsError("UnknownOperationException", "The request names no operation of KMS.");
        Dictionary<string, JsonElement> members = SsmJson.Read<Dictionary<string, JsonElement>>(body);
        return (target[TargetPrefix.Length..], members.ToDictionary(member => member.Key, member => member.Value.ToString()));
    }

    public override AwsReply Answer(AwsRequest request) => request.Operation switch
    {
        "GenerateDataKey" => GenerateDataKey(request, SsmJson.Read<GenerateDataKeyRequest>(request.Body)),
        "Decrypt" => Decrypt(request, SsmJson.Read<DecryptRequest>(request.Body)),
        _ => throw new AwsError("UnknownOperationException", $"The emulator does not know {request.Operation}."),
    };

    public override AwsError Word(SignatureProblem problem) => problem switch
    {
        SignatureProblem.Missing => new("MissingAuthenticationTokenException", "Missing Authentication Token"),
        SignatureProblem.Incomplete => new("IncompleteSignatureException", "Request must contain a complete AWS4-HMAC-SHA256 signature"),
        SignatureProblem.UnknownKey => new("UnrecognizedClientException", "The security token included in the request is invalid."),
        SignatureProblem.Mismatch => new("InvalidSignatureException", "The request signature we calculated does not match the signature you provided."),
        SignatureProblem.ClockSkew => new("InvalidSignatureException", "Signature expired or not yet current: it may differ from the server's time by 5 min."),
        SignatureProblem.Expired => new("ExpiredTokenException", "The security token included in the request is expired"),
    };

    public override AwsReply Refuse(AwsError error, string requestId) => AwsReply.Json(
        new Dictionary<string, string> { ["__type"] = error.Code, ["message"] = error.Message }, error.Status);

    private AwsReply GenerateDataKey(AwsRequest request, GenerateDataKeyRequest asked)
    {
        string arn = ArnOf(request, asked.KeyId ?? throw Invalid("keyId", "Member must not be null"));
        int length = (asked.KeySpec, asked.NumberOfBytes) switch
        {
            ("AES_256", null) => 32,
            ("AES_128", null) => 16,
            (null, >= 1 and <= 1024 and int bytes) => bytes,
            _ => throw Invalid("numberOfBytes", "Please specify either number of bytes (1 to 1024) or key spec"),
        };
        IReadOnlyDictionary<string, string> context = asked.EncryptionContext ?? [];
        Demand(request, "kms:GenerateDataKey", arn, context);
        if (!keys.Contains(arn))
            throw new AwsError("NotFoundException", $"Key '{arn}' does not exist");
        byte[] plaintext = RandomNumberGenerator.GetBytes(length);
        return AwsReply.Json(new { CiphertextBlob = keys.Encrypt(arn, plaintext, context), KeyId = arn, Plaintext = plaintext });
    }

    private AwsReply Decrypt(AwsRequest request, DecryptRequest asked)
    {
        IReadOnlyDictionary<string, string> context = asked.EncryptionContext ?? [];
        if (keys.Decrypt(asked.CiphertextBlob ?? [], context) is not var (arn, plaintext) || (asked.KeyId is not null && ArnOf(request, asked.KeyId) != arn))
            throw new AwsError("InvalidCiphertextException", "The ciphertext is not valid.");
        Demand(request, "kms:Decrypt", arn, context);
        return AwsReply.Json(new { KeyId = arn, Plaintext = plaintext, EncryptionAlgorithm = "SYMMETRIC_DEFAULT" });
    }

    // Keys of other accounts would need a policy of their own, which does not exist here.
    private static void Demand(AwsRequest request, string action, string arn, IReadOnlyDictionary<string, string> context)
    {
        if (arn.Split(':') is not [_, _, "kms", var region, var account, _] || region != request.Region || account != request.Caller.AccountId)
            throw new AwsError("NotFoundException", $"Key '{arn}' does not exist");
        request.Caller.Demand(action, arn, conditions: context.ToDictionary(pair => $"kms:EncryptionContext:{pair.Key}", pair => pair.Value));
    }

    private static string ArnOf(AwsRequest request, string keyId) =>
        keyId.StartsWith("arn:", StringComparison.Ordinal) ? keyId : $"arn:aws:kms:{request.Region}:{request.Caller.AccountId}:key/{keyId}";

    private static AwsError Invalid(string member, string constraint) => new(
        "ValidationException", $"1 validation error detected: Value at '{member}' failed to satisfy constraint: {constraint}");

    private sealed record GenerateDataKeyRequest(string? KeyId, string? KeySpec, int? NumberOfBytes, Dictionary<string, string>? EncryptionContext);

    private sealed record DecryptRequest(byte[]? CiphertextBlob, string? KeyId, Dictionary<string, string>? EncryptionContext);
}
