using System.Security.Cryptography;
using System.Text;
using CsCheck;
using JitAccess.Domain.Audit;

namespace JitAccess.Domain.Tests.Audit;

public sealed class MerkleTreeTests
{
    private static readonly Gen<Digest[]> Leaves = Gen.Byte.Array[Digest.Length].Select(bytes => new Digest(bytes)).Array[1, 70];

    // The test vectors that implementations of RFC 6962 share.
    private static readonly string[] Inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Root_OfTheKnownVectors_IsTheKnownRoot(int count, string root) =>
        Assert.Equal(root, MerkleTree.RootOf([.. Inputs.Take(count).Select(input => Digest.Of([0x00, .. Convert.FromHexString(input)]))]).ToString());

    [Fact]
    public void Root_OfAnyLeaves_IsTheOneOfTheDefinition() => Leaves.Sample(leaves => MerkleTree.RootOf(leaves) == Defined(leaves), iter: 300);

    [Fact]
    public void Path_OfEveryLeaf_LeadsToTheRootFromItsPlaceAlone() => Leaves.Sample(leaves =>
    {
        Digest root = MerkleTree.RootOf(leaves);
        for (int index = 0; index < leaves.Length; index++)
        {
            Digest[] path = [.. MerkleTree.PathOf(leaves, index)];
            Assert.Equal(root, MerkleTree.RootFrom(leaves[index], index, leaves.Length, path));
            Assert.NotEqual(root, MerkleTree.RootFrom(Digest.Of([1]), index, leaves.Length, path));
            Assert.NotEqual(root, MerkleTree.RootFrom(leaves[index], index, leaves.Length, [.. path, root]));
            if (path.Length == 0) continue;
            Assert.NotEqual(root, MerkleTree.RootFrom(leaves[index], index, leaves.Length, path.AsSpan(1)));
            Assert.NotEqual(root, MerkleTree.RootFrom(leaves[index], (index + 1) % leaves.Length, leaves.Length, path));
        }
    }, iter: 100);

    [Fact]
    public void Path_OfALeafThatIsNotThere_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.PathOf([default], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.PathOf([default], -1));
        Assert.Null(MerkleTree.RootFrom(default, 1, 1, []));
    }

    [Fact]
    public void Digest_RoundTrips()
    {
        byte[] bytes = SHA256.HashData(Encoding.UTF8.GetBytes("abc"));

        Assert.Equal(bytes, new Digest(bytes).ToArray());
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Digest.Of("abc"u8).ToString());
        Assert.Throws<ArgumentException>(() => new Digest([1, 2, 3]));
    }

    /// <summary>MTH of RFC 6962, section 2.1, word by word.</summary>
    private static Digest Defined(Digest[] leaves)
    {
        if (leaves.Length == 1) return leaves[0];
        int half = 1;
        while (half * 2 < leaves.Length) half *= 2;
        return Digest.Of([0x01, .. Defined(leaves[..half]).ToArray(), .. Defined(leaves[half..]).ToArray()]);
    }
}
