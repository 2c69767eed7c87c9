using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Requests;

public sealed class AccessRequestTests
{
    private static readonly DateTimeOffset Later = Given.Now.AddMinutes(20);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   \t\n")]
    public void Submit_WithoutAReason_IsRefused(string? reason)
    {
        RefusedException refused = Refused(() => AccessRequest.Submit(Given.Question(reason: reason!), Given.NeedsApproval()));

        Assert.Equal((RefusalKind.Invalid, "Say why you need access: a reason is required, 1 to 256 characters."), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Submit_ReasonLength_IsOneTo256()
    {
        Assert.Equal("x", Submit(Given.Question(reason: " x ")).Reason);
        Assert.Equal(new string('x', 256), Submit(Given.Question(reason: new string('x', 256))).Reason);
        RefusedException refused = Refused(() => Submit(Given.Question(reason: new string('x', 257))));
        Assert.Equal((RefusalKind.Invalid, "The reason has 257 characters; at most 256 are allowed. Shorten it."), (refused.Kind, refused.Message));
    }

    [Theory]
    [InlineData(DecisionOutcome.Refused)]
    [InlineData(DecisionOutcome.NotCovered)]
    public void Submit_DecisionIsNoYes_IsRefusedWithTheSameWords(DecisionOutcome outcome)
    {
        RefusedException refused = Refused(() => AccessRequest.Submit(Given.Question(), Given.NeedsApproval() with { Outcome = outcome, Sentence = "No, because." }));

        Assert.Equal((RefusalKind.Forbidden, "No, because."), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Submit_NotUnderARole_IsRefusedWhateverTheDecisionSays()
    {
        Actor actor = Given.Requester with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/alice") };

        RefusedException refused = Refused(() => AccessRequest.Submit(Given.Question(actor), Given.Automatic()));

        Assert.Equal((RefusalKind.Forbidden, actor.CanAct().Message), (refused.Kind, refused.Message));
    }

    [Theory]
    [InlineData(null, 24 * 60)]
    [InlineData(1, 1)]
    [InlineData(90, 90)]
    [InlineData(24 * 60, 24 * 60)]
    public void Submit_ManualWithinTheMaximum_LastsAsAsked(int? minutes, int expected) =>
        Assert.Equal(TimeSpan.FromMinutes(expected), Submit(Given.Question(duration: Minutes(minutes))).Duration);

    [Fact]
    public void Submit_ManualBeyondTheMaximum_IsRefused()
    {
        RefusedException refused = Refused(() => Submit(Given.Question(duration: TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1))));

        Assert.Equal((RefusalKind.Invalid, "“All nodes” allows at most 24 h. Choose a shorter duration."), (refused.Kind, refused.Message));
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData(30, 30)]
    [InlineData(60, 60)]
    [InlineData(61, 60)]
    [InlineData(24 * 60, 60)]
    public void Submit_Automatic_IsShortenedToItsMaximum(int? minutes, int expected)
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(duration: Minutes(minutes)), Given.Automatic());

        Assert.Equal(TimeSpan.FromMinutes(expected), request.Duration);
        Assert.Equal(Given.Now.AddMinutes(expected), request.Grant!.EndsAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(59)]
    [InlineData(-3600)]
    public void Submit_ShorterThanAMinute_IsRefused(int seconds)
    {
        foreach (Decision decision in new[] { Given.Automatic(), Given.NeedsApproval() })
        {
            RefusedException refused = Refused(() => AccessRequest.Submit(Given.Question(duration: TimeSpan.FromSeconds(seconds)), decision));
            Assert.Equal((RefusalKind.Invalid, "Choose a duration of at least 1 minute."), (refused.Kind, refused.Message));
        }
    }

    [Fact]
    public void Submit_Automatic_OpensTheGrantNowAndRecordsExactlyOneAutomaticReview()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.Automatic());

        Review review = Assert.Single(request.Reviews);
        Assert.True(review.IsAutomatic);
        Assert.Equal((0, "Demo", "Demo", ReviewVerdict.Approve, Given.Now), (review.Level, review.ReviewerName, review.AnswersFor, review.Verdict, review.At));
        Assert.Equal(request.Decision.Sentence, review.Comment);
        Assert.Equal((RequestStatus.Approved, 1, Given.Now, "Approved automatically"), (request.Status, request.ReviewCount, request.ClosedAt, request.Described));
        Assert.Null(request.TimesOutAt);
        Assert.Equal((Given.Now, Given.Now.AddHours(1), "requester", request.Id, request.NodeId), (request.Grant!.StartsAt, request.Grant.EndsAt, request.Grant.Holder, request.Grant.RequestId, request.Grant.NodeId));
        Assert.Empty(request.OpenApprovers);
    }

