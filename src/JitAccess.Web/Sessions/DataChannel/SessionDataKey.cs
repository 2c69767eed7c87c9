using System.Security.Cryptography;

namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>The key of one session: what both ends encrypt with, and the same encrypted by KMS, for the node to decrypt. Owns both arrays.</summary>
public sealed class SessionDataKey : IDisposable
{
    /// <summary>Bytes of the plain key: 32 for each direction.</summary>
    public const int Length = 64;

    /// <exception cref="ArgumentException">The plain key is not <see cref="Length"/> bytes long, or there is no encrypted one.</exception>
    public SessionDataKey(byte[] plaintext, byte[] ciphertext)
    {
        if (plaintext.Length != Length || ciphertext.Length == 0)
            throw new ArgumentException($"A session's data key is {Length} bytes, and comes encrypted too.");
        Plaintext = plaintext;
        Ciphertext = ciphertext;
    }

    /// <summary>A secret: never logged, stored or sent. All zero once disposed.</summary>
    public byte[] Plaintext { get; }

    /// <summary>What KMS turns into the plain key again, for whoever may ask it to.</summary>
    public byte[] Ciphertext { get; }

    /// <summary>Overwrites the plain key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(Plaintext);
}
