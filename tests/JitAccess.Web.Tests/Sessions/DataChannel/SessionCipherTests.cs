using System.Security.Cryptography;
using CsCheck;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class SessionCipherTests : IDisposable
{
    private readonly byte[] _plainKey = RandomNumberGenerator.GetBytes(SessionDataKey.Length);
    private readonly SessionCipher _client;
    private readonly SessionCipher _node;

    public SessionCipherTests()
    {
        SessionDataKey key = new(_plainKey, [1]);
        _client = SessionCipher.ForClient(key);
        _node = SessionCipher.ForNode(key);
    }

    public void Dispose()
    {
        _client.Dispose();
        _node.Dispose();
    }

    [Fact]
    public void Payload_OfAnyLength_IsReadByTheOtherSideOnly() => Gen.Byte.Array[0, 2000].Sample(
        payload =>
        {
            byte[] fromClient = _client.Encrypt(payload), fromNode = _node.Encrypt(payload);
            Assert.Equal(payload.Length + SessionCipher.Overhead, fromClient.Length);
            Assert.True(_node.TryDecrypt(fromClient, out byte[]? atNode));
            Assert.True(_client.TryDecrypt(fromNode, out byte[]? atClient));
            Assert.Equal(payload, atNode);
            Assert.Equal(payload, atClient);
            Assert.False(_client.TryDecrypt(fromClient, out _));
        },
        iter: 300, threads: 1);

    [Fact]
    public void Payload_WithOneBitChanged_IsRefused() => Gen.Select(Gen.Byte.Array[0, 50], Gen.Int[0, 10_000]).Sample(
        (payload, at) =>
        {
            byte[] encrypted = _client.Encrypt(payload);
            encrypted[at / 8 % encrypted.Length] ^= (byte)(1 << (at % 8));
            Assert.False(_node.TryDecrypt(encrypted, out _));
        },
        iter: 300, threads: 1);

    [Fact]
    public void Payload_ShorterThanNonceAndTag_IsRefused()
    {
        for (int length = 0; length < SessionCipher.Overhead; length++)
            Assert.False(_node.TryDecrypt(new byte[length], out _));
    }

    [Fact]
    public void Nonces_OfManyPayloads_NeverRepeat()
    {
        HashSet<string> nonces = [];
        for (int payload = 0; payload < 10_000; payload++)
            Assert.True(nonces.Add(Convert.ToHexString(_client.Encrypt([])[..12])));
    }

    [Fact]
    public void FirstHalfOfTheKey_EncryptsWhatTheNodeSends()
    {
        byte[] sent = _node.Encrypt("hello"u8);
        using AesGcm gcm = new(_plainKey.AsSpan(0, 32), 16);
        byte[] plain = new byte[5];
        gcm.Decrypt(sent.AsSpan(0, 12), sent.AsSpan(12, 5), sent.AsSpan(17), plain);
        Assert.Equal("hello"u8.ToArray(), plain);
    }

    [Fact]
    public void DataKey_Disposed_IsAllZero()
    {
        SessionDataKey key = new(RandomNumberGenerator.GetBytes(SessionDataKey.Length), [1]);
        key.Dispose();
        Assert.All(key.Plaintext, value => Assert.Equal(0, value));
        Assert.Throws<ArgumentException>(() => new SessionDataKey(new byte[32], [1]));
        Assert.Throws<ArgumentException>(() => new SessionDataKey(new byte[64], []));
    }
}
