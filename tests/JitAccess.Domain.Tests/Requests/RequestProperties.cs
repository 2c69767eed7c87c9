using CsCheck;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Tests.Policies;

namespace JitAccess.Domain.Tests.Requests;

/// <summary>What holds for every request, whoever does what in whatever order.</summary>
public sealed class RequestProperties
{
    private enum Act { Approve, Reject, Cancel, TimeOut }

    private static readonly Gen<(Act Act, Actor Actor, int Minutes, int? ShortenTo)[]> Story = Gen.Select(
        Gen.Int[0, 19].Select(number => number switch { < 16 => Act.Approve, < 17 => Act.Reject, < 18 => Act.Cancel, _ => Act.TimeOut }),
        RandomPolicies.Actor, Gen.Int[0, 60], Gen.Int[-2, 2 * 24].Select(hours => hours is > 0 and < 5 or > 20 ? hours : (int?)null)).Array[1, 40];

    [Fact]
    public void Story_AnyActsByAnybody_KeepsTheRules() => Gen.Select(RandomPolicies.Levels, RandomPolicies.Actor, Story).Sample((levels, requester, story) =>
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(requester), Given.NeedsApproval([.. levels]) with { PendingTimeout = TimeSpan.FromHours(10) });
        DateTimeOffset now = Given.Now;
        int outcomes = 0;
        foreach ((Act act, Actor actor, int minutes, int? shortenTo) in story)
        {
            now = now.AddMinutes(minutes);
            (RequestStatus Status, int Level, int Reviews, DateTimeOffset? ClosedAt, Guid? Grant) before = StateOf(request);
            bool allowed = act switch
            {
                Act.Approve => request.CanReview(actor, now).IsAllowed && (shortenTo is null || request.CanShortenTo(TimeSpan.FromHours(shortenTo.Value)).IsAllowed),
                Act.Reject => request.CanReview(actor, now).IsAllowed,
                Act.Cancel => request.CanCancel(actor).IsAllowed,
                _ => request.IsOverdue(now),
            };
            bool done = TryAct(request, act, actor, now, shortenTo);

            Assert.Equal(allowed, done);
            Assert.False(done && before.Status != RequestStatus.Pending, "something happened after the outcome");
            if (!done) Assert.Equal(before, StateOf(request));
            if (before.Status == RequestStatus.Pending && request.Status != RequestStatus.Pending) outcomes++;
            if (done) Assert.Equal(act switch
            {
                Act.Approve => request.Status is RequestStatus.Approved ? RequestStatus.Approved : RequestStatus.Pending,
                Act.Reject => RequestStatus.Rejected,
                Act.Cancel => RequestStatus.Cancelled,
                _ => RequestStatus.TimedOut,
            }, request.Status);
            CheckRules(request, levels);
        }
        Assert.Equal(request.Status == RequestStatus.Pending ? 0 : 1, outcomes);
    }, iter: 3000);

    [Fact]
    public void Review_ByTheRequester_NeverCounts() => Gen.Select(RandomPolicies.Levels, RandomPolicies.Actor, RandomPolicies.Actor, Gen.Int[0, 2]).Sample((levels, requester, other, right) =>
    {
        // The requester is named in every way there is, and comes back under other groups, roles and rights.
        ApprovalLevel open = new([Given.Person(requester.Subject), .. requester.Person.Groups.Select(Given.Group), Given.Role(requester.Role!.Name), Given.Role(requester.Role.Value)], 1);
        AccessRequest request = AccessRequest.Submit(Given.Question(requester), Given.NeedsApproval([open, .. levels]));
        Actor again = other with { Person = other.Person with { Subject = requester.Subject } };

        foreach (Actor self in new[] { requester, again, again with { Roles = [ApplicationRole.Admin, ApplicationRole.Auditor] } })
        {
            Assert.Throws<RefusedException>(() => request.Approve(self, "", Given.Now));
            Assert.Throws<RefusedException>(() => request.Reject(self, "", Given.Now));
        }
        Assert.Equal((RequestStatus.Pending, 0, 1), (request.Status, request.ReviewCount, request.OpenLevel));
    }, iter: 500);

    private static void CheckRules(AccessRequest request, IReadOnlyList<ApprovalLevel> levels)
    {
        Review[] reviews = [.. request.Reviews];
        Assert.Equal(request.ReviewCount, reviews.Length);
        Assert.Equal(reviews.Length, reviews.Select(review => review.Reviewer).Distinct().Count());
        Assert.DoesNotContain(reviews, review => review.Reviewer == request.Requester || review.IsAutomatic);
        Assert.Equal(reviews.Select(review => review.Level).Order(), reviews.Select(review => review.Level));
        Assert.All(reviews, review => Assert.Contains(review.AnswersFor, levels[review.Level - 1].Approvers.Select(approver => approver.Name)));

        for (int level = 1; level <= levels.Count; level++)
        {
            int approvals = reviews.Count(review => review.Level == level && review.Verdict == ReviewVerdict.Approve);
            int required = levels[level - 1].RequiredApprovals;
            if (level < request.OpenLevel || request.Status == RequestStatus.Approved) Assert.Equal(required, approvals);
            else if (level == request.OpenLevel) Assert.InRange(approvals, 0, required - 1);
            else Assert.Equal(0, approvals);
        }
        Assert.Equal(request.Status == RequestStatus.Rejected ? 1 : 0, reviews.Count(review => review.Verdict == ReviewVerdict.Reject));
        TimeSpan[] shortened = [.. reviews.Where(review => review.ShortenedTo is not null).Select(review => review.ShortenedTo!.Value)];
        Assert.Equal(shortened.Distinct().OrderDescending(), shortened);
        Assert.Equal(shortened.Append(request.AskedDuration).Min(), request.Duration);
        Assert.Equal(request.Status == RequestStatus.Pending, request.ClosedAt is null);
        Assert.Equal(request.Status == RequestStatus.Approved, request.Grant is not null);
        if (request.Grant is { } grant)
        {
            Assert.Equal(levels.Count, request.OpenLevel);
            Assert.Equal((request.ClosedAt, request.Requester, request.Duration), (grant.StartsAt, grant.Holder, grant.EndsAt - grant.StartsAt));
        }
    }

    private static (RequestStatus, int, int, DateTimeOffset?, Guid?) StateOf(AccessRequest request) =>
        (request.Status, request.OpenLevel, request.Reviews.Count, request.ClosedAt, request.Grant?.Id);

    private static bool TryAct(AccessRequest request, Act act, Actor actor, DateTimeOffset now, int? shortenTo)
    {
        try
        {
            switch (act)
            {
                case Act.Approve: request.Approve(actor, "", now, shortenTo is { } hours ? TimeSpan.FromHours(hours) : null); break;
                case Act.Reject: request.Reject(actor, "", now); break;
                case Act.Cancel: request.Cancel(actor, now); break;
                case Act.TimeOut: request.TimeOut(now); break;
            }
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
        catch (InvalidOperationException) when (act == Act.TimeOut)
        {
            return false;
        }
    }
}
