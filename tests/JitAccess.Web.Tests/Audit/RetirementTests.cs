using JitAccess.Domain.Audit;
using JitAccess.Web.Audit;
using JitAccess.Web.Data;
using JitAccess.Web.Tests.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace JitAccess.Web.Tests.Audit;

/// <summary>Months of the audit: made ahead, taken out when they are old, and the chain goes on.</summary>
public sealed class RetirementTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entry_OfThisMonth_LiesInItsTable_AndOneOfAnotherIsNotRefused()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.ExecuteAsync(Insert("now()"));
        await world.ExecuteAsync(Insert("timestamptz '2019-05-01'"));

        Assert.Equal([.. new[] { "audit_entries_other", await ThisMonthAsync(world) }.Order(StringComparer.Ordinal)], await world.QueryAsync("select tableoid::regclass::text from audit_entries order by 1"));
        Assert.Equal(["3"], await world.QueryAsync("select count(*)::text from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit_entries'::regclass and c.relname ~ '[0-9]{4}_[0-9]{2}$'"));
        Assert.Equal(["0"], await world.QueryAsync("select make_audit_months()::text"));
    }

    [Fact]
    public async Task Migration_OfAnAuditThatIsThere_KeepsItAsItIs()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(2);
        string before = Assert.Single(await world.QueryAsync("select string_agg(e::text, ',' order by id) from audit_entries e"));

        // Down and up again, with what is there.
        await MigrateAsync(world, "Delegations");
        Assert.Equal(before, Assert.Single(await world.QueryAsync("select string_agg(e::text, ',' order by id) from audit_entries e")));
        Assert.Equal((null, 6L), await FoundAsync(world));
        await MigrateAsync(world, null);

        Assert.Equal(before, Assert.Single(await world.QueryAsync("select string_agg(e::text, ',' order by id) from audit_entries e")));
        Assert.Equal(["audit_entries_first"], await world.QueryAsync("select distinct tableoid::regclass::text from audit_entries"));
        Assert.Equal((null, 6L), await FoundAsync(world));
        await world.WriteBlocksAfterAsync(1);
        Assert.Equal((null, 9L), await FoundAsync(world));
    }

    [Fact]
    public async Task Retire_OldMonth_TakesItsEntriesAndTheChainFits()
    {
        await using TestWorld world = await RetiredAsync();

        AuditFindings findings = await world.CheckAsync();

        Assert.Equal((null, 6L), (findings.Problem, findings.Retired));
        Assert.Equal(["AuditRetired"], await world.QueryAsync("select action from audit_entries"));
        (AuditOutcome outcome, string output, _) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify");
        Assert.Equal(AuditOutcome.Intact, outcome);
        Assert.Contains("6 older entries were retired; the seals fit.", output, StringComparison.Ordinal);
        await world.WriteAsync("Afterwards.");
        await world.Here.SealAsync();
        Assert.Null((await world.CheckAsync()).Problem);
    }

    [Theory]
    // What whoever owns the tables can do after a retirement; what the check finds.
    [InlineData("delete from audit_seals where block = 1 and position = 2", AuditProblemKind.EntryRemoved)]
    [InlineData("update audit_seals set leaf = sha256('x') where block = 2 and position = 0", AuditProblemKind.BlockChanged)]
    [InlineData("update audit_entries set after = jsonb_set(after, '{entries}', '5') where action = 'AuditRetired'", AuditProblemKind.EntryChanged)]
    [InlineData("delete from audit_entries where action = 'AuditRetired'", AuditProblemKind.EntryRemoved)]
    public async Task Retired_ThenTamperedWith_IsFound(string sql, AuditProblemKind kind)
    {
        await using TestWorld world = await RetiredAsync();

        await world.TamperAsync(sql);

        Assert.Equal(kind, (await world.CheckAsync()).Problem?.Kind);
    }

    [Fact]
    public async Task Month_DroppedByHand_IsFound()
    {
        await using TestWorld world = await WorldAsync();
        await world.WriteBlocksAsync(2);

        await world.ExecuteAsync("drop table audit_entries_2026_06");

        Assert.Equal(AuditProblemKind.EntryRemoved, (await world.CheckAsync()).Problem?.Kind);
    }

    [Fact]
    public async Task Retire_WhatIsNotSealedOrNotAsWritten_IsRefusedAndNothingGoes()
    {
        await using TestWorld world = await WorldAsync();
        await world.WriteBlocksAsync(1);
        await world.WriteAsync("Waits.");
        world.Clock.Advance(TimeSpan.FromDays(200));

        await Assert.ThrowsAsync<JitAccess.Domain.RefusedException>(() => world.Here.Get<AuditRetirement>().RetireAsync(TestPeople.Admin, 3, isDryRun: false, Cancellation));
        await Assert.ThrowsAsync<JitAccess.Domain.RefusedException>(() => world.Here.Get<AuditRetirement>().RetireAsync(TestPeople.Admin, 2, isDryRun: false, Cancellation));
        Assert.Equal(4, await world.CountAsync("audit_entries"));
        await world.Here.SealAsync();
        await world.TamperAsync("update audit_entries set why = 'x' where why = 'Waits.'");
        (AuditOutcome outcome, _, string errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "retire", "--keep-months", "3");
        Assert.Equal(AuditOutcome.Broken, outcome);
        Assert.StartsWith("EntryChanged", errors, StringComparison.Ordinal);
        Assert.Equal(4, await world.CountAsync("audit_entries"));
    }

    [Fact]
    public async Task Retire_DryRunAndRecent_TakeNothing()
    {
        await using TestWorld world = await WorldAsync();
        await world.WriteBlocksAsync(1);

        Assert.Empty(await world.Here.Get<AuditRetirement>().RetireAsync(TestPeople.Admin, 3, isDryRun: false, Cancellation));
        world.Clock.Advance(TimeSpan.FromDays(200));
        Assert.Equal(3, (await world.Here.Get<AuditRetirement>().RetireAsync(TestPeople.Admin, 3, isDryRun: true, Cancellation)).Sum(month => month.Entries.Entries));

        Assert.Equal(3, await world.CountAsync("audit_entries"));
    }

    /// <summary>Two blocks of three entries, retired half a year later, and that sealed.</summary>
    private static async Task<TestWorld> RetiredAsync()
    {
        TestWorld world = await WorldAsync();
        await world.WriteBlocksAsync(2);
        world.Clock.Advance(TimeSpan.FromDays(200));
        IReadOnlyList<RetiredMonth> retired = await world.Here.Get<AuditRetirement>().RetireAsync(TestPeople.Admin, 3, isDryRun: false, Cancellation);
        Assert.Equal(6, retired.Sum(month => month.Entries.Entries));
        await world.Here.SealAsync();
        return world;
    }

    /// <summary>With a table of the month that the test's clock begins in.</summary>
    private static async Task<TestWorld> WorldAsync()
    {
        TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.ExecuteAsync("create table audit_entries_2026_06 partition of audit_entries for values from (audit_id_at('2026-06-01Z')) to (audit_id_at('2026-07-01Z'))");
        return world;
    }

    private static async Task MigrateAsync(TestWorld world, string? target)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        await database.GetService<IMigrator>().MigrateAsync(target, Cancellation);
    }

    private static async Task<(AuditProblem?, long)> FoundAsync(TestWorld world)
    {
        AuditFindings findings = await world.CheckAsync();
        return (findings.Problem, findings.Entries);
    }

    private static async Task<string> ThisMonthAsync(TestWorld world) => Assert.Single(await world.QueryAsync("select 'audit_entries_' || to_char(now() at time zone 'UTC', 'YYYY_MM')"));

    private static string Insert(string at) => $"insert into audit_entries (id, at, actor_name, action, subject, why) values (audit_id_at({at}), {at}, 'x', 'x', 'x', 'x')";
}
