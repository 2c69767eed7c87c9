using JitAccess.Domain.Audit;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Requests;

/// <summary>Times out requests that nobody answered.</summary>
internal sealed class RequestClock(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<RequestClock> logger) : DueWork(time, logger)
{
    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow();
        List<AccessRequest> due = await database.Requests.FromSql(
            $"select *, xmin from requests where status = 'Pending' and times_out_at <= {now} order by times_out_at limit {BatchSize} for update skip locked").ToListAsync(cancellationToken);
        foreach (AccessRequest request in due)
        {
            string before = RequestState.Of(request);
            request.TimeOut(now);
            database.Record(new AuditEntry(null, AuditAction.RequestTimedOut, request.Id.ToString(), "Nobody decided in time.", now)
            {
                NodeId = request.NodeId.Value,
                PolicySetVersion = request.Decision.PolicySetVersion,
                Before = before,
                After = RequestState.Of(request),
            });
        }
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count == BatchSize;
    }
}
