using System.Buffers.Binary;
using System.Security.Cryptography;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>
/// The file of a recording: a header, then parts, each encrypted and authenticated by itself (AES-256-GCM) together with its
/// place and with whether it is the last. So a file can be read as far as it is written; and a part that was changed, left out,
/// moved, or cut off at the end is found.
/// </summary>
/// <remarks>Header: <c>JitRec1\n</c>, name of the key (8), salt (32). Part: length of the ciphertext (4, big-endian), ciphertext, tag (16).</remarks>
internal static class SealedParts
{
    public const int HeaderLength = 8 + RecordingKeys.NameLength + RecordingKeys.SaltLength;

    /// <summary>The longest part, in bytes.</summary>
    public const int LongestPart = 4 * 1024 * 1024;

    private const int TagLength = 16;

    private static ReadOnlySpan<byte> Magic => "JitRec1\n"u8;

    /// <summary>Encrypts the parts of one recording, in order.</summary>
    public sealed class Writer : IDisposable
    {
        private readonly AesGcm _cipher;
        private long _next;

        public Writer(RecordingKeys keys, Guid sessionId)
        {
            byte[] name = keys.CurrentName;
            byte[] salt = RandomNumberGenerator.GetBytes(RecordingKeys.SaltLength);
            Header = [.. Magic, .. name, .. salt];
            byte[] key = keys.Derive(name, salt, sessionId);
            _cipher = new AesGcm(key, TagLength);
            CryptographicOperations.ZeroMemory(key);
        }

        /// <summary>What the file begins with.</summary>
        public byte[] Header { get; }

        /// <summary>The next part as stored.</summary>
        public byte[] Seal(ReadOnlySpan<byte> part, bool isLast)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(part.Length, LongestPart);
            byte[] stored = new byte[sizeof(uint) + part.Length + TagLength];
            BinaryPrimitives.WriteUInt32BigEndian(stored, (uint)part.Length);
            Span<byte> body = stored.AsSpan(sizeof(uint));
            _cipher.Encrypt(NonceOf(_next++, isLast), part, body[..part.Length], body[part.Length..]);
            return stored;
        }

        public void Dispose() => _cipher.Dispose();
    }

    /// <summary>Decrypts the parts of one recording, in order.</summary>
    public sealed class Reader(Stream file, RecordingKeys keys, Guid sessionId) : IAsyncDisposable
    {
        private AesGcm? _cipher;
        private long _next;

        /// <summary>Whether the last part has been read: nothing is cut off.</summary>
        public bool IsWhole { get; private set; }

        /// <summary>The next part; null behind the newest whole one.</summary>
        /// <exception cref="RecordingException">The file is none of ours, or was changed.</exception>
        public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
        {
            if (IsWhole) return null;
            _cipher ??= await OpenAsync(cancellationToken);
            byte[] prefix = new byte[sizeof(uint)];
            if (await file.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellationToken) < prefix.Length) return null;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
            if (length > LongestPart) throw Changed();
            byte[] stored = new byte[length + TagLength];
            if (await file.ReadAtLeastAsync(stored, stored.Length, throwOnEndOfStream: false, cancellationToken) < stored.Length) return null;
            byte[] part = new byte[length];
            if (!TryOpen(stored, part, isLast: false))
            {
                if (!TryOpen(stored, part, isLast: true)) throw Changed();
                IsWhole = true;
            }
            _next++;
            return part;
        }

        public ValueTask DisposeAsync()
        {
            _cipher?.Dispose();
            return file.DisposeAsync();
        }

        private async Task<AesGcm> OpenAsync(CancellationToken cancellationToken)
        {
            byte[] header = new byte[HeaderLength];
            if (await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken) < header.Length || !header.AsSpan().StartsWith(Magic)) throw Changed();
            byte[] key = keys.Derive(header.AsSpan(Magic.Length, RecordingKeys.NameLength), header.AsSpan(Magic.Length + RecordingKeys.NameLength), sessionId);
            AesGcm cipher = new(key, TagLength);
            CryptographicOperations.ZeroMemory(key);
            return cipher;
        }

        private bool TryOpen(ReadOnlySpan<byte> stored, Span<byte> part, bool isLast)
        {
            try
            {
                _cipher!.Decrypt(NonceOf(_next, isLast), stored[..part.Length], stored[part.Length..], part);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        private RecordingException Changed() => new($"The recording's file was changed or damaged at part {_next + 1}. What comes before it is as it was recorded.");
    }

    // The key serves one recording only, so a part's place is a number used once.
    private static byte[] NonceOf(long place, bool isLast)
    {
        byte[] nonce = new byte[12];
        nonce[0] = isLast ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(4), place);
        return nonce;
    }
}
