using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JitAccess.Web.Notifications.Channels;

/// <summary>Requests signed as Standard Webhooks 1.0 demands (https://www.standardwebhooks.com).</summary>
internal static class StandardWebhook
{
    /// <summary>Stands in front of a secret.</summary>
    public const string SecretPrefix = "whsec_";

    /// <summary>The key in a secret, 24 to 64 bytes; null if it is none.</summary>
    public static byte[]? KeyOf(string? secret)
    {
        if (secret?.StartsWith(SecretPrefix, StringComparison.Ordinal) != true) return null;
        byte[] key = new byte[64];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], key, out int length) && length >= 24 ? key[..length] : null;
    }

    /// <summary>Whether what is sent to an address can be read by nobody on the way: https, or http on loopback.</summary>
    public static bool IsSafe(Uri? address) =>
        address is { IsAbsoluteUri: true } && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    /// <summary>The POST of a message. Its id is the same whenever it is sent, so that the receiver knows one that comes twice.</summary>
    public static HttpRequestMessage Post(Uri address, string id, string body, byte[] key, DateTimeOffset now)
    {
        long timestamp = now.ToUnixTimeSeconds();
        HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", Signature(id, timestamp, body, key));
        return request;
    }

    /// <summary><c>v1,</c> and the HMAC-SHA256 over id, timestamp and body in base64.</summary>
    public static string Signature(string id, long timestamp, string body, byte[] key) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"))))}";
}
