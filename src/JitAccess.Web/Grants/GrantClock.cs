using JitAccess.Domain.Grants;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Grants;

/// <summary>Ends grants whose time is over. Due grants come from Postgres, so any replica may do it, after any restart.</summary>
internal sealed class GrantClock(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<GrantClock> logger) : DueWork(time, logger)
{
    // Sessions hang on it, and people may set all their grants to end on the hour.
    private const int AtOnce = 4 * BatchSize;

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow();
        List<Grant> due = await database.Grants.FromSql(
            $"select *, xmin from grants where ended_at is null and ends_at <= {now} order by ends_at limit {AtOnce} for update skip locked").ToListAsync(cancellationToken);
        if (due.Count == 0) return false;
        await database.ExpireAsync(due, now, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count == AtOnce;
    }
}
