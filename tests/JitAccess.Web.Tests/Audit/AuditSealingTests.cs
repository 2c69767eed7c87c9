using JitAccess.Domain.Audit;
using JitAccess.Web.Audit;
using JitAccess.Web.Data;
using JitAccess.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace JitAccess.Web.Tests.Audit;

public sealed class AuditSealingTests
{
    [Fact]
    public async Task Sealing_ClosesWhatWasWrittenIntoAChain()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        Assert.False(await world.Here.SealAsync());
        Assert.Equal(0, await world.CountAsync("audit_blocks"));

        await world.WriteBlocksAsync(2);

        await using JitAccessDbContext database = await world.DatabaseAsync();
        AuditBlock[] blocks = await database.AuditBlocks.OrderBy(block => block.Number).ToArrayAsync(TestWorld.Cancellation);
        Assert.Equal([(1L, 3, true), (2L, 3, true)], blocks.Select(block => (block.Number, block.Count, block.IsComplete)));
        Assert.Equal((default, blocks[0].Hash), (blocks[0].Previous, blocks[1].Previous));
        Assert.All(blocks, block => Assert.Equal(block.ComputeHash(), block.Hash));
        Assert.Equal(0, await world.CountAsync("audit_waiting"));
        AuditFindings findings = await world.CheckAsync();
        Assert.Equal((null, 6L, 0L, blocks[1]), (findings.Problem, findings.Entries, findings.Waiting, findings.Newest));
    }

    [Fact]
    public async Task Entry_OfATransactionThatCommitsLate_IsSealedLateAndNoneIsPassedOver()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await using JitAccessDbContext slow = await world.DatabaseAsync();
        await using IDbContextTransaction open = await slow.Database.BeginTransactionAsync(TestWorld.Cancellation);
        AuditEntry late = world.Entry("Written first, committed last.");
        slow.AuditEntries.Add(late);
        await slow.SaveChangesAsync(TestWorld.Cancellation);

        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Guid[] first = await world.WriteAsync("Written second, committed first.");
        await world.Here.SealAsync();
        Assert.Equal([$"1 {first[0]}"], await SealsAsync(world));
        AuditFindings meanwhile = await world.CheckAsync();
        Assert.Equal((null, 1L, 0L), (meanwhile.Problem, meanwhile.Entries, meanwhile.Waiting));

        await open.CommitAsync(TestWorld.Cancellation);
        Assert.Equal((null, 1L), ((await world.CheckAsync()).Problem, (await world.CheckAsync()).Waiting));
        await world.Here.SealAsync();
        Assert.Equal([$"1 {first[0]}", $"2 {late.Id}"], await SealsAsync(world));
        Assert.Null((await world.CheckAsync()).Problem);
    }

    [Fact]
    public async Task Entry_OfATransactionThatIsRolledBack_NeverWaits()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await using (JitAccessDbContext database = await world.DatabaseAsync())
        await using (IDbContextTransaction open = await database.Database.BeginTransactionAsync(TestWorld.Cancellation))
        {
            database.AuditEntries.Add(world.Entry("Never."));
            await database.SaveChangesAsync(TestWorld.Cancellation);
            await open.RollbackAsync(TestWorld.Cancellation);
        }
        Assert.False(await world.Here.SealAsync());
        Assert.Equal((0, 0), (await world.CountAsync("audit_waiting"), await world.CountAsync("audit_blocks")));
    }

    [Fact]
    public async Task Sealing_ByTwoProcessesAtOnceWhileEntriesAreWritten_MakesOneChain()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        TestProcess[] processes = [world.Here, world.AnotherProcess()];
        const int writers = 4, transactions = 25;
        Task[] writing = [.. Enumerable.Range(0, writers).Select(async writer =>
        {
            for (int number = 0; number < transactions; number++) await world.WriteAsync($"{writer}/{number} a", $"{writer}/{number} b");
        })];
        Task written = Task.WhenAll(writing);
        await Task.WhenAll(processes.Select(async process =>
        {
            while (!written.IsCompleted) await process.SealAsync();
        }));
        await written;
        await world.Here.SealAsync();

        AuditFindings findings = await world.CheckAsync();
        Assert.Equal((null, 2L * writers * transactions, 0L), (findings.Problem, findings.Entries, findings.Waiting));
        Assert.Equal([$"{findings.Newest!.Number}"], await world.QueryAsync("select count(*) from audit_blocks"));
        // What one transaction wrote came at once.
        Assert.Equal(["0"], await world.QueryAsync("select count(*) from (select 1 from audit_seals s join audit_entries e on e.id = s.entry_id group by left(e.why, -2) having count(distinct s.block) > 1) torn"));
    }

    [Fact]
    public async Task Sealing_WhileAnotherHasTheChain_LeavesTheWorkToIt()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteAsync("One.");
        await using (JitAccessDbContext other = await world.DatabaseAsync())
        await using (await other.Database.BeginTransactionAsync(TestWorld.Cancellation))
        {
            await other.Database.ExecuteSqlRawAsync($"select pg_advisory_xact_lock({AuditSealing.ChainLock})", TestWorld.Cancellation);
            Assert.False(await world.Here.SealAsync());
            Assert.Equal(0, await world.CountAsync("audit_blocks"));
        }
        await world.Here.SealAsync();
        Assert.Equal(1, await world.CountAsync("audit_blocks"));
    }

    [Fact]
    public async Task Sealing_MoreThanABlockTakes_GoesOnWithTheNext()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.ExecuteAsync($"insert into audit_entries (id, at, actor_name, action, subject, why) select gen_random_uuid(), '2026-06-01T09:00:00Z', 'JitAccess', 'GrantExpired', n, 'Over.' from generate_series(1, {AuditSealing.BlockSize + 1}) n");

        Assert.True(await world.Here.SealAsync());
        Assert.False(await world.Here.SealAsync());

        Assert.Equal([$"{AuditSealing.BlockSize} False", "1 True"], (await world.QueryAsync("select count || ' ' || initcap(is_complete::text) from audit_blocks order by number")));
        AuditFindings findings = await world.CheckAsync();
        Assert.Equal((null, AuditSealing.BlockSize + 1L), (findings.Problem, findings.Entries));
    }

    [Fact]
    public async Task StoredEntry_HasAllColumnsOfTheTable()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        IReadOnlyList<string> table = await world.QueryAsync("select attname from pg_attribute where attrelid = 'audit_entries'::regclass and attnum > 0 and not attisdropped order by 1");

        // A column that is not sealed could be changed by anybody: give it the next tag in LeafEncoder, and let it be null in older entries.
        Assert.Equal(StoredEntries.Columns.Split(", ").Select(column => column[2..].Split("::")[0]).Order(StringComparer.Ordinal), table.Order(StringComparer.Ordinal));
        Assert.Equal(table.Count, typeof(StoredEntry).GetConstructors().Max(constructor => constructor.GetParameters().Length));
    }

    private static Task<IReadOnlyList<string>> SealsAsync(TestWorld world) => world.QueryAsync("select block || ' ' || entry_id from audit_seals order by block, position");
}
