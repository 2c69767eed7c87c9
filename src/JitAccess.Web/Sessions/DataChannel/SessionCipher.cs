using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>
/// Encrypts one direction of a session and decrypts the other: AES-256-GCM without additional data. On the wire stand
/// the nonce (12 bytes), the ciphertext and the tag (16 bytes). Thread-safe.
/// </summary>
public sealed class SessionCipher : IDisposable
{
    /// <summary>How much longer an encrypted payload is than the plain one.</summary>
    public const int Overhead = NonceLength + TagLength;

    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HalfKeyLength = SessionDataKey.Length / 2;

    private readonly Lock _gate = new();
    private readonly AesGcm _encryption;
    private readonly AesGcm _decryption;

    // A counter cannot repeat under one key, as random nonces could; where it starts is of no importance.
    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(NonceLength);

    private SessionCipher(ReadOnlySpan<byte> encryptionKey, ReadOnlySpan<byte> decryptionKey)
    {
        _encryption = new AesGcm(encryptionKey, TagLength);
        _decryption = new AesGcm(decryptionKey, TagLength);
    }

    /// <summary>The client's side. The key may be overwritten afterwards.</summary>
    public static SessionCipher ForClient(SessionDataKey key) =>
        new(key.Plaintext.AsSpan(HalfKeyLength), key.Plaintext.AsSpan(0, HalfKeyLength));

    /// <summary>The node's side.</summary>
    public static SessionCipher ForNode(SessionDataKey key) =>
        new(key.Plaintext.AsSpan(0, HalfKeyLength), key.Plaintext.AsSpan(HalfKeyLength));

    /// <summary>The payload as it travels.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        byte[] encrypted = new byte[plaintext.Length + Overhead];
        Span<byte> nonce = encrypted.AsSpan(0, NonceLength);
        lock (_gate)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_nonce, BinaryPrimitives.ReadUInt64LittleEndian(_nonce) + 1);
            _nonce.CopyTo(nonce);
            _encryption.Encrypt(nonce, plaintext, encrypted.AsSpan(NonceLength, plaintext.Length), encrypted.AsSpan(NonceLength + plaintext.Length));
        }

        return encrypted;
    }

    /// <summary>The payload as the other side meant it; false when it was not encrypted with this session's key, or was changed.</summary>
    public bool TryDecrypt(ReadOnlySpan<byte> encrypted, [NotNullWhen(true)] out byte[]? plaintext)
    {
        plaintext = null;
        if (encrypted.Length < Overhead)
            return false;
        byte[] decrypted = new byte[encrypted.Length - Overhead];
        try
        {
            lock (_gate)
                _decryption.Decrypt(encrypted[..NonceLength], encrypted[NonceLength..^TagLength], encrypted[^TagLength..], decrypted);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plaintext = decrypted;
        return true;
    }

    /// <summary>Forgets both keys.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _encryption.Dispose();
            _decryption.Dispose();
        }
    }
}
