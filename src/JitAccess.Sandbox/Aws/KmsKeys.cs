using System.Security.Cryptography;
using System.Text;

namespace JitAccess.Sandbox.Aws;

/// <summary>Emulated KMS keys: each encrypts small secrets, bound to an encryption context, and never leaves.</summary>
internal sealed class KmsKeys(IEnumerable<string> arns)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Dictionary<string, byte[]> secrets = arns.Distinct().ToDictionary(arn => arn, _ => RandomNumberGenerator.GetBytes(32));

    public bool Contains(string arn) => secrets.ContainsKey(arn);

    public byte[] Encrypt(string arn, ReadOnlySpan<byte> plaintext, IReadOnlyDictionary<string, string> context)
    {
        byte[] blob = new byte[NonceLength + plaintext.Length + TagLength];
        RandomNumberGenerator.Fill(blob.AsSpan(0, NonceLength));
        using AesGcm cipher = new(secrets[arn], TagLength);
        cipher.Encrypt(
            blob.AsSpan(0, NonceLength), plaintext, blob.AsSpan(NonceLength, plaintext.Length), blob.AsSpan(NonceLength + plaintext.Length), Bound(arn, context));
        return blob;
    }

    /// <summary>Null when none of the keys, or another context, made the blob.</summary>
    public (string Arn, byte[] Plaintext)? Decrypt(ReadOnlySpan<byte> blob, IReadOnlyDictionary<string, string> context)
    {
        if (blob.Length < NonceLength + TagLength)
            return null;
        byte[] plaintext = new byte[blob.Length - NonceLength - TagLength];
        foreach ((string arn, byte[] secret) in secrets)
        {
            try
            {
                using AesGcm cipher = new(secret, TagLength);
                cipher.Decrypt(blob[..NonceLength], blob[NonceLength..^TagLength], blob[^TagLength..], plaintext, Bound(arn, context));
                return (arn, plaintext);
            }
            catch (AuthenticationTagMismatchException)
            {
                // Another key's, perhaps.
            }
        }

        return null;
    }

    // Lengths before texts: no two contexts read the same.
    private static byte[] Bound(string arn, IReadOnlyDictionary<string, string> context) => Encoding.UTF8.GetBytes(string.Concat(
        context.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => new[] { pair.Key, pair.Value }).Prepend(arn)
            .Select(text => $"{text.Length}:{text}")));
}
