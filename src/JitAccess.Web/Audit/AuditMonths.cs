using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Audit;

/// <summary>
/// Entries lie by month, so that a month can go as a whole. The next months' tables are made ahead, by a function of the database: the application's own
/// role owns none. What has no table of its month yet goes into the one for everything else, so nothing is ever refused for it.
/// </summary>
internal sealed class AuditMonths(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<AuditMonths> logger) : DueWork(time, logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(6);
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        if (Time.GetUtcNow() < _next) return false;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Database.SqlQuery<int>($"select make_audit_months() as \"Value\"").SingleAsync(cancellationToken);
        _next = Time.GetUtcNow() + Period;
        return false;
    }
}
