using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Requests;

// What comes after, or instead: cancel, revoke, ask again, time out.
public sealed partial class AccessRequest
{
    /// <summary>Whether the actor may take the request back.</summary>
    public Ruling CanCancel(Actor actor)
    {
        if (actor.Subject != Requester) return Ruling.Refused(RefusalKind.Forbidden, "Only the requester can cancel a request.");
        return Status == RequestStatus.Pending
            ? Ruling.Allowed
            : Ruling.Refused(RefusalKind.Conflict, $"{Described} at {ClosedAt!.Value.UtcDateTime:HH:mm} UTC, so there is nothing left to cancel.");
    }

    /// <summary>Takes the request back.</summary>
    /// <exception cref="RefusedException">See <see cref="CanCancel"/>.</exception>
    public void Cancel(Actor actor, DateTimeOffset now)
    {
        CanCancel(actor).ThrowIfRefused();
        Close(RequestStatus.Cancelled, now);
    }

    /// <summary>Whether the actor may take away the grant that the request opened: an approver of any level, or an admin. The requester returns it instead.</summary>
    public Ruling CanRevoke(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject == Requester) return Ruling.Refused(RefusalKind.Forbidden, "This is your own access. Return the grant instead; revoking is for its approvers and admins.");
        if (!IsVisibleTo(actor)) return Ruling.Refused(RefusalKind.NotFound, "This request does not exist.");
        if (!actor.IsAdmin)
        {
            Ruling identity = actor.CanAct();
            if (!identity.IsAllowed) return identity;
            if (!SeatsOf(actor).Any()) return Ruling.Refused(RefusalKind.Forbidden, "You are not an approver of this request. Its approvers and admins can revoke the grant.");
        }
        return Grant?.CanEnd(now) ?? Ruling.Refused(RefusalKind.Conflict, $"The request has opened no grant ({Described}), so there is nothing to revoke.");
    }

    /// <summary>Whether the words say why a grant is revoked: 1 to 256 characters and not only blanks.</summary>
    public static Ruling CanBeRevokeReason(string? reason) => reason switch
    {
        _ when string.IsNullOrWhiteSpace(reason) => Ruling.Refused(RefusalKind.Invalid, "Say why you revoke the grant: a reason is required, 1 to 256 characters. The requester reads it."),
        { Length: > AccessQuestion.MaximumReasonLength } => Ruling.Refused(RefusalKind.Invalid, $"The reason has {reason.Length} characters; at most {AccessQuestion.MaximumReasonLength} are allowed. Shorten it."),
        _ => Ruling.Allowed,
    };

    /// <summary>Takes the grant away at once.</summary>
    /// <exception cref="RefusedException">See <see cref="CanRevoke"/> and <see cref="CanBeRevokeReason"/>.</exception>
    public void Revoke(Actor actor, string reason, DateTimeOffset now)
    {
        CanRevoke(actor, now).ThrowIfRefused();
        CanBeRevokeReason(reason).ThrowIfRefused();
        Grant!.Revoke(actor, reason.Trim(), now);
    }

    /// <summary>Whether the actor may ask for the same once more: for one's own request, when nothing of it lives any more.</summary>
    public Ruling CanAskAgain(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject != Requester) return Ruling.Refused(RefusalKind.NotFound, "This request does not exist.");
        if (IsExtension) return Ruling.Refused(RefusalKind.Conflict, "This request asked for more time on a grant. Ask for more time on the grant itself.");
        if (Status == RequestStatus.Pending) return Ruling.Refused(RefusalKind.Conflict, "The request is still pending. Cancel it to ask anew.");
        return Grant is not null && Grant.CanEnd(now).IsAllowed
            ? Ruling.Refused(RefusalKind.Conflict, "The grant of this request is still there. Return it to ask anew.")
            : Ruling.Allowed;
    }

    /// <summary>Whether the time to answer is over.</summary>
    public bool IsOverdue(DateTimeOffset now) => Status == RequestStatus.Pending && now >= TimesOutAt;

    /// <summary>Ends a request that nobody answered in time.</summary>
    /// <exception cref="InvalidOperationException">The request is not overdue.</exception>
    public void TimeOut(DateTimeOffset now)
    {
        if (!IsOverdue(now)) throw new InvalidOperationException("The request is not overdue.");
        Close(RequestStatus.TimedOut, now);
    }
}
