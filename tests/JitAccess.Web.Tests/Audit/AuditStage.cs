using JitAccess.Domain.Audit;
using JitAccess.Web.Audit;
using JitAccess.Web.Data;
using JitAccess.Web.Tests.Data;
using Microsoft.Extensions.Configuration;

namespace JitAccess.Web.Tests.Audit;

/// <summary>Writing, sealing and checking the audit of a <see cref="TestWorld"/>.</summary>
internal static class AuditStage
{
    /// <summary>Writes entries as the application does, in one transaction.</summary>
    public static async Task<Guid[]> WriteAsync(this TestWorld world, params string[] reasons)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        AuditEntry[] entries = [.. reasons.Select(why => world.Entry(why))];
        database.AuditEntries.AddRange(entries);
        await database.SaveChangesAsync(TestWorld.Cancellation);
        return [.. entries.Select(entry => entry.Id)];
    }

    public static AuditEntry Entry(this TestWorld world, string why) =>
        new(TestPeople.Admin, AuditAction.PolicySetPublished, "subject", why, world.Clock.GetUtcNow()) { Before = "{\"b\":1.50, \"a\":\"é\"}", After = "[]", PolicySetVersion = 2, NodeId = "i-0a1b2c3d4e5f60718" };

    /// <summary>One round of sealing, on a process.</summary>
    public static Task<bool> SealAsync(this TestProcess process) => process.Background<AuditSealing>().DoDueAsync(TestWorld.Cancellation);

    /// <summary>Writes and seals blocks of three entries, a second apart.</summary>
    /// <returns>The ids in the order of the chain.</returns>
    public static async Task<List<Guid>> WriteBlocksAsync(this TestWorld world, int blocks)
    {
        List<Guid> ids = [];
        for (int block = 1; block <= blocks; block++)
        {
            await world.WriteAsync($"First of {block}.", $"Second of {block}.", $"Third of {block}.");
            await world.Here.SealAsync();
            ids = [.. (await world.QueryAsync("select entry_id from audit_seals order by block, position")).Select(Guid.Parse)];
            Assert.Equal(3 * block, ids.Count);
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        return ids;
    }

    /// <summary>Writes and seals further blocks of three entries, a second apart.</summary>
    public static async Task WriteBlocksAfterAsync(this TestWorld world, int blocks)
    {
        for (int block = 1; block <= blocks; block++)
        {
            await world.WriteAsync($"First of {block} more.", $"Second of {block} more.", $"Third of {block} more.");
            await world.Here.SealAsync();
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>What whoever owns the tables can do: the trigger is off meanwhile.</summary>
    public static Task TamperAsync(this TestWorld world, string sql) => world.ExecuteAsync(
        $"""
        alter table audit_entries disable trigger user; alter table audit_seals disable trigger user; alter table audit_blocks disable trigger user;
        {sql};
        alter table audit_entries enable trigger user; alter table audit_seals enable trigger user; alter table audit_blocks enable trigger user
        """);

    public static Task<AuditFindings> CheckAsync(this TestWorld world) => world.Here.Get<AuditVerification>().CheckAsync(AuditVerification.DefaultTolerance, TestWorld.Cancellation);

    /// <summary>Runs the command in this process, with the settings of a started one.</summary>
    public static async Task<(AuditOutcome Outcome, string Output, string Errors)> RunAuditAsync(string connectionString, params string[] arguments)
    {
        await using StringWriter output = new() { NewLine = "\n" }, errors = new() { NewLine = "\n" };
        AuditCommand command = new(output, errors, configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Database"] = connectionString }));
        AuditOutcome outcome = await command.RunAsync(arguments, TestWorld.Cancellation);
        return (outcome, output.ToString(), errors.ToString());
    }
}
