using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Requests;

// Answering: approve, shorten, reject.
public sealed partial class AccessRequest
{
    /// <summary>Whether the actor may answer the request now, and if not, why. Nobody decides about themselves, whatever right they hold.</summary>
    public Ruling CanReview(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject == Requester) return Ruling.Refused(RefusalKind.Forbidden, "This is your own request. Nobody decides about themselves; another approver must answer.");
        Ruling identity = actor.CanAct();
        if (!identity.IsAllowed) return identity;
        if (Status != RequestStatus.Pending) return Ruling.Refused(RefusalKind.Conflict, $"{Described} at {ClosedAt!.Value.UtcDateTime:HH:mm} UTC. Your review was not recorded.");
        if (now >= TimesOutAt) return Ruling.Refused(RefusalKind.Conflict, "The request has timed out. Your review was not recorded.");
        if (ExtendedGrant?.CanEnd(now) is { IsAllowed: false } ended) return Ruling.Refused(RefusalKind.Conflict, $"{ended.Message} Your review was not recorded.");
        if (_reviews.Any(review => review.Reviewer == actor.Subject)) return Ruling.Refused(RefusalKind.Conflict, "You have answered this request already. One person gives one review per request; another approver must answer.");
        if (_reviews.Find(review => review.InPlaceOf == actor.Subject) is { } theirs) return Ruling.Refused(RefusalKind.Conflict, $"{theirs.ReviewerName} has answered in your place already, and your seat counts once. Another approver must answer.");
        if (OpenSeat(actor) is not null) return Ruling.Allowed;
        if (Levels[OpenLevel - 1].SeatsOf(actor, Requester).FirstOrDefault()?.InPlaceOf is { } absent) return Ruling.Refused(RefusalKind.Conflict, $"The seat of {absent.DisplayName} has answered already, and it counts once. Another approver must answer.");
        bool later = Levels.Skip(OpenLevel).Any(level => level.SeatsOf(actor, Requester).Any());
        return Ruling.Refused(RefusalKind.Forbidden, later
            ? $"Your level is not open yet: level {OpenLevel} of {Levels.Length} waits for {Levels[OpenLevel - 1].Described}."
            : $"You are not an approver of this request: it waits for {Levels[OpenLevel - 1].Described}.");
    }

    /// <summary>The seat from which the actor would answer at the open level; null if they have none that is free. A seat counts once, whoever sits on it.</summary>
    public Seat? OpenSeat(Actor actor) => Status != RequestStatus.Pending ? null : Levels[OpenLevel - 1].SeatsOf(actor, Requester)
        .FirstOrDefault(seat => seat.InPlaceOf is not { } absent || _reviews.TrueForAll(review => review.SeatOf != absent.Subject && review.Reviewer != absent.Subject));

    /// <summary>Whether an approval may shorten the request to this duration: whole minutes, at least one, and never longer than it stands.</summary>
    public Ruling CanShortenTo(TimeSpan duration) => duration switch
    {
        _ when duration < ShortestDuration => TooShort,
        _ when duration.Ticks % TimeSpan.TicksPerMinute != 0 => Ruling.Refused(RefusalKind.Invalid, "Choose a duration of whole minutes."),
        _ when duration > AskedDuration => Ruling.Refused(RefusalKind.Invalid, $"{RequesterName} asked for {Minutes(AskedDuration)}. An approver may shorten that, never lengthen it; choose at most {Minutes(Duration)}."),
        _ when duration > Duration => Ruling.Refused(RefusalKind.Conflict, $"{_reviews.First(review => review.ShortenedTo == Duration).ReviewerName} has shortened the duration to {Minutes(Duration)} meanwhile. Choose that or less; your review was not recorded."),
        _ => Ruling.Allowed,
    };

    /// <summary>Records an approval, which may shorten the duration; the last one that the last level needs approves the request: its grant opens, now or at the asked start, or the grant that it extends ends later. Earlier reviewers who are known to have left the approvers since do not count.</summary>
    /// <exception cref="RefusedException">See <see cref="CanReview"/> and <see cref="CanShortenTo"/>; also when the comment is too long.</exception>
    public void Approve(Actor actor, string comment, DateTimeOffset now, TimeSpan? shortenTo = null, ApproverDirectory? known = null)
    {
        AddReview(actor, ReviewVerdict.Approve, comment, now, shortenTo);
        Duration = _reviews[^1].ShortenedTo ?? Duration;
        if (ApprovalsAt(OpenLevel, known) < Levels[OpenLevel - 1].RequiredApprovals) return;
        if (OpenLevel < Levels.Length) OpenLevel++;
        else Close(RequestStatus.Approved, now);
    }

    /// <summary>Records a rejection, which ends the request.</summary>
    /// <exception cref="RefusedException">See <see cref="CanReview"/>; also when the comment is too long.</exception>
    public void Reject(Actor actor, string comment, DateTimeOffset now)
    {
        AddReview(actor, ReviewVerdict.Reject, comment, now);
        Close(RequestStatus.Rejected, now);
    }

    private void AddReview(Actor actor, ReviewVerdict verdict, string comment, DateTimeOffset now, TimeSpan? shortenTo = null)
    {
        CanReview(actor, now).ThrowIfRefused();
        if (shortenTo is { } chosen) CanShortenTo(chosen).ThrowIfRefused();
        if (comment.Length > Review.MaximumCommentLength) CommentTooLong(comment).ThrowIfRefused();
        Seat seat = OpenSeat(actor)!;
        _reviews.Add(new Review(Guid.CreateVersion7(now), OpenLevel, actor.Subject, actor.Person.DisplayName, seat.Entry.Name, verdict, comment.Trim(), now, shortenTo < Duration ? shortenTo : null, seat.InPlaceOf));
        ReviewCount++;
    }
}
