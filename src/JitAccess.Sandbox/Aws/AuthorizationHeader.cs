using System.Diagnostics.CodeAnalysis;

namespace JitAccess.Sandbox.Aws;

/// <summary>The Authorization header of a request signed with AWS4-HMAC-SHA256.</summary>
internal sealed record AuthorizationHeader(
    string AccessKeyId, CredentialScope Scope, IReadOnlyList<string> SignedHeaders, string Signature)
{
    private const string Scheme = "AWS4-HMAC-SHA256 ";

    public static bool TryParse(string? text, [NotNullWhen(true)] out AuthorizationHeader? header)
    {
        header = null;
        if (text is null || !text.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        Dictionary<string, string> parts = [];
        foreach (string part in text[Scheme.Length..].Split(',', StringSplitOptions.TrimEntries))
            if (part.Split('=', 2) is not [string name, string value] || !parts.TryAdd(name, value))
                return false;
        if (!parts.TryGetValue("Credential", out string? credential)
            || !parts.TryGetValue("SignedHeaders", out string? signedHeaders)
            || !parts.TryGetValue("Signature", out string? signature)
            || credential.Split('/') is not [string accessKeyId, string date, string region, string service, "aws4_request"])
            return false;
        header = new(accessKeyId, new(date, region, service), signedHeaders.Split(';'), signature);
        return true;
    }
}
