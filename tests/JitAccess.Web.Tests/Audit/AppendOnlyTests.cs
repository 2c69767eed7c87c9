using JitAccess.Web.Tests.Data;
using Npgsql;

namespace JitAccess.Web.Tests.Audit;

public sealed class AppendOnlyTests
{
    [Theory]
    [InlineData("update audit_entries set why = 'x'")]
    [InlineData("update audit_entries set why = 'x' where false")]
    [InlineData("delete from audit_entries")]
    [InlineData("truncate audit_entries")]
    [InlineData("set session_replication_role = replica; delete from audit_entries")]
    [InlineData("insert into audit_entries select * from audit_entries on conflict (id) do update set why = 'x'")]
    [InlineData("update audit_blocks set count = 1")]
    [InlineData("delete from audit_blocks")]
    [InlineData("truncate audit_blocks")]
    [InlineData("update audit_seals set position = 1")]
    [InlineData("delete from audit_seals")]
    [InlineData("truncate audit_seals")]
    public async Task Rewriting_EvenByTheOwner_IsRefused(string sql)
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteBlocksAsync(1);

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => world.ExecuteAsync(sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        Assert.Contains("is append-only", refusal.MessageText, StringComparison.Ordinal);
        Assert.Equal((null, 3L), ((await world.CheckAsync()).Problem, (await world.CheckAsync()).Entries));
    }
}