    [Fact]
    public void Submit_Manual_WaitsAtTheFirstLevelAndPinsWhatWasDecided()
    {
        Decision decision = TwoLevels() with { PendingTimeout = TimeSpan.FromHours(2) };

        AccessRequest request = AccessRequest.Submit(Given.Question(node: Given.Node("env=prod")), decision);

        Assert.Equal((RequestStatus.Pending, 1, 0, "Pending, level 1 of 2"), (request.Status, request.OpenLevel, request.ReviewCount, request.Described));
        Assert.Equal(Given.Now.AddHours(2), request.TimesOutAt);
        Assert.Same(decision, request.Decision);
        Assert.Equal(("requester", "Requester", Given.RequesterRole.Value), (request.Requester, request.RequesterName, request.RequesterRole));
        Assert.Equal("prod", request.Tags["env"]);
        Assert.Null(request.Grant);
        Assert.Null(request.ClosedAt);
        Assert.Equal([Given.Group("platform-leads")], request.OpenApprovers);
    }

    [Fact]
    public void Approve_TheLastOneNeeded_OpensTheWindowAtApproval()
    {
        AccessRequest request = Submit(Given.Question(duration: TimeSpan.FromHours(3)));

        request.Approve(Given.Approver, "  fine ", Later);

        Assert.Equal((RequestStatus.Approved, Later, "Approved"), (request.Status, request.ClosedAt, request.Described));
        Assert.Equal((Later, Later.AddHours(3)), (request.Grant!.StartsAt, request.Grant.EndsAt));
        Review review = Assert.Single(request.Reviews);
        Assert.Equal((1, "approver", "Approver", "jit-approver", "fine", false), (review.Level, review.Reviewer, review.ReviewerName, review.AnswersFor, review.Comment, review.IsAutomatic));
        Assert.Equal(1, request.ReviewCount);
    }

