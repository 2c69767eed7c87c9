using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Requests;

// Access opened at once, without those who would have been asked; somebody else looks at it afterwards.
public sealed partial class AccessRequest
{
    /// <summary>Whether the requester opened the access themselves, past the approvers.</summary>
    public bool BrokeGlass { get; private set; }

    /// <summary>The review that somebody gave after glass was broken; null while it is owed, and where none was broken. Approve says that it was justified, reject that it was not.</summary>
    public Review? BreakGlassReview => BrokeGlass ? _reviews.Find(review => !review.IsAutomatic) : null;

    /// <summary>Whether glass was broken and nobody has reviewed it yet.</summary>
    public bool OwesReview => BrokeGlass && BreakGlassReview is null;

    /// <summary>Whether the policy that decided lets this person break glass. Where access opens at once anyway there is no glass.</summary>
    public static Ruling CanBreakGlass(Person person, Decision decision) => decision switch
    {
        { CanBeRequested: false } => Ruling.Refused(RefusalKind.Forbidden, decision.Sentence),
        { Outcome: DecisionOutcome.Automatic } => Ruling.Allowed,
        { BreakGlass: null } => Ruling.Refused(RefusalKind.Forbidden, $"“{decision.DecidedByName}” lets nobody break glass. Ask for approval instead."),
        { BreakGlass: { } rule } when !rule.Groups.Any(person.Groups.Contains)
            => Ruling.Refused(RefusalKind.Forbidden, $"By “{decision.DecidedByName}” only {rule}; you are in none of these groups. Ask for approval instead."),
        _ => Ruling.Allowed,
    };

    /// <summary>How long access lasts at most when glass is broken.</summary>
    public static TimeSpan LongestByBreakGlass(Decision decision) =>
        TimeSpan.FromHours(decision.Outcome == DecisionOutcome.Automatic ? decision.MaximumHours : decision.BreakGlass?.MaximumHours ?? 0);

    /// <summary>Ends the requester's own pending request for the node: they broke glass instead of waiting on.</summary>
    /// <exception cref="RefusedException">See <see cref="CanCancel"/>.</exception>
    public void CancelForBreakGlass(Actor actor, DateTimeOffset now)
    {
        Cancel(actor, now);
        CancelReason = $"{RequesterName} broke glass instead of waiting.";
    }

    /// <summary>Whether the actor may review the breaking of glass: an approver of any level that was passed over, or an admin; once, and never whoever broke it.</summary>
    public Ruling CanReviewBreakGlass(Actor actor)
    {
        if (!IsVisibleTo(actor)) return Ruling.Refused(RefusalKind.NotFound, "This request does not exist.");
        if (!BrokeGlass) return Ruling.Refused(RefusalKind.Conflict, "No glass was broken by this request, so there is nothing to review.");
        if (actor.Subject == Requester) return Ruling.Refused(RefusalKind.Forbidden, "You broke this glass. Nobody decides about themselves; somebody else must review it.");
        if (!actor.IsAdmin)
        {
            Ruling identity = actor.CanAct();
            if (!identity.IsAllowed) return identity;
            if (!SeatsOf(actor).Any()) return Ruling.Refused(RefusalKind.Forbidden, "You are not an approver of this request. Its approvers and admins review it.");
        }
        return BreakGlassReview is { } given
            ? Ruling.Refused(RefusalKind.Conflict, $"{given.GivenBy} has reviewed this already, at {given.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Your review was not recorded.")
            : Ruling.Allowed;
    }

    /// <summary>Whether the words go with the verdict: who finds it not justified says why.</summary>
    public static Ruling CanBeBreakGlassComment(ReviewVerdict verdict, string comment) => (verdict, comment) switch
    {
        (ReviewVerdict.Reject, _) when string.IsNullOrWhiteSpace(comment) => Ruling.Refused(RefusalKind.Invalid, "Say why it was not justified. The requester and the admins read it."),
        (_, { Length: > Review.MaximumCommentLength }) => CommentTooLong(comment),
        _ => Ruling.Allowed,
    };

    /// <summary>Records that somebody looked at the breaking of glass. It moves nothing: access that is still open is revoked, not rejected.</summary>
    /// <exception cref="RefusedException">See <see cref="CanReviewBreakGlass"/> and <see cref="CanBeBreakGlassComment"/>.</exception>
    public void ReviewBreakGlass(Actor actor, ReviewVerdict verdict, string comment, DateTimeOffset now)
    {
        CanReviewBreakGlass(actor).ThrowIfRefused();
        CanBeBreakGlassComment(verdict, comment).ThrowIfRefused();
        Seat? seat = SeatsOf(actor).FirstOrDefault();
        _reviews.Add(new Review(Guid.CreateVersion7(now), 0, actor.Subject, actor.Person.DisplayName, seat?.Entry.Name ?? "admins", verdict, comment.Trim(), now, inPlaceOf: seat?.InPlaceOf));
        ReviewCount++;
    }

    // What can be asked of the terms when glass is broken; the reason is asked for as always.
    private static Ruling CanBreakGlass(AccessQuestion question, Decision decision)
    {
        Ruling right = CanBreakGlass(question.Actor.Person, decision);
        if (!right.IsAllowed) return right;
        Ruling reason = CanGive(question, decision);
        if (!reason.IsAllowed) return reason;
        if (question.AskedStart is not null) return Ruling.Refused(RefusalKind.Invalid, "Breaking glass opens access now. Leave out the start, or ask for approval.");
        TimeSpan longest = LongestByBreakGlass(decision);
        return question.Duration switch
        {
            { } duration when duration < ShortestDuration => TooShort,
            { } duration when duration > longest => Ruling.Refused(RefusalKind.Invalid, $"“{decision.DecidedByName}” opens at most {Minutes(longest)} by break-glass. Choose a shorter duration."),
            _ => Ruling.Allowed,
        };
    }
}
