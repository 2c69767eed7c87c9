using JitAccess.Domain.Audit;

namespace JitAccess.Domain.Tests.Audit;

public sealed class InclusionProofTests
{
    [Fact]
    public void Proof_OfEachEntry_HoldsForItAlone()
    {
        Chain chain = Chain.Of(3, 7);
        AuditBlock block = chain.Blocks[1];
        foreach (AuditSeal seal in chain.Seals.Where(seal => seal.Block == 2))
        {
            InclusionProof proof = InclusionProof.For(block, chain.LeavesOf(block), seal.Position);
            StoredEntry entry = chain.Entries[seal.EntryId];

            Assert.True(proof.Holds(entry, block.Hash));
            Assert.False(proof.Holds(entry with { Why = "Something else." }, block.Hash));
            Assert.False(proof.Holds(entry, chain.Blocks[0].Hash));
            Assert.False((proof with { Position = (seal.Position + 1) % block.Count }).Holds(entry, block.Hash));
            Assert.False((proof with { Block = block with { Count = block.Count + 1 } }).Holds(entry, block.Hash));
            Assert.Throws<ArgumentOutOfRangeException>(() => InclusionProof.For(block, chain.LeavesOf(block), block.Count));
        }
    }
}
