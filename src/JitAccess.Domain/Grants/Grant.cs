using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Grants;

/// <summary>The access window that an approval opens. Inside it the person connects as often as they like.</summary>
public sealed class Grant
{
    private Grant() { }

    internal Grant(AccessRequest request, DateTimeOffset approvedAt)
    {
        Id = Guid.CreateVersion7(approvedAt);
        RequestId = request.Id;
        Holder = request.Requester;
        NodeId = request.NodeId;
        IsScheduled = request.AskedStart is not null;
        StartsAt = request.AskedStart > approvedAt ? request.AskedStart.Value : approvedAt;
        EndsAt = StartsAt + request.Duration;
        SessionRules = request.Decision.SessionRules;
        // What starts at approval was decided just now; what starts later is asked about again by then.
        if (StartsAt == approvedAt) ActivatedAt = approvedAt;
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

    /// <summary>Whether the requester asked for a later start. A scheduled grant may live beside one that was not.</summary>
    public bool IsScheduled { get; private set; }

    /// <summary>When the window was opened; null while a scheduled grant waits for its start.</summary>
    public DateTimeOffset? ActivatedAt { get; private set; }

    /// <summary>When the window closes at the latest; an extension moves it.</summary>
    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>What the policy that decided says of the sessions under it; an extension that another policy decided tightens it.</summary>
    public SessionRules SessionRules { get; private set; } = SessionRules.Default;

    /// <summary>When it was ended; null while it lives, even if its time is over and the end not yet written.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it ended; null while it lives.</summary>
    public GrantEnd? End { get; private set; }

    /// <summary>The name of whoever ended it early; null while it lives, and when the clock ended it.</summary>
    public string? EndedByName { get; private set; }

    /// <summary>Why it was revoked, in the words of who did it; empty when it was not.</summary>
    public string RevokeReason { get; private set; } = "";

    /// <summary>Why the scheduled grant did not open; empty when it did, or has yet to.</summary>
    public string RefusalReason { get; private set; } = "";

    /// <summary>True inside the window, once it was opened. The clock decides about the end, not the row: a grant whose time is over gives no access even before its end is written.</summary>
    public bool IsActive(DateTimeOffset now) => EndedAt is null && ActivatedAt is not null && now >= StartsAt && now < EndsAt;

    /// <summary>Whether the start of a scheduled grant has come and nobody has opened it yet.</summary>
    public bool IsDueToOpen(DateTimeOffset now) => EndedAt is null && ActivatedAt is null && now >= StartsAt && now < EndsAt;

    /// <summary>Whether the policies, as they decide at the start, let the grant open: time may only tighten, so only what refuses outright counts.</summary>
    public static Ruling CanOpen(Decision decision) => decision.Answers.FirstOrDefault(answer => answer.Verdict == PolicyVerdict.Refuses) is { } refusing
        ? Ruling.Refused(RefusalKind.Forbidden, $"Refused by “{refusing.PolicyName}”, which is in force since your request was approved: {refusing.Because}.")
        : Ruling.Allowed;

    /// <summary>Opens a scheduled grant whose start has come, or ends it with the reason if the ruling is against it.</summary>
    /// <exception cref="InvalidOperationException">The grant is not due to open.</exception>
    public void Activate(Ruling ruling, DateTimeOffset now)
    {
        if (!IsDueToOpen(now)) throw new InvalidOperationException("The grant is not due to open.");
        if (ruling.IsAllowed) ActivatedAt = now;
        else (EndedAt, End, RefusalReason) = (now, GrantEnd.Refused, ruling.Message!);
    }

    /// <summary>Whether the actor may connect now.</summary>
    public Ruling CanConnect(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject != Holder) return Ruling.Refused(RefusalKind.NotFound, "This grant does not exist.");
        Ruling identity = actor.CanAct();
        if (!identity.IsAllowed) return identity;
        if (IsActive(now)) return Ruling.Allowed;
        if (!CanEnd(now).IsAllowed) return Ruling.Refused(RefusalKind.Conflict, $"The grant has ended ({DescribedEnd}). Ask again to connect.");
        return now < StartsAt
            ? Ruling.Refused(RefusalKind.Conflict, $"The grant opens at {StartsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.")
            : Ruling.Refused(RefusalKind.Conflict, "The grant is about to open. One moment.");
    }

    /// <summary>Whether the actor may ask for more time: the holder, while the grant is active. What the policies say is asked by <see cref="AccessRequest.CanExtend"/>.</summary>
    public Ruling CanBeExtended(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject != Holder) return Ruling.Refused(RefusalKind.NotFound, "This grant does not exist.");
        Ruling identity = actor.CanAct();
        if (!identity.IsAllowed) return identity;
        if (IsActive(now)) return Ruling.Allowed;
        return CanEnd(now).IsAllowed
            ? Ruling.Refused(RefusalKind.Conflict, $"The grant opens at {StartsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Ask for more time once it is open.")
            : Ruling.Refused(RefusalKind.Conflict, $"The grant has ended ({DescribedEnd}). Ask for access anew.");
    }

    /// <summary>Whether more time is asked for on the grant as the actor has seen it: somebody who asks twice, or on a stale page, is told of the new end first.</summary>
    public Ruling CanBeExtendedFrom(DateTimeOffset seenEnd) => seenEnd == EndsAt
        ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.Conflict, $"The grant was extended meanwhile: it ends at {EndsAt.UtcDateTime:HH:mm} UTC. Ask for more time only if that is not enough.");

    /// <summary>Moves the end, and takes the stricter of each rule for sessions. Whether it may is asked of the extension: <see cref="AccessRequest.Extend"/> and <see cref="AccessRequest.Approve"/>.</summary>
    internal void Extend(TimeSpan by, SessionRules rules) => (EndsAt, SessionRules) = (EndsAt + by, SessionRules.Tightened(rules));

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

    /// <summary>How it ended, in words; a grant that lives is spoken of as if its time were over.</summary>
    internal string DescribedEnd => End switch
    {
        GrantEnd.Returned => $"returned at {EndedAt!.Value.UtcDateTime:HH:mm} UTC",
        GrantEnd.Revoked => $"revoked by {EndedByName} at {EndedAt!.Value.UtcDateTime:HH:mm} UTC: “{RevokeReason}”",
        GrantEnd.Refused => $"refused at its start, {EndedAt!.Value.UtcDateTime:HH:mm} UTC: {RefusalReason.TrimEnd('.')}",
        GrantEnd.Expired or null => $"expired at {EndsAt.UtcDateTime:HH:mm} UTC",
    };
}
