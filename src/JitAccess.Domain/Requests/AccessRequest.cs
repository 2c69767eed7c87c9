using System.Collections.Immutable;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Requests;

/// <summary>One person asks for one node, with a reason. The decision and the levels it needs are pinned at submit: later edits of policies do not move it.</summary>
public sealed class AccessRequest
{
    private static readonly TimeSpan ShortestDuration = TimeSpan.FromMinutes(1);
    private readonly List<Review> _reviews = [];

    private AccessRequest() { }

    /// <summary>The request's id (UUID version 7).</summary>
    public Guid Id { get; private set; }

    /// <summary>The number that people call it by; given by the store.</summary>
    public long Number { get; private set; }

    /// <summary>The requester's subject.</summary>
    public string Requester { get; private set; } = "";

    /// <summary>The requester's name at submit.</summary>
    public string RequesterName { get; private set; } = "";

    /// <summary>The ARN of the role under which the request was made.</summary>
    public string RequesterRole { get; private set; } = "";

    /// <summary>The node asked for.</summary>
    public InstanceId NodeId { get; private set; }

    /// <summary>The node's name at submit.</summary>
    public string NodeName { get; private set; } = "";

    /// <summary>The node's account.</summary>
    public AccountId Account { get; private set; }

    /// <summary>The node's Region.</summary>
    public string Region { get; private set; } = "";

    /// <summary>The node's tags at submit.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; private set; } = Node.NoTags;

    /// <summary>Why, in the requester's words.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>How long the grant will last: what was asked for, or the shortest that an approver has shortened it to.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>How long was asked for, within what the policy allows.</summary>
    public TimeSpan AskedDuration { get; private set; }

    /// <summary>Where the request stands.</summary>
    public RequestStatus Status { get; private set; }

    /// <summary>The decision at submit, with its explanation and the levels that the request needs.</summary>
    public Decision Decision { get; private set; } = null!;

    /// <summary>The level that is open, from 1; 0 when the request needs none. After the outcome, the level at which it fell.</summary>
    public int OpenLevel { get; private set; }