    [Fact]
    public void Approve_LevelsOneAfterTheOther_OpensOnlyAtTheEnd()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), TwoLevels());

        request.Approve(Given.Approver, "", Later);
        Assert.Equal((RequestStatus.Pending, 2, 1, "Pending, level 2 of 2"), (request.Status, request.OpenLevel, request.ApprovalsAt(1), request.Described));
        Assert.Null(request.Grant);

        request.Approve(Given.Approver2, "", Later.AddMinutes(1));
        Assert.Equal((RequestStatus.Approved, 2, Later.AddMinutes(1)), (request.Status, request.OpenLevel, request.Grant!.StartsAt));
    }

    [Fact]
    public void Approve_LevelNeedsTwo_WaitsForTwoDifferentPeople()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(2, Given.Role("jit-approver"))));

        request.Approve(Given.Approver, "", Later);
        RefusedException again = Refused(() => request.Approve(Given.Approver, "", Later));

        Assert.Equal((RefusalKind.Conflict, "You have answered this request already. One person gives one review per request; another approver must answer."), (again.Kind, again.Message));
        Assert.Equal((1, RequestStatus.Pending), (request.ReviewCount, request.Status));
        request.Approve(Given.Approver2, "", Later);
        Assert.Equal(RequestStatus.Approved, request.Status);
    }

    [Fact]
    public void Approve_SamePersonAtTheNextLevel_IsRefused()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), TwoLevels());
        request.Approve(Given.Approver, "", Later);

        Assert.Equal(RefusalKind.Conflict, request.CanReview(Given.Approver, Later).Kind);
        Assert.Equal(RequestStatus.Pending, request.Status);
    }

    [Fact]
    public void Reject_Once_EndsTheRequest()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), TwoLevels());

        request.Reject(Given.Approver, "not today", Later);

        Assert.Equal((RequestStatus.Rejected, Later, "Rejected by Approver"), (request.Status, request.ClosedAt, request.Described));
        Assert.Null(request.Grant);
    }

    [Fact]
    public void Review_AfterTheOutcome_IsRefusedWithTheOutcome()
    {
        AccessRequest rejected = Submit(), approved = Submit(), cancelled = Submit(), timedOut = Submit();
        rejected.Reject(Given.Approver, "", Later);
        approved.Approve(Given.Approver, "", Later);
        cancelled.Cancel(Given.Requester, Later);
        timedOut.TimeOut(Given.Now.AddDays(7));

        Assert.Equal("Rejected by Approver at 08:50 UTC. Your review was not recorded.", Refused(() => rejected.Approve(Given.Approver2, "", Later)).Message);
        Assert.Equal("Approved at 08:50 UTC. Your review was not recorded.", Refused(() => approved.Reject(Given.Approver2, "", Later)).Message);
        Assert.Equal("Cancelled by Requester at 08:50 UTC. Your review was not recorded.", Refused(() => cancelled.Approve(Given.Approver2, "", Later)).Message);
        Assert.Equal("Timed out at 08:30 UTC. Your review was not recorded.", Refused(() => timedOut.Approve(Given.Approver2, "", Later)).Message);
        Assert.All([rejected, approved, cancelled, timedOut], request => Assert.Equal(RefusalKind.Conflict, request.CanReview(Given.Approver2, Later).Kind));
        Assert.Equal(RequestStatus.Rejected, rejected.Status);
    }

    [Fact]
    public void Review_OfALaterLevel_IsToldThatItIsNotOpen()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(1, Given.Group("platform-leads")), Given.Level(1, Given.Person("boss"))));

        RefusedException refused = Refused(() => request.Approve(Given.Actor("boss"), "", Later));

        Assert.Equal((RefusalKind.Forbidden, "Your level is not open yet: level 1 of 2 waits for any 1 of platform-leads."), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Review_ByNoApprover_IsToldWhoIsAsked()
    {
        RefusedException refused = Refused(() => Submit().Reject(Given.Actor("stranger"), "", Later));

        Assert.Equal((RefusalKind.Forbidden, "You are not an approver of this request: it waits for any 1 of jit-approver."), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Review_ByAnAdminWhoIsNoApprover_IsRefused() =>
        Assert.Equal(RefusalKind.Forbidden, Submit().CanReview(Given.Actor("admin") with { Roles = [ApplicationRole.Admin] }, Later).Kind);

    [Fact]
    public void Review_ByAnIamUserInTheRightGroup_IsRefusedWithWhatToDo()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), TwoLevels());
        Actor user = Given.Approver with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/alice") };

        Assert.Equal(user.CanAct().Message, Refused(() => request.Approve(user, "", Later)).Message);
        Assert.StartsWith("You are signed in as the IAM user alice.", user.CanAct().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Review_OfOnesOwnRequest_IsRefusedWhateverRightsOneHolds()
    {
        Actor requester = Given.Requester with { Identity = new ProvenIdentity.Role(Given.ApproverRole), Roles = [ApplicationRole.Admin, ApplicationRole.Auditor] };
        AccessRequest request = AccessRequest.Submit(Given.Question(requester),
            Given.NeedsApproval(Given.Level(1, Given.Person("requester"), Given.Group("engineering"), Given.Role("jit-approver"), Given.Role(Given.ApproverRole.Value))));

        RefusedException refused = Refused(() => request.Approve(requester, "", Later));

        Assert.Equal((RefusalKind.Forbidden, "This is your own request. Nobody decides about themselves; another approver must answer."), (refused.Kind, refused.Message));
        Assert.Equal(0, request.ReviewCount);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Review_CommentLength_IsUpTo1000(int length, bool valid)
    {
        AccessRequest request = Submit();
        string comment = new('c', length);

        if (valid)
        {
            request.Reject(Given.Approver, comment, Later);
            Assert.Equal(comment, request.Reviews[0].Comment);
            return;
        }
        Assert.Equal((RefusalKind.Invalid, "The comment has 1001 characters; at most 1000 are allowed. Shorten it."), (Refused(() => request.Approve(Given.Approver, comment, Later)).Kind, Refused(() => request.Reject(Given.Approver, comment, Later)).Message));
        Assert.Equal((RequestStatus.Pending, 0), (request.Status, request.Reviews.Count));
    }

    [Fact]
    public void TimeOut_AtTheBoundary_IsOverdueAndNotBefore()
    {
        AccessRequest request = Submit();
        DateTimeOffset end = request.TimesOutAt!.Value;
        Assert.Equal(Given.Now.AddDays(7), end);

        Assert.False(request.IsOverdue(end.AddTicks(-1)));
        Assert.True(request.CanReview(Given.Approver, end.AddTicks(-1)).IsAllowed);
        Assert.Throws<InvalidOperationException>(() => request.TimeOut(end.AddTicks(-1)));

        Assert.True(request.IsOverdue(end));
        Assert.Equal("The request has timed out. Your review was not recorded.", request.CanReview(Given.Approver, end).Message);
        request.TimeOut(end);

        Assert.Equal((RequestStatus.TimedOut, end, "Timed out"), (request.Status, request.ClosedAt, request.Described));
        Assert.False(request.IsOverdue(end));
        Assert.Throws<InvalidOperationException>(() => request.TimeOut(end));
    }

    [Fact]
    public void Cancel_ByTheRequesterWhilePending_EndsTheRequest()
    {
        AccessRequest request = Submit();

        request.Cancel(Given.Requester, Later);

        Assert.Equal((RequestStatus.Cancelled, Later, "Cancelled by Requester"), (request.Status, request.ClosedAt, request.Described));
        Assert.Null(request.Grant);
    }

    [Fact]
    public void Cancel_BySomebodyElseOrTooLate_IsRefused()
    {
        AccessRequest request = Submit();

        Assert.Equal("Only the requester can cancel a request.", Refused(() => request.Cancel(Given.Approver, Later)).Message);
        request.Approve(Given.Approver, "", Later);
        RefusedException late = Refused(() => request.Cancel(Given.Requester, Later));

        Assert.Equal((RefusalKind.Conflict, "Approved at 08:50 UTC, so there is nothing left to cancel."), (late.Kind, late.Message));
        Assert.Equal(RequestStatus.Approved, request.Status);
    }

    [Fact]
    public void IsVisibleTo_EverybodyConcerned_AndNobodyElse()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(1, Given.Group("platform-leads")), Given.Level(1, Given.Person("boss"))));

        Assert.True(request.IsVisibleTo(Given.Requester));
        Assert.True(request.IsVisibleTo(Given.Approver));
        Assert.True(request.IsVisibleTo(Given.Actor("boss")));
        Assert.True(request.IsVisibleTo(Given.Actor("admin") with { Roles = [ApplicationRole.Admin] }));
        Assert.True(request.IsVisibleTo(Given.Actor("auditor") with { Roles = [ApplicationRole.Auditor] }));
        Assert.False(request.IsVisibleTo(Given.Actor("stranger", null, "engineering")));
        Assert.False(request.IsVisibleTo(Given.Actor("Requester")));
    }

    private static Decision TwoLevels() => Given.NeedsApproval(Given.Level(1, Given.Group("platform-leads")), Given.Level(1, Given.Role("jit-approver")));

    private static AccessRequest Submit(AccessQuestion? question = null) => AccessRequest.Submit(question ?? Given.Question(), Given.NeedsApproval());

    private static TimeSpan? Minutes(int? minutes) => minutes is { } value ? TimeSpan.FromMinutes(value) : null;

    private static RefusedException Refused(Action act) => Assert.Throws<RefusedException>(act);
}
