using System.Security.Cryptography;
using System.Text;

namespace JitAccess.Sandbox.Aws;

/// <summary>Checks Signature Version 4 of every request, and says who signed it.</summary>
internal sealed class SignatureCheck(CredentialStore credentials, TimeProvider clock)
{
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(5);

    /// <summary>The caller, or what is wrong; never both.</summary>
    public (AwsCaller? Caller, SignatureProblem? Problem) Verify(SignedRequest request, AuthorizationHeader? authorization)
    {
        if (!request.Headers.ContainsKey("authorization"))
            return (null, SignatureProblem.Missing);
        if (authorization is null || !request.TryGetTime(out DateTimeOffset signedAt) || !CoversWhatItMust(request, authorization))
            return (null, SignatureProblem.Incomplete);
        if (credentials.Find(authorization.AccessKeyId) is not { } issued
            || !IsSame(issued.SessionToken ?? "", request.Headers.GetValueOrDefault("x-amz-security-token", "")))
            return (null, SignatureProblem.UnknownKey);
        string expected = request.Sign(issued.SecretAccessKey, authorization.Scope, authorization.SignedHeaders);
        if (!IsSame(expected, authorization.Signature) || !HasTruePayloadHash(request))
            return (null, SignatureProblem.Mismatch);
        DateTimeOffset now = clock.GetUtcNow();
        if ((now - signedAt).Duration() > AllowedSkew || !request.Headers["x-amz-date"].StartsWith(authorization.Scope.Date, StringComparison.Ordinal))
            return (null, SignatureProblem.ClockSkew);
        if (issued.ExpiresAt <= now)
            return (null, SignatureProblem.Expired);
        return (issued.Caller, null);
    }

    /// <summary>Whether a machine signed with its RSA key: the same text, RSASSA-PSS with SHA-256, in base64.</summary>
    public bool IsSignedBy(byte[] publicKey, SignedRequest request, AuthorizationHeader authorization)
    {
        if (!request.TryGetTime(out DateTimeOffset signedAt)
            || !CoversWhatItMust(request, authorization)
            || !HasTruePayloadHash(request)
            || (clock.GetUtcNow() - signedAt).Duration() > AllowedSkew)
            return false;
        byte[] signature = new byte[authorization.Signature.Length];
        if (!Convert.TryFromBase64String(authorization.Signature, signature, out int length))
            return false;
        using RSA key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(
            Encoding.UTF8.GetBytes(request.StringToSign(authorization.Scope, authorization.SignedHeaders)),
            signature.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    private static bool CoversWhatItMust(SignedRequest request, AuthorizationHeader authorization) =>
        authorization.SignedHeaders.Contains("host")
        && authorization.SignedHeaders.Contains("x-amz-date")
        && (!request.Headers.ContainsKey("x-amz-security-token") || authorization.SignedHeaders.Contains("x-amz-security-token"));

    private static bool HasTruePayloadHash(SignedRequest request) =>
        !request.Headers.TryGetValue("x-amz-content-sha256", out string? stated)
        || IsSame(stated, Convert.ToHexStringLower(SHA256.HashData(request.Body.Span)));

    private static bool IsSame(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
