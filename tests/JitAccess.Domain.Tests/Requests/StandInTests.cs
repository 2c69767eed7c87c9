using System.Collections.Immutable;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Requests;

/// <summary>Answering in somebody's place.</summary>
public sealed class StandInTests
{
    private const string Leads = "platform-leads";

    [Fact]
    public void Approve_InPlaceOfAnApprover_TakesTheirSeatOnce()
    {
        AccessRequest request = Pending(required: 2);
        Actor deputy = For("deputy", Given.Approver);

        Assert.Equal((Leads, "approver"), (request.OpenSeat(deputy)!.Entry.Id, request.OpenSeat(deputy)!.InPlaceOf!.Subject));
        request.Approve(deputy, "", Given.Now);

        Assert.Equal(("deputy", "approver", "Deputy in place of Approver"), (request.Reviews[0].Reviewer, request.Reviews[0].InPlaceOf, request.Reviews[0].GivenBy));
        Assert.Equal((RequestStatus.Pending, 1), (request.Status, request.ApprovalsAt(1)));
        Assert.Equal("Deputy has answered in your place already, and your seat counts once. Another approver must answer.", request.CanReview(Given.Approver, Given.Now).Message);
        Assert.Equal("The seat of Approver has answered already, and it counts once. Another approver must answer.", request.CanReview(For("deputy2", Given.Approver), Given.Now).Message);
        Assert.StartsWith("You have answered this request already.", request.CanReview(For("deputy", Given.Approver2), Given.Now).Message, StringComparison.Ordinal);
        request.Approve(Given.Approver2, "", Given.Now);
        Assert.Equal(RequestStatus.Approved, request.Status);
    }

    [Fact]
    public void CanReview_AfterTheAbsentOneAnsweredThemselves_IsRefused()
    {
        AccessRequest request = Pending(required: 2);
        request.Approve(Given.Approver, "", Given.Now);

        Assert.Equal(RefusalKind.Conflict, request.CanReview(For("deputy", Given.Approver), Given.Now).Kind);
    }

    [Fact]
    public void CanReview_RequestOfTheAbsentOne_GivesTheStandInNothing()
    {
        Actor requester = Given.Requester with { Person = Given.Requester.Person with { Groups = [Leads] } };
        AccessRequest request = AccessRequest.Submit(Given.Question(requester), Given.NeedsApproval(Given.Level(1, Given.Group(Leads))));
        Actor deputy = For("deputy", requester);

        Assert.False(request.CanReview(deputy, Given.Now).IsAllowed);
        Assert.False(request.IsVisibleTo(deputy));
        Assert.True(request.CanReview(For("deputy", requester, Given.Approver), Given.Now).IsAllowed);
    }

    [Fact]
    public void CanReview_OwnRequestInPlaceOfAnApprover_IsRefused() =>
        Assert.StartsWith("This is your own request.", Pending().CanReview(Given.Requester with { StandsInFor = [Absent(Given.Approver)] }, Given.Now).Message, StringComparison.Ordinal);

    [Fact]
    public void OpenSeat_OwnSeat_ComesBeforeAnothers()
    {
        Actor both = Given.Approver2 with { StandsInFor = [Absent(Given.Approver)] };

        Assert.Null(Pending().OpenSeat(both)!.InPlaceOf);
    }

    [Fact]
    public void CanReview_AbsentOneHasLostTheGroup_GivesNothing()
    {
        Actor gone = Given.Approver with { Person = Given.Approver.Person with { Groups = [] } };

        Assert.Equal(RefusalKind.Forbidden, Pending().CanReview(For("deputy", gone), Given.Now).Kind);
        Assert.False(Pending().IsVisibleTo(For("deputy", gone)));
    }

    [Fact]
    public void CanReview_SeatByRole_IsAnyRoleThatTheAbsentOneMayActUnder()
    {
        AccessRequest request = AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(1, Given.Role("jit-approver"))));

        Assert.True(request.CanReview(For("deputy", Given.Approver), Given.Now).IsAllowed);
    }

    [Fact]
    public void StillCounts_GivenInPlaceOfSomebodyWhoLeftSince_DoesNot()
    {
        AccessRequest request = Pending(required: 2);
        request.Approve(For("deputy", Given.Approver), "", Given.Now);

        Assert.Equal(["approver"], request.OpenReviewers);
        Assert.Equal(1, request.ApprovalsAt(1, Knows("approver", Leads)));
        Assert.Equal(1, request.ApprovalsAt(1, Knows("deputy")));
        Assert.Equal(0, request.ApprovalsAt(1, Knows("approver")));
    }

    [Fact]
    public void CanRevoke_InPlaceOfAnApprover_AsTheyCould()
    {
        AccessRequest request = Pending();
        request.Approve(Given.Approver2, "", Given.Now);

        Assert.True(request.CanRevoke(For("deputy", Given.Approver), Given.Now).IsAllowed);
        Assert.Equal(RefusalKind.NotFound, request.CanRevoke(Given.Actor("deputy"), Given.Now).Kind);
    }

    [Fact]
    public void IsVisibleTo_WhoAnsweredAndStandsInNoLonger_StaysSo()
    {
        AccessRequest request = Pending(required: 2);
        request.Approve(For("deputy", Given.Approver), "", Given.Now);

        Assert.True(request.IsVisibleTo(Given.Actor("deputy")));
        Assert.False(request.IsVisibleTo(Given.Actor("deputy2")));
    }

    private static AccessRequest Pending(int required = 1) => AccessRequest.Submit(Given.Question(), Given.NeedsApproval(Given.Level(required, Given.Group(Leads))));

    private static Actor For(string subject, params Actor[] absent) => Given.Actor(subject) with { StandsInFor = [.. absent.Select(Absent)] };

    private static AbsentApprover Absent(Actor actor) => new(actor.Person, [actor.Role!]);

    private static ApproverDirectory Knows(string subject, params string[] groups) =>
        new([new ApproverDirectory.KnownPerson(subject, subject, groups.ToImmutableSortedSet(StringComparer.Ordinal), [])], IsComplete: false);
}
