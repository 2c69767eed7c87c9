using JitAccess.Web.Data;
using JitAccess.Web.Notifications.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace JitAccess.Web.Notifications;

/// <summary>
/// Sends what waits for one channel, a few at a time; each channel has its own, so that a slow one holds up no other. A delivery is claimed for a while,
/// sent outside any transaction, and then recorded: whoever dies in between leaves it to be sent once more, under the same ids.
/// </summary>
internal sealed class OutboxDelivery(IChannel channel, IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time, ILogger<OutboxDelivery> logger) : DueWork(time, logger)
{
    /// <summary>How many are sent at the same time.</summary>
    internal const int AtOnce = 4;

    /// <summary>How long a delivery is claimed for: longer than any channel may take.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>The channel that it serves.</summary>
    internal string Channel => channel.Name;

    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        List<Delivery> claimed = await ClaimAsync(cancellationToken);
        await Task.WhenAll(claimed.Select(delivery => DeliverAsync(delivery, cancellationToken)));
        return claimed.Count == AtOnce;
    }

    private async Task<List<Delivery>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow(), until = now + Lease;
        return await database.Deliveries.FromSql(
            $"""
            update deliveries set claimed_until = {until}, tries = tries + 1 where id in (
                select id from deliveries where channel = {channel.Name} and state = 'Waiting' and due_at <= {now} and (claimed_until is null or claimed_until <= {now})
                order by due_at, id limit {AtOnce} for update skip locked)
            returning *, xmin
            """).AsNoTracking().ToListAsync(cancellationToken);
    }

    private async Task DeliverAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        ChannelException? failure = null;
        try
        {
            await channel.SendAsync(delivery, Time.GetUtcNow(), cancellationToken);
        }
        catch (ChannelException exception)
        {
            failure = exception;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "A delivery by {Channel} failed by a defect.", channel.Name);
            failure = new ChannelException("It could not be sent because of a defect in JitAccess; its log says more.", exception);
        }
        // What is out is out, also while the application stops.
        await RecordAsync(delivery.Id, failure, CancellationToken.None);
    }

    private async Task RecordAsync(Guid id, ChannelException? failure, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        // Somebody who came after the claim was over may have recorded it before.
        if (await database.Deliveries.FromSql($"select *, xmin from deliveries where id = {id} and state = 'Waiting' for update").SingleOrDefaultAsync(cancellationToken) is not { } delivery) return;
        await database.Database.ExecuteSqlAsync($"insert into channels (name) values ({channel.Name}) on conflict do nothing", cancellationToken);
        ChannelState state = await database.ChannelStates.FromSql($"select * from channels where name = {channel.Name} for update").SingleAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow();
        if (failure is null)
        {
            delivery.MarkDelivered(now);
            state.Succeed(now);
        }
        else
        {
            // A test is for somebody who waits for the answer.
            bool isLast = failure.IsFinal || delivery.ReadNotice().Kind == Notice.TestKind;
            delivery.MarkFailed(failure.Message, isLast ? null : RetrySchedule.After(delivery.Tries, failure.RetryAfter, Random.Shared.NextDouble()), now);
            state.Fail(failure.Message, failure.IsOfThisOne, now);
        }
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (delivery.State == DeliveryState.Dead) logger.LogWarning("A message could not be delivered by {Channel} and is given up: {Reason}", channel.Name, delivery.Error);
    }
}
