using CsCheck;
using JitAccess.Domain.Audit;

namespace JitAccess.Domain.Tests.Audit;

public sealed class ChainCheckTests
{
    private static readonly Gen<int[]> Sizes = Gen.Int[1, 6].Array[1, 6];

    [Fact]
    public void Chain_Untouched_HasNoProblem() => Sizes.Sample(sizes => Chain.Of(sizes).Check() is null, iter: 100);

    [Fact]
    public void Entry_Changed_IsNamed() => Gen.Select(Sizes, Gen.Int[0, 1000]).Sample((sizes, choice) =>
    {
        Chain chain = Chain.Of(sizes);
        AuditSeal seal = chain.Seals[choice % chain.Seals.Count];
        chain.Entries[seal.EntryId] = chain.Entries[seal.EntryId] with { Why = "Something else." };
        Found(chain, AuditProblemKind.EntryChanged, seal.Block, seal.EntryId);
    }, iter: 100);

    [Fact]
    public void Entry_Removed_IsNamed() => Gen.Select(Sizes, Gen.Int[0, 1000]).Sample((sizes, choice) =>
    {
        Chain chain = Chain.Of(sizes);
        AuditSeal seal = chain.Seals[choice % chain.Seals.Count];
        chain.Entries.Remove(seal.EntryId);
        Found(chain, AuditProblemKind.EntryRemoved, seal.Block, seal.EntryId);
    }, iter: 100);

    [Fact]
    public void Entry_RemovedWithItsSeal_IsFoundByItsPlace() => Gen.Select(Sizes, Gen.Int[0, 1000]).Sample((sizes, choice) =>
    {
        Chain chain = Chain.Of(sizes);
        AuditSeal seal = chain.Seals[choice % chain.Seals.Count];
        chain.Entries.Remove(seal.EntryId);
        chain.Seals.Remove(seal);
        AuditProblem problem = Found(chain, AuditProblemKind.EntryRemoved, seal.Block, null);
        Assert.Contains($"place {seal.Position} of block {seal.Block}", problem.Message, StringComparison.Ordinal);
    }, iter: 100);

    [Fact]
    public void Entries_ThatChangedPlaces_AreNamed()
    {
        Chain chain = Chain.Of(2, 4);
        AuditSeal one = chain.Seals[3], other = chain.Seals[5];
        (chain.Seals[3], chain.Seals[5]) = (one with { Position = other.Position }, other with { Position = one.Position });
        Found(chain, AuditProblemKind.EntryMoved, 2, other.EntryId);
    }

    [Fact]
    public void Entries_ThatChangedContents_AreNamed()
    {
        Chain chain = Chain.Of(2, 4);
        Guid one = chain.Seals[3].EntryId, other = chain.Seals[5].EntryId;
        (chain.Entries[one], chain.Entries[other]) = (chain.Entries[other] with { Id = one }, chain.Entries[one] with { Id = other });
        Found(chain, AuditProblemKind.EntryChanged, 2, one);
    }

    [Fact]
    public void Entry_ChangedWithItsSeal_GivesItsBlockAway()
    {
        Chain chain = Chain.Of(2, 4);
        AuditSeal seal = chain.Seals[3];
        chain.Entries[seal.EntryId] = chain.Entries[seal.EntryId] with { Why = "Something else." };
        chain.Seals[3] = seal with { Leaf = new LeafEncoder().Leaf(seal.Block, seal.Position, chain.Entries[seal.EntryId]) };
        Found(chain, AuditProblemKind.BlockChanged, 2, null);
    }

    [Fact]
    public void Block_RewrittenWithItsEntries_IsFoundByTheNext()
    {
        Chain chain = Chain.Of(2, 4, 1), other = Chain.Of(2, 4, 1);
        chain.Blocks[1] = other.Blocks[1] with { Previous = chain.Blocks[0].Hash };
        chain.Blocks[1] = chain.Blocks[1] with { Hash = chain.Blocks[1].ComputeHash() };
        for (int index = 2; index < 6; index++) chain.Seals[index] = other.Seals[index];
        foreach ((Guid id, StoredEntry entry) in other.Entries) chain.Entries[id] = entry;
        Found(chain, AuditProblemKind.BlockChanged, 2, null);
    }

    [Fact]
    public void Block_ThatSaysSomethingElse_IsFound()
    {
        Assert.All<Func<AuditBlock, AuditBlock>>(
            [
                block => block with { Count = 5 }, block => block with { Root = default }, block => block with { Previous = Digest.Of([]) }, block => block with { IsComplete = false },
                block => block with { SealedAt = block.SealedAt.AddMicroseconds(1) }, block => block with { Hash = default },
            ],
            change =>
            {
                Chain chain = Chain.Of(2, 4, 1);
                chain.Blocks[1] = change(chain.Blocks[1]);
                Found(chain, AuditProblemKind.BlockChanged, 2, null);
            });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Block_Removed_IsMissing(int index)
    {
        Chain chain = Chain.Of(2, 4, 1);
        chain.Blocks.RemoveAt(index);
        Assert.Equal((AuditProblemKind.BlockMissing, index + 1L), (chain.Check()!.Kind, chain.Check()!.Block!.Value));
    }

    [Fact]
    public void Entry_ThatSaysItIsOlderThanWhatWasSealedBefore_IsInserted()
    {
        Chain chain = Chain.Of(2);
        StoredEntry late = Chain.Entry(Given.Now.AddMinutes(-4)), backdated = Chain.Entry(Given.Now.AddMinutes(-6));
        chain.Close(Given.Now.AddSeconds(1), late);
        Assert.Null(chain.Check());
        chain.Close(Given.Now.AddSeconds(2), backdated);
        Found(chain, AuditProblemKind.EntryInserted, 3, backdated.Id);
    }

    [Fact]
    public void Entry_AfterTheClockWasSetBack_IsNoProblem()
    {
        Chain chain = Chain.Of(2);
        chain.Close(Given.Now.AddHours(-1), Chain.Entry(Given.Now.AddHours(-1)));
        chain.Close(Given.Now.AddSeconds(1), Chain.Entry(Given.Now.AddSeconds(1)));
        Assert.Null(chain.Check());
    }

    private static AuditProblem Found(Chain chain, AuditProblemKind kind, long block, Guid? entry)
    {
        AuditProblem problem = Assert.IsType<AuditProblem>(chain.Check());
        Assert.Equal((kind, (long?)block, entry), (problem.Kind, problem.Block, problem.EntryId));
        if (entry is { } id) Assert.Contains(id.ToString(), problem.Message, StringComparison.Ordinal);
        return problem;
    }
}
