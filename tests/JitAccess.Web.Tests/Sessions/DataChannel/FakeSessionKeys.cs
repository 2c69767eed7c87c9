using System.Security.Cryptography;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>Gives one known key, as often as asked.</summary>
internal sealed class FakeSessionKeys(byte[] plaintext, byte[] ciphertext) : ISessionKeys
{
    public FakeSessionKeys() : this(RandomNumberGenerator.GetBytes(SessionDataKey.Length), [1, 2, 3])
    {
    }

    /// <summary>Thrown instead of an answer; null for success.</summary>
    public Exception? Failure { get; init; }

    /// <summary>The KMS key that was asked for last.</summary>
    public string? KeyId { get; private set; }

    /// <summary>The arrays given away: all zero once the client has let go of them.</summary>
    public List<byte[]> Given { get; } = [];

    /// <summary>A node that has the key.</summary>
    public SessionCipher Node() => SessionCipher.ForNode(new SessionDataKey([.. plaintext], ciphertext));

    public Task<SessionDataKey> GenerateAsync(string keyId, CancellationToken cancellationToken)
    {
        KeyId = keyId;
        if (Failure is not null)
            return Task.FromException<SessionDataKey>(Failure);
        byte[] copy = [.. plaintext];
        Given.Add(copy);
        return Task.FromResult(new SessionDataKey(copy, ciphertext));
    }
}
