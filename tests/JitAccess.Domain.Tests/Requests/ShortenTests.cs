using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Requests;

public sealed class ShortenTests
{
    private const string Least = "Choose a duration of at least 1 minute.";
    private const string Longer = "Requester asked for 4 h. An approver may shorten that, never lengthen it; choose at most 4 h.";

    [Theory]
    [InlineData(0, RefusalKind.Invalid, Least)]
    [InlineData(-3600, RefusalKind.Invalid, Least)]
    [InlineData(59, RefusalKind.Invalid, Least)]
    [InlineData(60, null, null)]
    [InlineData(90, RefusalKind.Invalid, "Choose a duration of whole minutes.")]
    [InlineData(3600, null, null)]
    [InlineData(4 * 3600, null, null)]
    [InlineData(4 * 3600 + 60, RefusalKind.Invalid, Longer)]
    [InlineData(24 * 3600, RefusalKind.Invalid, Longer)]
    public void Approve_AnyLength_ShortensOrSaysWhyNot(int seconds, RefusalKind? kind, string? message)
    {
        AccessRequest request = Submit();
        TimeSpan length = TimeSpan.FromSeconds(seconds);

        if (kind is null)
        {
            request.Approve(Given.Approver, "", Given.Now, length);
            Assert.Equal((length, TimeSpan.FromHours(4)), (request.Duration, request.AskedDuration));
            Assert.Equal(length < request.AskedDuration ? length : null, request.Reviews[0].ShortenedTo);
            return;
        }
        RefusedException refused = Assert.Throws<RefusedException>(() => request.Approve(Given.Approver, "", Given.Now, length));
        Assert.Equal((kind, message), (refused.Kind, refused.Message));
        Assert.Equal((0, TimeSpan.FromHours(4)), (request.Reviews.Count, request.Duration));
    }

    [Fact]
    public void Approve_TwoLevels_EachMayShortenFurtherAndTheGrantOpensWithTheShortest()
    {
        AccessRequest request = Submit();

        request.Approve(Given.Approver, "", Given.Now, TimeSpan.FromHours(2));
        RefusedException longer = Assert.Throws<RefusedException>(() => request.Approve(Given.Approver2, "", Given.Now, TimeSpan.FromHours(3)));
        request.Approve(Given.Approver2, "", Given.Now, TimeSpan.FromMinutes(30));

        Assert.Equal((RefusalKind.Conflict, "Approver has shortened the duration to 2 h meanwhile. Choose that or less; your review was not recorded."), (longer.Kind, longer.Message));
        Assert.Equal([TimeSpan.FromHours(2), TimeSpan.FromMinutes(30)], request.Reviews.Select(review => review.ShortenedTo));
        Assert.Equal((TimeSpan.FromMinutes(30), Given.Now.AddMinutes(30)), (request.Duration, request.Grant!.EndsAt));
    }

    [Fact]
    public void Approve_SecondLevelLeavesIt_KeepsWhatTheFirstShortenedTo()
    {
        AccessRequest request = Submit();

        request.Approve(Given.Approver, "", Given.Now, TimeSpan.FromHours(2));
        request.Approve(Given.Approver2, "", Given.Now);

        Assert.Null(request.Reviews[1].ShortenedTo);
        Assert.Equal(TimeSpan.FromHours(2), request.Grant!.EndsAt - request.Grant.StartsAt);
    }

    [Fact]
    public void Approve_ByNoApprover_IsToldThatFirst()
    {
        RefusedException refused = Assert.Throws<RefusedException>(() => Submit().Approve(Given.Actor("stranger"), "", Given.Now, TimeSpan.Zero));

        Assert.Equal(RefusalKind.Forbidden, refused.Kind);
    }

    [Fact]
    public void CanAskAgain_OnlyOnesOwn_WhenNothingOfItLives()
    {
        AccessRequest pending = Submit(), rejected = Submit(), cancelled = Submit(), timedOut = Submit(), open = AccessRequest.Submit(Given.Question(), Given.Automatic());
        rejected.Reject(Given.Approver, "", Given.Now);
        cancelled.Cancel(Given.Requester, Given.Now);
        timedOut.TimeOut(timedOut.TimesOutAt!.Value);

        Assert.All([rejected, cancelled, timedOut], request => Assert.True(request.CanAskAgain(Given.Requester, Given.Now).IsAllowed));
        Assert.Equal(RefusalKind.NotFound, rejected.CanAskAgain(Given.Approver, Given.Now).Kind);
        Assert.Equal("The request is still pending. Cancel it to ask anew.", pending.CanAskAgain(Given.Requester, Given.Now).Message);
        Assert.Equal("The grant of this request is still there. Return it to ask anew.", open.CanAskAgain(Given.Requester, Given.Now).Message);
        Assert.True(open.CanAskAgain(Given.Requester, open.Grant!.EndsAt).IsAllowed);
        open.Grant.Return(Given.Requester, Given.Now);
        Assert.True(open.CanAskAgain(Given.Requester, Given.Now).IsAllowed);
    }

    private static AccessRequest Submit() => AccessRequest.Submit(Given.Question(duration: TimeSpan.FromHours(4)),
        Given.NeedsApproval(Given.Level(1, Given.Group("platform-leads")), Given.Level(1, Given.Group("platform-leads"))));
}
