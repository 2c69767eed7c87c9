using JitAccess.Domain.Audit;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>Keeps the hash of the newest block outside the database, in every store that is configured, on whichever replica comes first.</summary>
internal sealed class AuditAnchoring(
    IDbContextFactory<JitAccessDbContext> contexts, IEnumerable<IAnchorStore> stores, IOptions<AnchorOptions> options, TimeProvider time, ILogger<AuditAnchoring> logger) : DueWork(time, logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly IAnchorStore[] _stores = [.. stores];

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        foreach (IAnchorStore store in _stores) await AnchorAsync(store, cancellationToken);
        return false;
    }

    private async Task AnchorAsync(IAnchorStore store, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow();
        if (await database.AnchorStates.AnyAsync(state => state.Name == store.Name && state.DueAt > now, cancellationToken)) return;
        await using IDbContextTransaction transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"insert into audit_anchors (name, block, due_at) values ({store.Name}, 0, {now}) on conflict do nothing", cancellationToken);
        AnchorState? state = await database.AnchorStates.FromSql($"select * from audit_anchors where name = {store.Name} and due_at <= {now} for update skip locked").SingleOrDefaultAsync(cancellationToken);
        if (state is null) return;
        AuditBlock? newest = await database.AuditBlocks.AsNoTracking().OrderByDescending(block => block.Number).FirstOrDefaultAsync(cancellationToken);
        TimeSpan interval = options.Value.Interval;
        if ((newest?.Number ?? 0) < state.Block)
        {
            Fail(state, $"Block {state.Block} was anchored, but {(newest is null ? "there is no block any more" : $"block {newest.Number} is the newest now")}: blocks were removed. Check the audit with the anchors that are kept.", interval);
        }
        else if (newest is null || newest.Number == state.Block)
        {
            state.Rest(now, interval);
        }
        else
        {
            await KeepAsync(store, state, AuditAnchor.Of(newest), interval, cancellationToken);
        }
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task KeepAsync(IAnchorStore store, AnchorState state, AuditAnchor anchor, TimeSpan interval, CancellationToken cancellationToken)
    {
        try
        {
            await store.KeepAsync(anchor, Time.GetUtcNow(), cancellationToken);
            state.Keep(anchor, Time.GetUtcNow(), interval);
        }
        catch (AnchorException exception)
        {
            Fail(state, exception.Message, interval);
        }
    }

    private void Fail(AnchorState state, string error, TimeSpan interval)
    {
        logger.LogWarning("The audit could not be anchored in {Store}: {Reason}", state.Name, error);
        state.Fail(error, Time.GetUtcNow(), interval < LongestPause ? interval : LongestPause);
    }
}
