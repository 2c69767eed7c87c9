using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;

namespace JitAccess.Web.Api;

/// <summary>A request in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">The number that people call it by.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Described">The same in words.</param>
/// <param name="Requester">The subject of who asks.</param>
/// <param name="RequesterName">Their name.</param>
/// <param name="RequesterRole">The ARN of the role under which they ask.</param>
/// <param name="NodeId">The node.</param>
/// <param name="NodeName">Its name at submit.</param>
/// <param name="Account">Its account.</param>
/// <param name="Region">Its Region.</param>
/// <param name="Reason">Why.</param>
/// <param name="Ticket">The ticket; null if none was given.</param>
/// <param name="DurationMinutes">How long the access lasts, or how much time is added.</param>
/// <param name="BrokeGlass">Whether it was opened past its approvers.</param>
/// <param name="IsExtension">Whether it asks for more time on access that is open.</param>
/// <param name="SubmittedAt">When it was submitted.</param>
/// <param name="TimesOutAt">When it times out undecided; null when nobody is asked.</param>
/// <param name="ClosedAt">When the outcome came; null while pending.</param>
internal sealed record RequestItem(
    Guid Id, long Number, RequestStatus Status, string Described, string Requester, string RequesterName, string RequesterRole, string NodeId, string NodeName, string Account, string Region,
    string Reason, string? Ticket, double DurationMinutes, bool BrokeGlass, bool IsExtension, DateTimeOffset SubmittedAt, DateTimeOffset? TimesOutAt, DateTimeOffset? ClosedAt)
{
    public static RequestItem Of(AccessRequest request) => new(
        request.Id, request.Number, request.Status, request.Described, request.Requester, request.RequesterName, request.RequesterRole, request.NodeId.Value, request.NodeName, request.Account.Value, request.Region,
        request.Reason, request.Ticket, request.Duration.TotalMinutes, request.BrokeGlass, request.IsExtension, request.SubmittedAt, request.TimesOutAt, request.ClosedAt);
}

/// <summary>A request with what belongs to it and what the caller may do.</summary>
/// <param name="Request">The request.</param>
/// <param name="Sentence">What the policies decided at submit.</param>
/// <param name="PolicySetVersion">The version of the policies that did.</param>
/// <param name="OpenLevel">The level that is open, from 1; 0 when the request needs none.</param>
/// <param name="Levels">Who is asked, in order.</param>
/// <param name="Reviews">What was answered.</param>
/// <param name="Grant">The access that it opened; null without.</param>
/// <param name="Sessions">The sessions inside that.</param>
/// <param name="ExtendsRequestId">For more time: the request that opened the access, if the caller may see it.</param>
/// <param name="May">What the caller may do now, by verb; each would be judged again.</param>
internal sealed record RequestWire(
    RequestItem Request, string Sentence, int PolicySetVersion, int OpenLevel, IReadOnlyList<LevelWire> Levels, IReadOnlyList<ReviewWire> Reviews,
    GrantWire? Grant, IReadOnlyList<RequestSessionWire> Sessions, Guid? ExtendsRequestId, IReadOnlyDictionary<string, MayWire> May)
{
    public static RequestWire Of(RequestDetails details)
    {
        AccessRequest request = details.Request;
        return new(
            RequestItem.Of(request), request.Decision.Sentence, request.Decision.PolicySetVersion, request.OpenLevel,
            [.. request.Levels.Select((level, index) => new LevelWire(level.RequiredApprovals, request.ApprovalsAt(index + 1, details.Known), [.. level.Approvers.Select(approver => new ApproverWire(approver.Kind, approver.Id))]))],
            [.. request.Reviews.Select(review => new ReviewWire(review.Level, review.Reviewer, review.ReviewerName, review.InPlaceOfName, review.Verdict, review.Comment, review.ShortenedTo?.TotalMinutes, review.At))],
            details.Grant is { } grant ? GrantWire.Of(grant, details.At) : null, [.. details.Sessions.Select(RequestSessionWire.Of)], details.Extended is { IsVisible: true } extended ? extended.Id : null,
            new Dictionary<string, MayWire>
            {
                ["approve"] = MayWire.Of(details.CanReview),
                ["reject"] = MayWire.Of(details.CanReview),
                ["cancel"] = MayWire.Of(details.CanCancel),
                ["connect"] = MayWire.Of(details.CanConnect),
                ["extend"] = MayWire.Of(details.CanExtend),
                ["return"] = MayWire.Of(details.CanReturn),
                ["revoke"] = MayWire.Of(details.CanRevoke),
                ["review-break-glass"] = MayWire.Of(details.CanReviewBreakGlass),
            });
    }
}

/// <summary>A session inside a request's access.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it lives.</param>
/// <param name="EndReason">Why, in words; empty while it lives.</param>
internal sealed record RequestSessionWire(Guid Id, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string EndReason)
{
    public static RequestSessionWire Of(RequestSession session) => new(session.Session.Id, session.Session.StartedAt, session.Session.EndedAt, session.Session.EndReason);
}

/// <summary>A level.</summary>
/// <param name="RequiredApprovals">How many must approve.</param>
/// <param name="Approvals">How many have.</param>
/// <param name="Approvers">Who may.</param>
internal sealed record LevelWire(int RequiredApprovals, int Approvals, IReadOnlyList<ApproverWire> Approvers);

/// <summary>Who may answer at a level.</summary>
/// <param name="Kind">A person, a group or a role.</param>
/// <param name="Id">Which.</param>
internal sealed record ApproverWire(ApproverKind Kind, string Id);

/// <summary>An answer.</summary>
/// <param name="Level">At which level; 0 for a policy's own, and for what came after glass was broken.</param>
/// <param name="Reviewer">The subject of who gave it; null for a policy.</param>
/// <param name="ReviewerName">Their name, or the policy's.</param>
/// <param name="InPlaceOf">The name of whom they stood in for; null for nobody.</param>
/// <param name="Verdict">The answer.</param>
/// <param name="Comment">What they wrote.</param>
/// <param name="ShortenedToMinutes">How long the access was shortened to; null if it was not.</param>
/// <param name="At">When.</param>
internal sealed record ReviewWire(int Level, string? Reviewer, string ReviewerName, string? InPlaceOf, ReviewVerdict Verdict, string Comment, double? ShortenedToMinutes, DateTimeOffset At);

/// <summary>Access.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartsAt">From when.</param>
/// <param name="EndsAt">Until when at the latest.</param>
/// <param name="IsActive">Whether it is open now.</param>
/// <param name="EndedAt">When it was ended; null while it lives.</param>
/// <param name="End">Why; null while it lives.</param>
internal sealed record GrantWire(Guid Id, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool IsActive, DateTimeOffset? EndedAt, GrantEnd? End)
{
    public static GrantWire Of(Grant grant, DateTimeOffset now) => new(grant.Id, grant.StartsAt, grant.EndsAt, grant.IsActive(now), grant.EndedAt, grant.End);
}
