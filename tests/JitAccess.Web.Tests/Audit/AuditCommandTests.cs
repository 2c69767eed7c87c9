using JitAccess.Domain.Audit;
using JitAccess.Sandbox.Postgres;
using JitAccess.Web.Audit;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Audit;

public sealed class AuditCommandTests
{
    [Fact]
    public async Task Verify_AnAuditThatNobodyTouched_SaysSo()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(2);
        await world.WriteAsync("Waits.");

        (AuditOutcome outcome, string output, string errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify");

        string hash = (await world.QueryAsync("select encode(hash, 'hex') from audit_blocks where number = 2"))[0];
        Assert.Equal((AuditOutcome.Intact, ""), (outcome, errors));
        Assert.Equal($"6 entries are as written, in 2 blocks. 1 entry waits to be sealed.\nBlock 2, sealed 2026-06-01 09:00:01Z, has the hash {hash}\n", output);
    }

    public static TheoryData<string, string, AuditProblemKind> Edits => new()
    {
        { "update audit_entries set why = 'Nothing.' where id = '{4}'", "{4}", AuditProblemKind.EntryChanged },
        { "update audit_entries set actor = 'somebody' where id = '{4}'", "{4}", AuditProblemKind.EntryChanged },
        { "update audit_entries set at = at + interval '1 microsecond' where id = '{4}'", "{4}", AuditProblemKind.EntryChanged },
        { "update audit_entries set at = '4712-01-01 BC' where id = '{4}'", "{4}", AuditProblemKind.EntryChanged },
        { "update audit_entries set before = before || '{\"a\": 2}' where id = '{4}'", "{4}", AuditProblemKind.EntryChanged },
        { "update audit_entries set after = null where id = '{4}'", "{4}", AuditProblemKind.EntryChanged },
        { "update audit_entries set why = 'x' where id in ('{4}', '{2}', '{7}')", "{2}", AuditProblemKind.EntryChanged },
        { "update audit_seals set leaf = '\\x00' where entry_id = '{4}'", "{4}", AuditProblemKind.EntryChanged },
        { "delete from audit_entries where id = '{4}'", "{4}", AuditProblemKind.EntryRemoved },
        { "delete from audit_entries where id = '{8}'", "{8}", AuditProblemKind.EntryRemoved },
        { "insert into audit_entries select (jsonb_populate_record(e, jsonb_build_object('id', '01900000-0000-7000-8000-000000000001'))).* from audit_entries e where id = '{4}'", "01900000-0000-7000-8000-000000000001", AuditProblemKind.EntryInserted },
        {
            "update audit_entries e set why = o.why, at = o.at, actor = o.actor from audit_entries o where (e.id = '{3}' and o.id = '{5}') or (e.id = '{5}' and o.id = '{3}')",
            "{3}", AuditProblemKind.EntryChanged
        },
        {
            "update audit_entries set id = '00000000-0000-0000-0000-000000000000' where id = '{3}'; update audit_entries set id = '{3}' where id = '{5}'; update audit_entries set id = '{5}' where id = '00000000-0000-0000-0000-000000000000'",
            "{3}", AuditProblemKind.EntryChanged
        },
        { "update audit_seals set position = 9 where entry_id = '{3}'; update audit_seals set position = 0 where entry_id = '{5}'; update audit_seals set position = 2 where entry_id = '{3}'", "{5}", AuditProblemKind.EntryMoved },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task Verify_AfterTheOwnerRewroteRows_NamesTheFirst(string sql, string named, AuditProblemKind kind)
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        List<Guid> ids = await world.WriteBlocksAsync(3);
        string Filled(string text) => Enumerable.Range(0, ids.Count).Aggregate(text, (filled, number) => filled.Replace($"{{{number}}}", ids[number].ToString(), StringComparison.Ordinal));
        await world.TamperAsync(Filled(sql));

        (AuditOutcome outcome, string output, string errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify");

        Assert.Equal((AuditOutcome.Broken, ""), (outcome, output));
        Assert.StartsWith($"{kind}: Entry {Filled(named)} ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete from audit_blocks where number = 2", "BlockMissing: Block 2 is missing")]
    [InlineData("delete from audit_blocks where number = 3", "BlockMissing: Block 3 is missing")]
    [InlineData("update audit_blocks set sealed_at = sealed_at - interval '1 hour' where number = 2", "BlockChanged: Block 2 was changed")]
    [InlineData("update audit_blocks set hash = '' where number = 2", "BlockChanged: Block 2 was changed")]
    [InlineData("delete from audit_seals where block = 2 and position = 1", "EntryRemoved: The entry at place 1 of block 2")]
    [InlineData("delete from audit_seals where block = 3", "EntryRemoved: The entry at place 0 of block 3")]
    [InlineData("delete from audit_seals where block = 3; delete from audit_blocks where number = 3", "EntryInserted: Entry ")]
    public async Task Verify_AfterTheOwnerRewroteSeals_NamesTheBlock(string sql, string found)
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(3);
        await world.TamperAsync(sql);

        (AuditOutcome outcome, _, string errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify");

        Assert.Equal(AuditOutcome.Broken, outcome);
        Assert.StartsWith(found, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnEntryThatWasRemovedBeforeItWasSealed_NamesIt()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(1);
        Guid[] waiting = await world.WriteAsync("Gone.", "There.");
        await world.TamperAsync($"delete from audit_entries where id = '{waiting[0]}'");
        await world.Here.SealAsync();

        (AuditOutcome outcome, _, string errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify");

        Assert.Equal(AuditOutcome.Broken, outcome);
        Assert.StartsWith($"EntryRemoved: Entry {waiting[0]} was removed before it was sealed.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnEntryThatWasInsertedWithAnOldTime_NamesItUnlessTolerated()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(1);
        await world.ExecuteAsync("insert into audit_entries (id, at, actor_name, action, subject, why) values ('01900000-0000-7000-8000-000000000001', '2026-06-01T08:00:00Z', 'JitAccess', 'GrantExpired', 'x', 'Over.')");
        await world.Here.SealAsync();

        (AuditOutcome outcome, _, string errors) = await AuditStage.RunAuditAsync(world.ConnectionString, "verify");

        Assert.Equal(AuditOutcome.Broken, outcome);
        Assert.StartsWith("EntryInserted: Entry 01900000-0000-7000-8000-000000000001 was inserted late: it says 2026-06-01 08:00:00Z", errors, StringComparison.Ordinal);
        Assert.Equal(AuditOutcome.Intact, (await AuditStage.RunAuditAsync(world.ConnectionString, "verify", "--tolerance", "61")).Outcome);
    }

    [Fact]
    public async Task Verify_WhereItCannotBeChecked_SaysThatItWasNot()
    {
        PostgresFixture postgres = (await TestContext.Current.GetFixture<PostgresFixture>())!;
        PostgresServer server = await postgres.ServerAsync();
        string empty = await server.CreateDatabaseAsync("audit_not_migrated", cancellationToken: TestWorld.Cancellation);

        (AuditOutcome outcome, string output, string errors) = await AuditStage.RunAuditAsync(empty, "verify");
        Assert.Equal((AuditOutcome.Unknown, "", "The audit was not checked. The database lacks migrations. Run JitAccess.Web --migrate.\n"), (outcome, output, errors));
        (outcome, _, errors) = await AuditStage.RunAuditAsync("Host=127.0.0.1;Port=1;Database=none;Username=nobody", "verify");
        Assert.Equal(AuditOutcome.Unknown, outcome);
        Assert.StartsWith("The audit was not checked. The database does not answer as it should: ", errors, StringComparison.Ordinal);
        Assert.Equal((AuditOutcome.Unknown, "", AuditCommand.Usage + "\n"), await AuditStage.RunAuditAsync(empty, "verify", "--tolerance", "-1"));
        Assert.Equal((AuditOutcome.Unknown, "", AuditCommand.Usage + "\n"), await AuditStage.RunAuditAsync(empty));
    }
}
