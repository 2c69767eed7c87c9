using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Notifications;

/// <summary>Removes what was told and is of no more use: what was sent after a week, what could not be after a month.</summary>
internal sealed class OutboxCleaning(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<OutboxCleaning> logger) : DueWork(time, logger)
{
    internal static readonly TimeSpan KeepSent = TimeSpan.FromDays(7);

    internal static readonly TimeSpan KeepDead = TimeSpan.FromDays(30);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private DateTimeOffset _next;

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = Time.GetUtcNow(), sent = now - KeepSent, dead = now - KeepDead;
        if (now < _next) return false;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Deliveries.Where(delivery => (delivery.State == DeliveryState.Delivered && delivery.ClosedAt < sent) || delivery.CreatedAt < dead).ExecuteDeleteAsync(cancellationToken);
        await database.Outbox.Where(message => message.SentAt < sent).ExecuteDeleteAsync(cancellationToken);
        _next = now + Interval;
        return false;
    }
}
