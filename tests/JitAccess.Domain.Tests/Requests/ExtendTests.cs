using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Requests;

public sealed class ExtendTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    // Minutes that are left, hours that the policy allows, whole minutes that can be added.
    [InlineData(60, 1, 0)]
    [InlineData(59.5, 1, 0)]
    [InlineData(59, 1, 1)]
    [InlineData(40, 1, 20)]
    [InlineData(40.5, 1, 19)]
    [InlineData(60, 24, 1380)]
    [InlineData(120, 1, 0)]
    public void MostToAdd_NeverReachesBeyondWhatThePolicyAllowsFromNow(double left, int hours, int minutes)
    {
        Grant grant = Open();

        Assert.Equal(TimeSpan.FromMinutes(minutes), AccessRequest.MostToAdd(grant, Given.Automatic(hours), grant.EndsAt.AddMinutes(-left)));
    }

    [Theory]
    // Asked minutes, whether a policy or people decide, what comes of it 20 minutes before the end under a policy of 1 h.
    [InlineData(30, true, 30, null)]
    [InlineData(60, true, 40, null)]
    [InlineData(null, true, 40, null)]
    [InlineData(0, true, 0, "Choose a duration of at least 1 minute.")]
    [InlineData(40, false, 40, null)]
    [InlineData(41, false, 0, "“All nodes” allows 1 h from now on at most, so at most 40 min can be added. Choose less.")]
    public void Extend_AnyLength_FitsOrSaysTheMost(int? minutes, bool isAutomatic, int added, string? message)
    {
        Grant grant = Open();
        AccessQuestion question = Ask(grant.EndsAt.AddMinutes(-20), minutes);
        Decision decision = isAutomatic ? Given.Automatic() : Given.NeedsApproval() with { MaximumHours = 1 };

        Ruling ruling = AccessRequest.CanExtend(grant, question, decision);

        Assert.Equal(message, ruling.Message);
        if (message is not null)
        {
            Assert.Equal(RefusalKind.Invalid, Assert.Throws<RefusedException>(() => AccessRequest.Extend(grant, question, decision)).Kind);
            return;
        }
        AccessRequest request = AccessRequest.Extend(grant, question, decision);
        Assert.Equal((grant.Id, true, TimeSpan.FromMinutes(added)), (request.Extends!.Value, request.IsExtension, request.Duration));
    }

    [Fact]
    public void Extend_Automatically_MovesTheEndAndOpensNoSecondGrant()
    {
        Grant grant = Open();
        DateTimeOffset end = grant.EndsAt;

        AccessRequest request = AccessRequest.Extend(grant, Ask(Given.Now, 60), Given.Automatic(4));

        Assert.Equal((RequestStatus.Approved, null, end + Hour), (request.Status, request.Grant, grant.EndsAt));
        Assert.True(grant.IsActive(end));
    }

    [Fact]
    public void Extend_ByPeople_MovesTheEndOnlyAtTheLastApprovalAndByTheShortest()
    {
        Grant grant = Open();
        DateTimeOffset end = grant.EndsAt;
        AccessRequest request = AccessRequest.Extend(grant, Ask(Given.Now, 60), Given.NeedsApproval(Given.Level(2, Given.Group("platform-leads"))));
        Assert.Equal((RequestStatus.Pending, end, end), (request.Status, grant.EndsAt, request.TimesOutAt!.Value));

        request.Approve(Given.Approver, "", Given.Now, TimeSpan.FromMinutes(30));
        Assert.Equal(end, grant.EndsAt);
        request.Approve(Given.Approver2, "", Given.Now);

        Assert.Equal((RequestStatus.Approved, null, end.AddMinutes(30)), (request.Status, request.Grant, grant.EndsAt));
        Assert.Equal(RefusalKind.Conflict, request.CanAskAgain(Given.Requester, Given.Now).Kind);
    }

    [Fact]
    public void Extend_Pending_TimesOutWithThePolicyIfThatIsEarlier()
    {
        Grant grant = Open();

        AccessRequest request = AccessRequest.Extend(grant, Ask(Given.Now, 60), Given.NeedsApproval() with { PendingTimeout = TimeSpan.FromMinutes(5) });

        Assert.Equal(Given.Now.AddMinutes(5), request.TimesOutAt);
    }

    [Fact]
    public void Extend_BySomebodyElseOrUnderNoRole_IsRefused()
    {
        Grant grant = Open();
        Actor user = Given.Requester with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/alice") };

        Assert.Equal((RefusalKind.NotFound, "This grant does not exist."), Refusal(grant, Given.Question(Given.Approver), Given.Automatic()));
        Assert.Equal((RefusalKind.Forbidden, user.CanAct().Message), Refusal(grant, Given.Question(user), Given.Automatic()));
        Assert.Equal((RefusalKind.Invalid, "Say why you need access: a reason is required, 1 to 256 characters."), Refusal(grant, Given.Question(reason: " "), Given.Automatic(4)));
        Assert.Equal((RefusalKind.Forbidden, "No."), Refusal(grant, Given.Question(), Given.Automatic() with { Outcome = DecisionOutcome.Refused, Sentence = "No." }));
        Assert.Equal((RefusalKind.Conflict, "“Demo” allows 1 h from now on at most, and the grant has that already. Ask for more time later."), Refusal(grant, Given.Question(), Given.Automatic()));
        Assert.Equal((RefusalKind.Conflict, "The grant has ended (expired at 09:30 UTC). Ask for access anew."), Refusal(grant, Given.Question() with { At = grant.EndsAt }, Given.Automatic()));
    }

    [Fact]
    public void CanBeExtendedFrom_AnotherEndThanSeen_TellsTheNewOne()
    {
        Grant grant = Open();
        DateTimeOffset seen = grant.EndsAt;
        Assert.True(grant.CanBeExtendedFrom(seen).IsAllowed);

        AccessRequest.Extend(grant, Ask(Given.Now, 60), Given.Automatic(4));

        Ruling ruling = grant.CanBeExtendedFrom(seen);
        Assert.Equal((RefusalKind.Conflict, "The grant was extended meanwhile: it ends at 10:30 UTC. Ask for more time only if that is not enough."), (ruling.Kind, ruling.Message));
    }

    [Fact]
    public void Approve_AfterTheGrantHasEnded_IsRefusedWithItsEnd()
    {
        Grant grant = Open();
        AccessRequest request = AccessRequest.Extend(grant, Ask(Given.Now, 60), Given.NeedsApproval());
        grant.Return(Given.Requester, Given.Now);

        RefusedException refused = Assert.Throws<RefusedException>(() => request.Approve(Given.Approver, "", Given.Now));

        Assert.Equal((RefusalKind.Conflict, "The grant has ended already (returned at 08:30 UTC). Your review was not recorded."), (refused.Kind, refused.Message));
        Assert.Equal(Given.Now + Hour, grant.EndsAt);
    }

    [Fact]
    public void CancelWithGrant_OnlyWhenTheGrantHasEnded_SaysHow()
    {
        Grant grant = Open();
        AccessRequest request = AccessRequest.Extend(grant, Ask(Given.Now, 60), Given.NeedsApproval());
        Assert.Throws<InvalidOperationException>(() => request.CancelWithGrant(Given.Now));
        Assert.Throws<InvalidOperationException>(() => AccessRequest.Submit(Given.Question(), Given.NeedsApproval()).CancelWithGrant(Given.Now));
        grant.Return(Given.Requester, Given.Now);

        request.CancelWithGrant(Given.Now);

        Assert.Equal((RequestStatus.Cancelled, "Cancelled because the grant ended", "The grant ended first: returned at 08:30 UTC."), (request.Status, request.Described, request.CancelReason));
        Assert.Equal("Cancelled because the grant ended at 08:30 UTC. Your review was not recorded.", request.CanReview(Given.Approver, Given.Now).Message);
    }

    private static AccessQuestion Ask(DateTimeOffset at, int? minutes) => Given.Question(duration: minutes is { } asked ? TimeSpan.FromMinutes(asked) : null) with { At = at };

    private static (RefusalKind, string?) Refusal(Grant grant, AccessQuestion question, Decision decision)
    {
        Ruling ruling = AccessRequest.CanExtend(grant, question, decision);
        RefusedException refused = Assert.Throws<RefusedException>(() => AccessRequest.Extend(grant, question, decision));
        Assert.Equal((ruling.Kind, ruling.Message), (refused.Kind, refused.Message));
        return (ruling.Kind, ruling.Message);
    }

    private static Grant Open() => AccessRequest.Submit(Given.Question(), Given.Automatic()).Grant!;
}
