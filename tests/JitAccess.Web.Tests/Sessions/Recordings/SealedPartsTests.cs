using System.Security.Cryptography;
using JitAccess.Web.Sessions.Recordings;

namespace JitAccess.Web.Tests.Sessions.Recordings;

public sealed class SealedPartsTests
{
    private static readonly Guid Session = Guid.CreateVersion7();
    private static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly string OtherKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task Parts_AreReadBackAsTheyWereWritten()
    {
        (IReadOnlyList<byte[]> read, bool isWhole) = await ReadAsync(Join(Write("one", "", "three")));
        Assert.Equal(["one", "", "three"], read.Select(Text));
        Assert.True(isWhole);
    }

    [Fact]
    public void Stored_HoldsNothingInTheClear()
    {
        byte[] stored = Join(Write("a secret that stands out", "end"));
        Assert.True(stored.AsSpan().IndexOf("secret"u8) < 0);
    }

    [Fact]
    public async Task File_ThatEndsEarly_IsReadAsFarAsItGoesAndIsNotWhole()
    {
        byte[] stored = Join(Write("one", "two", "three"));
        (IReadOnlyList<byte[]> read, bool isWhole) = await ReadAsync(stored[..^5]);
        Assert.Equal(["one", "two"], read.Select(Text));
        Assert.False(isWhole);
    }

    [Fact]
    public async Task AnyByteChanged_IsFound()
    {
        byte[] stored = Join(Write("one", "two"));
        for (int at = 0; at < stored.Length; at++)
        {
            byte[] changed = [.. stored];
            changed[at] ^= 1;
            (IReadOnlyList<byte[]> read, bool isWhole) = (["one"u8.ToArray()], false);
            try
            {
                (read, isWhole) = await ReadAsync(changed);
            }
            catch (RecordingException)
            {
                continue;
            }
            // A length that grew reads beyond the end: what is missing is not taken for whole.
            Assert.False(isWhole);
            Assert.All(read, part => Assert.True(Text(part) is "one" or "two"));
        }
    }

    [Fact]
    public async Task PartsMovedLeftOutOrDoubled_AreFound()
    {
        byte[][] pieces = Write("one", "two", "three");
        await Assert.ThrowsAsync<RecordingException>(() => ReadAsync(Join([pieces[0], pieces[2], pieces[1], pieces[3]])));
        await Assert.ThrowsAsync<RecordingException>(() => ReadAsync(Join([pieces[0], pieces[2], pieces[3]])));
        await Assert.ThrowsAsync<RecordingException>(() => ReadAsync(Join([pieces[0], pieces[1], pieces[1], pieces[2], pieces[3]])));
        // Cut off between two parts: readable, and not whole.
        (_, bool isWhole) = await ReadAsync(Join([pieces[0], pieces[1], pieces[2]]));
        Assert.False(isWhole);
    }

    [Fact]
    public async Task OldKey_StillReads_AndAMissingKeySaysSo()
    {
        byte[] stored = Join(Write("one"));
        (IReadOnlyList<byte[]> read, _) = await ReadAsync(stored, new RecordingKeys([OtherKey, Key]));
        Assert.Equal(["one"], read.Select(Text));
        RecordingException missing = await Assert.ThrowsAsync<RecordingException>(() => ReadAsync(stored, new RecordingKeys([OtherKey])));
        Assert.Contains("Recording:Keys", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileOfAnotherSession_IsRefused() =>
        await Assert.ThrowsAsync<RecordingException>(() => ReadAsync(Join(Write("one")), session: Guid.CreateVersion7()));

    private static byte[][] Write(params string[] parts)
    {
        using SealedParts.Writer writer = new(new RecordingKeys([Key]), Session);
        List<byte[]> pieces = [writer.Header];
        for (int at = 0; at < parts.Length; at++) pieces.Add(writer.Seal(System.Text.Encoding.UTF8.GetBytes(parts[at]), at == parts.Length - 1));
        return [.. pieces];
    }

    private static async Task<(IReadOnlyList<byte[]> Parts, bool IsWhole)> ReadAsync(byte[] stored, RecordingKeys? keys = null, Guid? session = null)
    {
        await using SealedParts.Reader reader = new(new MemoryStream(stored), keys ?? new RecordingKeys([Key]), session ?? Session);
        List<byte[]> parts = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } part) parts.Add(part);
        return (parts, reader.IsWhole);
    }

    private static byte[] Join(IEnumerable<byte[]> pieces) => [.. pieces.SelectMany(piece => piece)];

    private static string Text(byte[] part) => System.Text.Encoding.UTF8.GetString(part);
}
