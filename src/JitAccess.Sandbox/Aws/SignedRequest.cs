using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace JitAccess.Sandbox.Aws;

/// <summary>
/// The parts of an HTTP request that AWS Signature Version 4 covers, and the arithmetic of the signature
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
internal sealed class SignedRequest
{
    public const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string Algorithm = "AWS4-HMAC-SHA256";

    public required string Method { get; init; }

    /// <summary>Path and query as they came over the wire.</summary>
    public required string Target { get; init; }

    /// <summary>Header values by lower-case name.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The request as it came, with its whole body.</summary>
    public static async Task<SignedRequest> ReadAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new SignedRequest
        {
            Method = context.Request.Method,
            Target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            // ASCII names only, so this is what the client signed.
            Headers = context.Request.Headers.ToDictionary(
                header => header.Key.ToLowerInvariant(), header => string.Join(',', header.Value.ToArray())),
            Body = body.ToArray(),
        };
    }

    /// <summary>The signature that the secret gives for this request.</summary>
    public string Sign(string secretAccessKey, CredentialScope scope, IReadOnlyList<string> signedHeaders)
    {
        byte[] key = Mac(Encoding.UTF8.GetBytes("AWS4" + secretAccessKey), scope.Date);
        key = Mac(key, scope.Region);
        key = Mac(key, scope.Service);
        key = Mac(key, "aws4_request");
        return Convert.ToHexStringLower(Mac(key, StringToSign(scope, signedHeaders)));
    }

    /// <summary>What is signed: with a secret, or, by registered machines, with their RSA key.</summary>
    public string StringToSign(CredentialScope scope, IReadOnlyList<string> signedHeaders) =>
        $"{Algorithm}\n{Headers["x-amz-date"]}\n{scope.Date}/{scope.Region}/{scope.Service}/aws4_request\n"
        + Hash(Encoding.UTF8.GetBytes(Canonical(signedHeaders)));

    /// <summary>When the request says it was signed.</summary>
    public bool TryGetTime(out DateTimeOffset time)
    {
        time = default;
        return Headers.TryGetValue("x-amz-date", out string? text)
            && DateTimeOffset.TryParseExact(
                text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    private string Canonical(IReadOnlyList<string> signedHeaders)
    {
        (string path, string query) = Target.Split('?', 2) is [string first, string second] ? (first, second) : (Target, "");
        StringBuilder text = new();
        text.Append(Method).Append('\n');
        text.Append(CanonicalPath(path)).Append('\n');
        text.Append(CanonicalQuery(query)).Append('\n');
        foreach (string name in signedHeaders)
            text.Append(name).Append(':').Append(Trimmed(Headers.GetValueOrDefault(name, ""))).Append('\n');
        text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(Hash(Body.Span));
        return text.ToString();
    }

    // The path is encoded once by HTTP and once more by the signature.
    private static string CanonicalPath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string CanonicalQuery(string query) => string.Join('&', query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Encoded(pair[0]), Value: pair.Length > 1 ? Encoded(pair[1]) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Encoded(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string Trimmed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