    /// <summary>How many reviews were given. Every verdict moves it, so that two at the same instant collide in the store and both are counted.</summary>
    public int ReviewCount { get; private set; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset SubmittedAt { get; private set; }

    /// <summary>When it times out if nobody has decided; null when nobody is asked.</summary>
    public DateTimeOffset? TimesOutAt { get; private set; }

    /// <summary>When the outcome came; null while pending.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>The reviews in the order they were given.</summary>
    public IReadOnlyList<Review> Reviews => _reviews;

    /// <summary>The grant that the approval opened; null without one.</summary>
    public Grant? Grant { get; private set; }

    /// <summary>The levels that the request needs, pinned at submit.</summary>
    public ImmutableArray<ApprovalLevel> Levels => Decision.Levels;

    /// <summary>Everybody whom the open level waits for; empty after the outcome.</summary>
    public IEnumerable<Approver> OpenApprovers => Status == RequestStatus.Pending ? Levels[OpenLevel - 1].Approvers : [];

    /// <summary>The outcome, or what is waited for, in words: <c>Pending, level 1 of 2</c>.</summary>
    public string Described => Status switch
    {
        RequestStatus.Pending => Levels.Length > 1 ? $"Pending, level {OpenLevel} of {Levels.Length}" : "Pending",
        RequestStatus.Approved when Levels.IsEmpty => "Approved automatically",
        RequestStatus.Approved => "Approved",
        RequestStatus.Rejected => $"Rejected by {_reviews.Last(review => review.Verdict == ReviewVerdict.Reject).ReviewerName}",
        RequestStatus.Cancelled => $"Cancelled by {RequesterName}",
        RequestStatus.TimedOut => "Timed out",
    };

    /// <summary>Whether the question, as decided, may become a request.</summary>
    public static Ruling CanSubmit(AccessQuestion question, Decision decision)
    {
        Ruling identity = question.Actor.CanAct();
        if (!identity.IsAllowed) return identity;
        if (!decision.CanBeRequested) return Ruling.Refused(RefusalKind.Forbidden, decision.Sentence);
        Ruling reason = AccessQuestion.CanBeReason(question.Reason);
        return reason.IsAllowed ? CanLast(question.Duration, decision) : reason;
    }

    /// <summary>Stores the decision as a request: approved at once with its grant, or pending at the first level.</summary>
    /// <exception cref="RefusedException">See <see cref="CanSubmit"/>.</exception>
    public static AccessRequest Submit(AccessQuestion question, Decision decision)
    {
        CanSubmit(question, decision).ThrowIfRefused();
        TimeSpan longest = TimeSpan.FromHours(decision.MaximumHours);
        TimeSpan asked = question.Duration ?? longest;
        AccessRequest request = new()
        {
            Id = Guid.CreateVersion7(question.At),
            Requester = question.Actor.Subject,
            RequesterName = question.Actor.Person.DisplayName,
            RequesterRole = question.Actor.Role!.Value,
            NodeId = question.Node.Id,
            NodeName = question.Node.Name,
            Account = question.Node.Account,
            Region = question.Node.Region,
            Tags = question.Node.Tags,
            Reason = question.Reason.Trim(),
            Duration = asked < longest ? asked : longest,
            AskedDuration = asked < longest ? asked : longest,
            Decision = decision,
            SubmittedAt = question.At,
        };
        if (decision.Outcome == DecisionOutcome.Automatic)
        {
            request._reviews.Add(new Review(Guid.CreateVersion7(question.At), 0, null, decision.DecidedByName!, decision.DecidedByName!, ReviewVerdict.Approve, decision.Sentence, question.At));
            request.ReviewCount = 1;
            request.Close(RequestStatus.Approved, question.At);
        }
        else
        {
            request.OpenLevel = 1;
            request.TimesOutAt = question.At + (decision.PendingTimeout ?? ManualPolicy.DefaultPendingTimeout);
        }
        return request;
    }

    /// <summary>Whether the actor may answer the request now, and if not, why. Nobody decides about themselves, whatever right they hold.</summary>
    public Ruling CanReview(Actor actor, DateTimeOffset now)
    {
        if (actor.Subject == Requester) return Ruling.Refused(RefusalKind.Forbidden, "This is your own request. Nobody decides about themselves; another approver must answer.");
        Ruling identity = actor.CanAct();
        if (!identity.IsAllowed) return identity;
        if (Status != RequestStatus.Pending) return Ruling.Refused(RefusalKind.Conflict, $"{Described} at {ClosedAt!.Value.UtcDateTime:HH:mm} UTC. Your review was not recorded.");
        if (now >= TimesOutAt) return Ruling.Refused(RefusalKind.Conflict, "The request has timed out. Your review was not recorded.");
        if (_reviews.Any(review => review.Reviewer == actor.Subject)) return Ruling.Refused(RefusalKind.Conflict, "You have answered this request already. One person gives one review per request; another approver must answer.");
        if (Levels[OpenLevel - 1].EntryFor(actor) is not null) return Ruling.Allowed;
        bool later = Levels.Skip(OpenLevel).Any(level => level.EntryFor(actor) is not null);
        return Ruling.Refused(RefusalKind.Forbidden, later
            ? $"Your level is not open yet: level {OpenLevel} of {Levels.Length} waits for {Levels[OpenLevel - 1].Described}."
            : $"You are not an approver of this request: it waits for {Levels[OpenLevel - 1].Described}.");
    }

    /// <summary>Whether an approval may shorten the request to this duration: whole minutes, at least one, and never longer than it stands.</summary>
    public Ruling CanShortenTo(TimeSpan duration) => duration switch
    {
        _ when duration < ShortestDuration => TooShort,
        _ when duration.Ticks % TimeSpan.TicksPerMinute != 0 => Ruling.Refused(RefusalKind.Invalid, "Choose a duration of whole minutes."),
        _ when duration > AskedDuration => Ruling.Refused(RefusalKind.Invalid, $"{RequesterName} asked for {Minutes(AskedDuration)}. An approver may shorten that, never lengthen it; choose at most {Minutes(Duration)}."),
        _ when duration > Duration => Ruling.Refused(RefusalKind.Conflict, $"{_reviews.First(review => review.ShortenedTo == Duration).ReviewerName} has shortened the duration to {Minutes(Duration)} meanwhile. Choose that or less; your review was not recorded."),
        _ => Ruling.Allowed,
    };

    /// <summary>Records an approval, which may shorten the duration; the last one that the last level needs approves the request and opens the grant now.</summary>
    /// <exception cref="RefusedException">See <see cref="CanReview"/> and <see cref="CanShortenTo"/>; also when the comment is too long.</exception>
    public void Approve(Actor actor, string comment, DateTimeOffset now, TimeSpan? shortenTo = null)
    {
        AddReview(actor, ReviewVerdict.Approve, comment, now, shortenTo);
        Duration = _reviews[^1].ShortenedTo ?? Duration;
        if (ApprovalsAt(OpenLevel) < Levels[OpenLevel - 1].RequiredApprovals) return;
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
            if (!Levels.Any(level => level.EntryFor(actor) is not null)) return Ruling.Refused(RefusalKind.Forbidden, "You are not an approver of this request. Its approvers and admins can revoke the grant.");
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

    /// <summary>Who may see the request: its requester, everybody named as an approver at any level, admins and auditors.</summary>
    public bool IsVisibleTo(Actor actor) =>
        actor.Subject == Requester || actor.MayReadEverything || Levels.Any(level => level.EntryFor(actor) is not null);

    /// <summary>How many people have approved at a level.</summary>
    public int ApprovalsAt(int level) => _reviews.Count(review => review.Level == level && review.Verdict == ReviewVerdict.Approve);

    private static Ruling TooShort => Ruling.Refused(RefusalKind.Invalid, "Choose a duration of at least 1 minute.");

    private static string Minutes(TimeSpan duration) => duration.TotalMinutes % 60 == 0 ? $"{duration.TotalHours:0} h" : $"{duration.TotalMinutes:0.##} min";

    private static Ruling CanLast(TimeSpan? asked, Decision decision) => asked switch
    {
        { } duration when duration < ShortestDuration => TooShort,
        // Automatic access is shortened to what its policy allows (the form says so); people, though, approve what was asked.
        { } duration when decision.Outcome == DecisionOutcome.NeedsApproval && duration > TimeSpan.FromHours(decision.MaximumHours)
            => Ruling.Refused(RefusalKind.Invalid, $"“{decision.DecidedByName}” allows at most {decision.MaximumHours} h. Choose a shorter duration."),
        _ => Ruling.Allowed,
    };

    private void AddReview(Actor actor, ReviewVerdict verdict, string comment, DateTimeOffset now, TimeSpan? shortenTo = null)
    {
        CanReview(actor, now).ThrowIfRefused();
        if (shortenTo is { } chosen) CanShortenTo(chosen).ThrowIfRefused();
        if (comment.Length > Review.MaximumCommentLength)
            throw new RefusedException(RefusalKind.Invalid, $"The comment has {comment.Length} characters; at most {Review.MaximumCommentLength} are allowed. Shorten it.");
        Approver entry = Levels[OpenLevel - 1].EntryFor(actor)!;
        _reviews.Add(new Review(Guid.CreateVersion7(now), OpenLevel, actor.Subject, actor.Person.DisplayName, entry.Name, verdict, comment.Trim(), now, shortenTo < Duration ? shortenTo : null));
        ReviewCount++;
    }

    private void Close(RequestStatus status, DateTimeOffset now)
    {
        Status = status;
        ClosedAt = now;
        if (status == RequestStatus.Approved) Grant = new Grant(this, now);
    }
}
