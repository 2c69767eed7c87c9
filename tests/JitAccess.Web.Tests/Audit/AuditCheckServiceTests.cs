using JitAccess.Domain.Audit;
using JitAccess.Web.Audit;
using JitAccess.Web.Tests.Data;
using Npgsql;

namespace JitAccess.Web.Tests.Audit;

public sealed class AuditCheckServiceTests
{
    [Fact]
    public async Task Check_RunsBesideThePages_AndItsResultStays()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(2);
        AuditCheckService checks = world.Here.Get<AuditCheckService>();
        Assert.Null(checks.Current(TestPeople.Auditor));

        AuditCheckRun run = checks.Begin(TestPeople.Auditor);
        await Until.TrueAsync(() => run.IsOver, "the check is over");

        Assert.Equal((null, 6L, 0L), (run.Findings!.Problem, run.Findings.Entries, run.Findings.Waiting));
        Assert.Equal(6, run.Progress.All);
        Assert.Same(run, checks.Current(TestPeople.Admin));
        Assert.Equal("auditor", run.StartedBy);
    }

    [Fact]
    public async Task Check_OfAnAuditThatWasRewritten_NamesTheEntry()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        List<Guid> ids = await world.WriteBlocksAsync(2);
        await world.TamperAsync($"update audit_entries set why = 'x' where id = '{ids[4]}'");

        AuditCheckRun run = world.Here.Get<AuditCheckService>().Begin(TestPeople.Admin);
        await Until.TrueAsync(() => run.IsOver, "the check is over");

        Assert.Equal((AuditProblemKind.EntryChanged, ids[4]), (run.Findings!.Problem!.Kind, run.Findings.Problem.EntryId));
    }

    [Fact]
    public async Task Check_WhileOneRuns_IsThatOne_AndCanBeCancelled()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(1);
        await using NpgsqlConnection other = await world.Here.Get<NpgsqlDataSource>().OpenConnectionAsync(TestWorld.Cancellation);
        await using NpgsqlTransaction held = await other.BeginTransactionAsync(TestWorld.Cancellation);
        await using (NpgsqlCommand hold = new("lock table audit_seals in access exclusive mode", other)) await hold.ExecuteNonQueryAsync(TestWorld.Cancellation);
        AuditCheckService checks = world.Here.Get<AuditCheckService>();

        AuditCheckRun run = checks.Begin(TestPeople.Auditor);
        Assert.Same(run, checks.Begin(TestPeople.Admin));
        Assert.False(run.IsOver);
        run.Cancel();
        await Until.TrueAsync(() => run.IsOver, "the check is over");

        Assert.Equal((true, null, null), (run.IsCancelled, run.Findings, run.Error));
        await held.RollbackAsync(TestWorld.Cancellation);
        AuditCheckRun again = checks.Begin(TestPeople.Admin);
        await Until.TrueAsync(() => again.IsOver, "the check is over");
        Assert.Equal(3, again.Findings!.Entries);
    }
}
