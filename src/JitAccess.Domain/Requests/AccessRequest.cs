using System.Collections.Immutable;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Requests;

/// <summary>One person asks for one node, with a reason. The decision and the levels it needs are pinned at submit: later edits of policies do not move it.</summary>
public sealed partial class AccessRequest
{
    private static readonly TimeSpan ShortestDuration = TimeSpan.FromMinutes(1);
    private readonly List<Review> _reviews = [];

    private AccessRequest() { }

    /// <summary>The request's id (UUID version 7).</summary>
    public Guid Id { get; private set; }

    /// <summary>The number that people call it by; given by the store.</summary>
    public long Number { get; private set; }

    /// <summary>What ties it to the requests for other nodes that were asked for in the same form; null when it was asked for alone.</summary>
    public Guid? BatchId { get; private set; }

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

    /// <summary>The ticket that the work belongs to; null if none was given.</summary>
    public string? Ticket { get; private set; }

    /// <summary>How long the grant will last, or how much time an extension adds: what was asked for, or the shortest that an approver has shortened it to.</summary>
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
        RequestStatus.Approved when BrokeGlass => "Opened by break-glass",
        RequestStatus.Approved when Levels.IsEmpty => "Approved automatically",
        RequestStatus.Approved => "Approved",
        RequestStatus.Rejected => $"Rejected by {_reviews.Last(review => review.Verdict == ReviewVerdict.Reject).GivenBy}",
        RequestStatus.Cancelled when CancelReason.Length > 0 => IsExtension ? "Cancelled because the grant ended" : "Cancelled: glass was broken instead",
        RequestStatus.Cancelled => $"Cancelled by {RequesterName}",
        RequestStatus.TimedOut => "Timed out",
    };

    /// <summary>Who may see the request: its requester, everybody named as an approver at any level, who stands in for one of them, who has answered, admins and auditors.</summary>
    public bool IsVisibleTo(Actor actor) =>
        actor.Subject == Requester || actor.MayReadEverything || SeatsOf(actor).Any() || _reviews.Exists(review => review.Reviewer == actor.Subject);

    /// <summary>The subjects of those whose seats have answered at the open level; empty after the outcome.</summary>
    public IEnumerable<string> OpenReviewers =>
        Status == RequestStatus.Pending ? _reviews.Where(review => review.Level == OpenLevel).Select(review => review.SeatOf).OfType<string>() : [];

    /// <summary>How many approvals count at a level: all that were given, without those that <see cref="StillCounts"/> takes away.</summary>
    public int ApprovalsAt(int level, ApproverDirectory? known = null) =>
        _reviews.Count(review => review.Level == level && review.Verdict == ReviewVerdict.Approve && StillCounts(review, known ?? ApproverDirectory.Unknown));

    /// <summary>Whether a review counts: at the open level not when the one whose seat it is is known to be none of its approvers any more. Completed levels stand.</summary>
    public bool StillCounts(Review review, ApproverDirectory known) =>
        Status != RequestStatus.Pending || review.Level != OpenLevel || review.SeatOf is not { } reviewer
        || known.People.All(person => person.Subject != reviewer)
        || Levels[OpenLevel - 1].Approvers.Any(approver => known.SubjectsOf(approver).Contains(reviewer));

    /// <summary>The actor's seats at all levels.</summary>
    internal IEnumerable<Seat> SeatsOf(Actor actor) => Levels.SelectMany(level => level.SeatsOf(actor, Requester));

    private static Ruling CommentTooLong(string comment) =>
        Ruling.Refused(RefusalKind.Invalid, $"The comment has {comment.Length} characters; at most {Review.MaximumCommentLength} are allowed. Shorten it.");

    private static Ruling TooShort => Ruling.Refused(RefusalKind.Invalid, "Choose a duration of at least 1 minute.");

    private static string Minutes(TimeSpan duration) => (Math.Floor(duration.TotalHours), duration.TotalMinutes % 60) switch
    {
        (0, double minutes) => $"{minutes:0.##} min",
        (double hours, 0) => $"{hours:0} h",
        (double hours, double minutes) => $"{hours:0} h {minutes:0.##} min",
    };

    private void Close(RequestStatus status, DateTimeOffset now)
    {
        Status = status;
        ClosedAt = now;
        if (status != RequestStatus.Approved) return;
        if (ExtendedGrant is { } grant) grant.Extend(Duration, Decision.SessionRules);
        else Grant = new Grant(this, now);
    }
}
