using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Grants;

/// <summary>The access window that an approval opens. Inside it the person connects as often as they like.</summary>
public sealed class Grant
{
    private Grant() { }

    internal Grant(AccessRequest request, DateTimeOffset startsAt)
    {
        Id = Guid.CreateVersion7(startsAt);
        RequestId = request.Id;
        Holder = request.Requester;
        NodeId = request.NodeId;
        StartsAt = startsAt;
        EndsAt = startsAt + request.Duration;
    }

    /// <summary>The grant's id (UUID version 7).</summary>
    public Guid Id { get; private set; }

    /// <summary>The request that was approved.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>The subject of the person who has the access.</summary>
    public string Holder { get; private set; } = "";

    /// <summary>The node that it opens.</summary>
    public InstanceId NodeId { get; private set; }

    /// <summary>When the window opens.</summary>
    public DateTimeOffset StartsAt { get; private set; }

    /// <summary>When the window closes at the latest.</summary>
    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>When it was ended; null while it lives, even if its time is over and the end not yet written.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it ended; null while it lives.</summary>
    public GrantEnd? End { get; private set; }

    /// <summary>The name of whoever ended it early; null while it lives, and when the clock ended it.</summary>
    public string? EndedByName { get; private set; }

    /// <summary>Why it was revoked, in the words of who did it; empty when it was not.</summary>
    public string RevokeReason { get; private set; } = "";

    /// <summary>True inside the window. The clock decides, not the row: a grant whose time is over gives no access even before its end is written.</summary>
    public bool IsActive(DateTimeOffset now) => EndedAt is null && now >= StartsAt && now < EndsAt;

    /// <summary>Whether the actor may connect now.</summary>
    public Ruling CanConnect(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject != Holder) return Ruling.Refused(RefusalKind.NotFound, "This grant does not exist.");
        Ruling identity = actor.CanAct();
        if (!identity.IsAllowed) return identity;
        if (IsActive(now)) return Ruling.Allowed;
        return now < StartsAt
            ? Ruling.Refused(RefusalKind.Conflict, $"The grant opens at {StartsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.")
            : Ruling.Refused(RefusalKind.Conflict, $"The grant has ended ({DescribedEnd}). Ask again to connect.");
    }

    /// <summary>Whether the actor may give the grant back.</summary>
    public Ruling CanReturn(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject != Holder) return Ruling.Refused(RefusalKind.NotFound, "This grant does not exist.");
        return CanEnd(now);
    }

    /// <summary>Whether there is anything left to end, be it active or still to come.</summary>
    internal Ruling CanEnd(DateTimeOffset now) => EndedAt is null && now < EndsAt
        ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.Conflict, $"The grant has ended already ({DescribedEnd}).");

    /// <summary>Gives the grant back early.</summary>
    /// <exception cref="RefusedException">See <see cref="CanReturn"/>.</exception>
    public void Return(Actor actor, DateTimeOffset now)
    {
        CanReturn(actor, now).ThrowIfRefused();
        (EndedAt, End, EndedByName) = (now, GrantEnd.Returned, actor.Person.DisplayName);
    }

    /// <summary>Takes the grant away. Who may is asked of the request, which knows its approvers: <see cref="AccessRequest.Revoke"/>.</summary>
    internal void Revoke(Actor actor, string reason, DateTimeOffset now) =>
        (EndedAt, End, EndedByName, RevokeReason) = (now, GrantEnd.Revoked, actor.Person.DisplayName, reason);

    /// <summary>Whether the time is over but the end not yet written.</summary>
    public bool IsOverdue(DateTimeOffset now) => EndedAt is null && now >= EndsAt;

    /// <summary>Writes the end of a grant whose time is over.</summary>
    /// <exception cref="InvalidOperationException">The grant is not overdue.</exception>
    public void Expire(DateTimeOffset now)
    {
        if (!IsOverdue(now)) throw new InvalidOperationException("The grant is not overdue.");
        (EndedAt, End) = (now, GrantEnd.Expired);
    }

    private string DescribedEnd => End switch
    {
        GrantEnd.Returned => $"returned at {EndedAt!.Value.UtcDateTime:HH:mm} UTC",
        GrantEnd.Revoked => $"revoked by {EndedByName} at {EndedAt!.Value.UtcDateTime:HH:mm} UTC: “{RevokeReason}”",
        GrantEnd.Expired or null => $"expired at {EndsAt.UtcDateTime:HH:mm} UTC",
    };
}
