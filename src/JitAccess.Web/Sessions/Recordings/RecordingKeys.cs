using System.Security.Cryptography;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>The keys of the configuration. Each recording is encrypted under a key of its own that is derived from one of them (HKDF, RFC 5869).</summary>
internal sealed class RecordingKeys
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>The length of a key's name, in bytes.</summary>
    public const int NameLength = 8;

    /// <summary>The length of the salt, in bytes.</summary>
    public const int SaltLength = 32;

    private readonly byte[][] _keys;

    /// <param name="keys">Base64; at least one.</param>
    public RecordingKeys(IEnumerable<string> keys) => _keys = [.. keys.Select(key => Read(key) ?? throw new ArgumentException("A key is 32 bytes in base64.", nameof(keys)))];

    /// <summary>The name of the key that encrypts. It tells nothing of the key.</summary>
    public byte[] CurrentName => NameOf(_keys[0]);

    /// <summary>The bytes of a key; null if it is none.</summary>
    public static byte[]? Read(string key)
    {
        byte[] bytes = new byte[KeyLength + 1];
        return Convert.TryFromBase64String(key, bytes, out int length) && length == KeyLength ? bytes[..KeyLength] : null;
    }

    /// <summary>The key of one recording; the caller wipes it.</summary>
    /// <exception cref="RecordingException">The configuration does not hold the named key any more.</exception>
    public byte[] Derive(ReadOnlySpan<byte> name, ReadOnlySpan<byte> salt, Guid sessionId)
    {
        foreach (byte[] key in _keys)
        {
            if (!name.SequenceEqual(NameOf(key))) continue;
            byte[] derived = new byte[KeyLength];
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt, sessionId.ToByteArray(bigEndian: true));
            return derived;
        }
        throw new RecordingException("The recording was encrypted under a key that is not in Recording:Keys any more. An administrator has to add that key behind the current one.");
    }

    private static byte[] NameOf(byte[] key) => HKDF.Expand(HashAlgorithmName.SHA256, key, NameLength, "jitaccess recording key name"u8.ToArray());
}
