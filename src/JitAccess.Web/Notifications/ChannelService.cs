using System.Text.Json;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using JitAccess.Web.Notifications.Channels;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Notifications;

/// <summary>What admins do about channels: try one, and have sent again what could not be delivered.</summary>
public sealed class ChannelService(IDbContextFactory<JitAccessDbContext> contexts, IEnumerable<IChannel> channels, TimeProvider time)
{
    private readonly IChannel[] _channels = [.. channels];

    /// <summary>Has a message sent that only tries the channel; by e-mail it goes to the actor. It is tried once.</summary>
    /// <exception cref="RefusedException">The actor is no admin, has no e-mail address, or there is no such channel.</exception>
    public async Task SendTestAsync(Actor actor, string channelName, CancellationToken cancellationToken)
    {
        Delivery.CanManage(actor).ThrowIfRefused();
        IChannel channel = Find(channelName);
        bool isEmail = channel.Kind == ChannelKind.Email;
        if (isEmail && actor.Person.Email is null) throw new RefusedException(RefusalKind.Conflict, "Your sign-in tells no e-mail address, so a test could not reach you. Ask another admin, or have the identity provider send the claim email.");
        DateTimeOffset now = time.GetUtcNow();
        string why = $"{actor.Person.DisplayName} tries whether messages of JitAccess arrive here. They do.";
        Notice notice = new(Notice.TestKind, now, "A test message from JitAccess", why, "settings/channels", JsonSerializer.SerializeToElement(new { actor = actor.Subject, actorName = actor.Person.DisplayName, why }));
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        database.Deliveries.Add(new Delivery(Guid.CreateVersion7(now), channel.Name, isEmail ? actor.Subject : "", isEmail ? actor.Person.Email : null, notice, now));
        database.Record(new AuditEntry(actor, AuditAction.ChannelTested, channel.Name, $"Sent a test message by {channel.Name}.", now));
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Has one message sent again that could not be delivered, under the same ids.</summary>
    /// <exception cref="RefusedException">See <see cref="Delivery.CanReplay"/>; also when its channel is not configured any more.</exception>
    public Task ReplayAsync(Actor actor, Guid id, CancellationToken cancellationToken) =>
        ReplayAsync(actor, deliveries => deliveries.Where(delivery => delivery.Id == id), _ => "Sent one message again that could not be delivered.", cancellationToken);

    /// <summary>Has everything sent again that could not be delivered by a channel, under the same ids.</summary>
    /// <exception cref="RefusedException">The actor is no admin, the channel is not configured any more, or there is nothing to send.</exception>
    public Task ReplayAllAsync(Actor actor, string channelName, CancellationToken cancellationToken) =>
        ReplayAsync(actor, deliveries => deliveries.Where(delivery => delivery.Channel == channelName && delivery.State == DeliveryState.Dead), number => $"Sent {number} messages again that could not be delivered.", cancellationToken);

    private async Task ReplayAsync(Actor actor, Func<IQueryable<Delivery>, IQueryable<Delivery>> which, Func<int, string> why, CancellationToken cancellationToken)
    {
        Delivery.CanManage(actor).ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        List<Delivery> deliveries = await which(database.Deliveries).ToListAsync(cancellationToken);
        if (deliveries.Count == 0) throw RefusedException.NotFound("message");
        IChannel channel = Find(deliveries[0].Channel);
        DateTimeOffset now = time.GetUtcNow();
        foreach (Delivery delivery in deliveries) delivery.Replay(actor, now);
        database.Record(new AuditEntry(actor, AuditAction.DeliveryReplayed, channel.Name, why(deliveries.Count), now));
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new RefusedException(RefusalKind.Conflict, "Somebody else had it sent again at the same instant.");
        }
    }

    private IChannel Find(string name) => _channels.FirstOrDefault(channel => channel.Name == name)
        ?? throw new RefusedException(RefusalKind.NotFound, $"The channel {name} is not configured.");
}
