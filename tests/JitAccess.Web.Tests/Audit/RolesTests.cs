using JitAccess.Web.Audit;
using JitAccess.Web.Delegations;
using JitAccess.Web.Grants;
using JitAccess.Web.Policies;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tests.Notifications;
using Npgsql;

namespace JitAccess.Web.Tests.Audit;

/// <summary>deploy/postgres-roles.sql: the application works under a role that cannot rewrite history, whatever triggers say.</summary>
public sealed class RolesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Application_UnderItsOwnRole_DoesItsWork()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.KnowAsync(TestPeople.Approver, TestPeople.Approver2);
        TestProcess process = await UnderItsRoleAsync(world);
        RequestService requests = process.Get<RequestService>();

        Guid id = (await requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
        await requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);
        Guid grant = (await process.Get<RequestQueries>().FindAsync(TestPeople.Requester, id, Cancellation))!.Grant!.Id;
        await process.Get<SessionService>().ConnectAsync(TestPeople.Requester, grant, Cancellation);
        await process.Get<GrantService>().RevokeAsync(TestPeople.Approver, id, "enough", Cancellation);
        DateTimeOffset now = world.Clock.GetUtcNow();
        await process.Get<DelegationService>().MakeAsync(TestPeople.Approver, "approver2", now, now.AddDays(1), "", Cancellation);
        PolicyRevision seen = (await process.Get<PolicyQueries>().ReviewAsync(TestPeople.Admin, Cancellation)).Revision;
        await process.Get<PolicyService>().SetSecondAdminAsync(TestPeople.Admin, seen, true, Cancellation);
        await process.Get<PolicyService>().PublishAsync(TestPeople.Admin, (await process.Get<PolicyQueries>().ReviewAsync(TestPeople.Admin, Cancellation)).Revision, "Two pairs of eyes.", Cancellation);
        await process.Background<AuditMonths>().DoDueAsync(Cancellation);
        await process.SealAsync();
        await process.RouteAsync();

        AuditFindings findings = await process.Get<AuditVerification>().CheckAsync(AuditVerification.DefaultTolerance, Cancellation);
        Assert.Null(findings.Problem);
        Assert.Equal(await world.CountAsync("audit_entries"), findings.Entries);
        Assert.Equal(["Approved"], await world.QueryAsync($"select status from requests where id = '{id}'"));
        Assert.Equal(["2"], await world.QueryAsync("select max(number)::text from policy_sets"));
    }

    [Theory]
    [InlineData("update audit_entries set why = 'x'")]
    [InlineData("delete from audit_entries")]
    [InlineData("truncate audit_entries")]
    [InlineData("delete from audit_entries_other")]
    [InlineData("insert into audit_entries_other select * from audit_entries")]
    [InlineData("update audit_blocks set count = 1")]
    [InlineData("delete from audit_seals")]
    [InlineData("update audit_waiting set number = default")]
    [InlineData("alter table audit_entries disable trigger user")]
    [InlineData("alter table audit_entries detach partition audit_entries_other")]
    [InlineData("drop table audit_entries_other")]
    [InlineData("create table mine (id int)")]
    [InlineData("update policy_sets set comment = 'x'")]
    [InlineData("delete from \"__EFMigrationsHistory\"")]
    public async Task Application_UnderItsOwnRole_RewritesNothingEvenWithoutTriggers(string sql)
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await UnderItsRoleAsync(world);
        await world.TamperAsync("select");
        await world.ExecuteAsync("alter table audit_entries disable trigger all; alter table audit_blocks disable trigger all; alter table audit_seals disable trigger all; alter table audit_entries_other disable trigger all");

        await using NpgsqlCommand command = process.Get<NpgsqlDataSource>().CreateCommand(sql);
        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        Assert.DoesNotContain("append-only", refusal.MessageText, StringComparison.Ordinal);
    }

    private static async Task<TestProcess> UnderItsRoleAsync(TestWorld world)
    {
        string script = await File.ReadAllTextAsync(Path.Combine(Repository.Folder, "deploy", "postgres-roles.sql"), Cancellation);
        NpgsqlConnectionStringBuilder connection = new(world.ConnectionString);
        string login = $"application_{Guid.NewGuid():N}";
        // Twice, as after the next migration.
        await world.ExecuteAsync($"begin; {script}; {script}; create role {login} login password 'secret' in role jitaccess_application; commit");
        (connection.Username, connection.Password) = (login, "secret");
        return world.AnotherProcess(settings: new Dictionary<string, string?>(TestChannels.Email()) { ["ConnectionStrings:Database"] = connection.ConnectionString });
    }
}
