using JitAccess.Domain.People;
using JitAccess.Web.Data;
using JitAccess.Web.Notifications.Channels;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Notifications;

/// <summary>A channel as admins see it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Place">The host that it leads to.</param>
/// <param name="State">How it is doing; null if nothing was ever sent by it.</param>
/// <param name="Waiting">How many messages wait to be sent.</param>
/// <param name="Dead">How many were given up.</param>
public sealed record ChannelView(string Name, ChannelKind Kind, string Place, ChannelState? State, int Waiting, int Dead);

/// <summary>A message that could not be delivered.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Channel">By which channel.</param>
/// <param name="Recipient">The e-mail address of who would have been told; null for a channel that is one recipient itself.</param>
/// <param name="Notice">What would have been told.</param>
/// <param name="ClosedAt">When it was given up.</param>
/// <param name="Tries">After how many tries.</param>
/// <param name="Error">Why the last one failed.</param>
/// <param name="CanReplay">False when the channel is not configured any more.</param>
public sealed record DeadDelivery(Guid Id, string Channel, string? Recipient, Notice Notice, DateTimeOffset ClosedAt, int Tries, string Error, bool CanReplay);

/// <summary>Reads how channels are doing. Only admins are told.</summary>
public sealed class ChannelQueries(IDbContextFactory<JitAccessDbContext> contexts, IEnumerable<IChannel> channels)
{
    private const int Most = 100;

    private readonly IChannel[] _channels = [.. channels];

    /// <summary>The configured channels, by name.</summary>
    /// <exception cref="Domain.RefusedException">The actor is no admin.</exception>
    public async Task<IReadOnlyList<ChannelView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        Delivery.CanManage(actor).ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Dictionary<string, ChannelState> states = await database.ChannelStates.AsNoTracking().ToDictionaryAsync(state => state.Name, cancellationToken);
        var counts = await database.Deliveries.Where(delivery => delivery.State != DeliveryState.Delivered).GroupBy(delivery => new { delivery.Channel, delivery.State })
            .Select(group => new { group.Key.Channel, group.Key.State, Count = group.Count() }).ToListAsync(cancellationToken);
        int Count(IChannel channel, DeliveryState state) => counts.SingleOrDefault(count => count.Channel == channel.Name && count.State == state)?.Count ?? 0;
        return [.. _channels.OrderBy(channel => channel.Name, StringComparer.Ordinal)
            .Select(channel => new ChannelView(channel.Name, channel.Kind, channel.Place, states.GetValueOrDefault(channel.Name), Count(channel, DeliveryState.Waiting), Count(channel, DeliveryState.Dead)))];
    }

    /// <summary>What could not be delivered, the newest hundred.</summary>
    /// <exception cref="Domain.RefusedException">The actor is no admin.</exception>
    public async Task<IReadOnlyList<DeadDelivery>> DeadAsync(Actor actor, CancellationToken cancellationToken)
    {
        Delivery.CanManage(actor).ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        List<Delivery> dead = await database.Deliveries.AsNoTracking().Where(delivery => delivery.State == DeliveryState.Dead)
            .OrderByDescending(delivery => delivery.ClosedAt).ThenByDescending(delivery => delivery.Id).Take(Most).ToListAsync(cancellationToken);
        return [.. dead.Select(delivery => new DeadDelivery(delivery.Id, delivery.Channel, delivery.Address, delivery.ReadNotice(), delivery.ClosedAt!.Value, delivery.Tries, delivery.Error ?? "",
            _channels.Any(channel => channel.Name == delivery.Channel)))];
    }

    /// <summary>The configured channels by which nothing goes out now. Nobody but admins is told: others get nothing.</summary>
    public async Task<IReadOnlyList<string>> FailingAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin || _channels.Length == 0) return [];
        string[] names = [.. _channels.Select(channel => channel.Name)];
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.ChannelStates.Where(state => state.FailingSince != null && names.Contains(state.Name)).OrderBy(state => state.Name).Select(state => state.Name).ToListAsync(cancellationToken);
    }
}
