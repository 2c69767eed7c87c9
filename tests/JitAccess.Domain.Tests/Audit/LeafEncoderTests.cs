using JitAccess.Domain.Audit;

namespace JitAccess.Domain.Tests.Audit;

public sealed class LeafEncoderTests
{
    private static readonly StoredEntry Full = new(
        Guid.Parse("0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"), Given.Now, "alice", "Alice", "arn", "192.0.2.7", "RequestSubmitted", "subject", "i-1", "{}", "{\"a\": 1}", 3, "Why.");

    [Fact]
    public void Encoding_OfAnEntry_IsTheDocumentedOne()
    {
        StoredEntry entry = Full with
        {
            At = DateTimeOffset.UnixEpoch.AddMicroseconds(258),
            Actor = null,
            ActorName = "é",
            ActorIdentity = null,
            ActorAddress = null,
            Action = "A",
            Subject = "",
            NodeId = null,
            Before = null,
            After = null,
            PolicySetVersion = 7,
            Why = "W",
        };

        Assert.Equal(
            "00" + "01" + "0000000000000102" + "00000003"
            + "01" + "00000010" + "0197a1b2c3d47e5f8a6b7c8d9e0f1a2b"
            + "02" + "00000008" + "0000000000000102"
            + "04" + "00000002" + "c3a9"
            + "07" + "00000001" + "41"
            + "08" + "00000000"
            + "0c" + "00000004" + "00000007"
            + "0d" + "00000001" + "57",
            Convert.ToHexStringLower(new LeafEncoder().Encode(258, 3, entry)));
    }

    [Fact]
    public void Leaf_WithAnyColumnOrPlaceChanged_IsAnother()
    {
        LeafEncoder encoder = new();
        StoredEntry[] entries =
        [
            Full, Full with { Id = Guid.Empty }, Full with { At = Full.At.AddMicroseconds(1) }, Full with { Actor = null }, Full with { Actor = "" }, Full with { ActorName = "alice" },
            Full with { ActorIdentity = null }, Full with { ActorAddress = "192.0.2.8" }, Full with { Action = "RequestRefused" }, Full with { Subject = "Subject" }, Full with { NodeId = null },
            Full with { NodeId = null, Before = "i-1" }, Full with { Before = "{} " }, Full with { After = null }, Full with { PolicySetVersion = null }, Full with { PolicySetVersion = 4 },
            Full with { Why = "Why.W" }, Full with { Why = new string('x', 100_000) },
        ];

        Digest[] leaves = [.. entries.Select(entry => encoder.Leaf(1, 0, entry)), encoder.Leaf(2, 0, Full), encoder.Leaf(1, 1, Full)];

        Assert.Equal(leaves.Length, leaves.Distinct().Count());
        Assert.Equal(leaves[0], encoder.Leaf(1, 0, Full with { At = Full.At.ToOffset(TimeSpan.FromHours(2)) }));
    }
}
