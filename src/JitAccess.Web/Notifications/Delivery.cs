using System.Text.Json;
using JitAccess.Domain;
using JitAccess.Domain.People;

namespace JitAccess.Web.Notifications;

/// <summary>One message for one recipient by one channel. It is sent at least once: what was sent and not recorded is sent again under the same ids.</summary>
public sealed class Delivery
{
    private Delivery() { }

    /// <param name="messageId">The outbox message; the same for all its deliveries, and when it is replayed.</param>
    /// <param name="channel">The channel's name.</param>
    /// <param name="recipient">The subject of the person; empty for a channel that is one recipient itself.</param>
    /// <param name="address">The person's e-mail address; null for other channels.</param>
    /// <param name="notice">What is told.</param>
    /// <param name="now">From when on it is due.</param>
    public Delivery(Guid messageId, string channel, string recipient, string? address, Notice notice, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        MessageId = messageId;
        Channel = channel;
        Recipient = recipient;
        Address = address;
        Content = JsonSerializer.Serialize(notice, JsonSerializerOptions.Web);
        CreatedAt = DueAt = now;
    }

    /// <summary>Its own id (UUID version 7): an e-mail's Message-ID.</summary>
    public Guid Id { get; private set; }

    /// <summary>The message's id: a webhook's <c>webhook-id</c>.</summary>
    public Guid MessageId { get; private set; }

    public string Channel { get; private set; } = "";

    /// <summary>The subject of the person; empty for a channel that is one recipient itself.</summary>
    public string Recipient { get; private set; } = "";

    public string? Address { get; private set; }

    /// <summary>The notice as JSON.</summary>
    public string Content { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>Until when some process has it in hand; null if none has. Whoever died with it in hand loses it then.</summary>
    public DateTimeOffset? ClaimedUntil { get; private set; }

    /// <summary>How many tries were begun since it was written or replayed.</summary>
    public int Tries { get; private set; }

    public DeliveryState State { get; private set; }

    /// <summary>When it was delivered or given up; null while it waits.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Why the last try failed; null if none did.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether somebody may see channels and what could not be delivered: admins. For everybody else it is as if there were none.</summary>
    public static Ruling CanManage(Actor actor) => actor.IsAdmin ? Ruling.Allowed : Ruling.Refused(RefusalKind.NotFound, "This page does not exist.");

    /// <summary>What is told.</summary>
    public Notice ReadNotice() => JsonSerializer.Deserialize<Notice>(Content, JsonSerializerOptions.Web)!;

    /// <summary>It went out.</summary>
    public void MarkDelivered(DateTimeOffset now) => (State, ClosedAt, ClaimedUntil, Error) = (DeliveryState.Delivered, now, null, null);

    /// <summary>A try failed.</summary>
    /// <param name="error">Why, for admins.</param>
    /// <param name="pause">How long to wait before the next try; null to give up.</param>
    /// <param name="now">When.</param>
    public void MarkFailed(string error, TimeSpan? pause, DateTimeOffset now)
    {
        (Error, ClaimedUntil) = (error, null);
        if (pause is { } wait) DueAt = now + wait;
        else (State, ClosedAt) = (DeliveryState.Dead, now);
    }

    /// <summary>Whether the actor may have it sent again.</summary>
    public Ruling CanReplay(Actor actor) => CanManage(actor) is { IsAllowed: false } refused ? refused
        : State == DeliveryState.Dead ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.Conflict, State == DeliveryState.Delivered ? "It was delivered meanwhile." : "It waits to be sent already.");

    /// <summary>Has it sent again, under the same ids, with as many tries as a new one.</summary>
    /// <exception cref="RefusedException">See <see cref="CanReplay"/>.</exception>
    public void Replay(Actor actor, DateTimeOffset now)
    {
        CanReplay(actor).ThrowIfRefused();
        (State, ClosedAt, DueAt, Tries) = (DeliveryState.Waiting, null, now, 0);
    }
}
