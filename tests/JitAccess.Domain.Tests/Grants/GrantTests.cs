using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Grants;

public sealed class GrantTests
{
    private static readonly DateTimeOffset End = Given.Now.AddHours(1);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(TimeSpan.TicksPerHour - 1, true)]
    [InlineData(TimeSpan.TicksPerHour, false)]
    [InlineData(TimeSpan.TicksPerHour + 1, false)]
    public void IsActive_AroundTheWindow_FollowsTheClock(long ticks, bool active)
    {
        Grant grant = Open();
        DateTimeOffset at = Given.Now.AddTicks(ticks);

        Assert.Equal(active, grant.IsActive(at));
        Assert.Equal(active, grant.CanConnect(Given.Requester, at).IsAllowed);
        Assert.Equal(ticks >= TimeSpan.TicksPerHour, grant.IsOverdue(at));
    }

    [Fact]
    public void CanConnect_AnotherPerson_LooksLikeNotThere()
    {
        foreach (Actor other in new[] { Given.Approver, Given.Actor("admin") with { Roles = [ApplicationRole.Admin] } })
        {
            Ruling ruling = Open().CanConnect(other, Given.Now);
            RefusedException notThere = RefusedException.NotFound("grant");
            Assert.Equal((notThere.Kind, notThere.Message), (ruling.Kind, ruling.Message));
        }
    }

    [Fact]
    public void CanConnect_HolderIsNoLongerUnderARole_IsRefused()
    {
        Actor user = Given.Requester with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/alice") };

        Assert.Equal(user.CanAct(), Open().CanConnect(user, Given.Now));
    }

    [Fact]
    public void CanConnect_BeforeAndAfterTheWindow_SaysWhen()
    {
        Assert.Equal("The grant opens at 2026-11-24 08:30 UTC.", Open().CanConnect(Given.Requester, Given.Now.AddMinutes(-1)).Message);
        Ruling after = Open().CanConnect(Given.Requester, End);
        Assert.Equal((RefusalKind.Conflict, "The grant has ended (expired at 09:30 UTC). Ask again to connect."), (after.Kind, after.Message));
    }

    [Fact]
    public void Return_ByTheHolder_EndsItAtOnce()
    {
        Grant grant = Open();
        DateTimeOffset at = Given.Now.AddMinutes(10);

        grant.Return(Given.Requester, at);

        Assert.Equal((at, GrantEnd.Returned, End), (grant.EndedAt, grant.End, grant.EndsAt));
        Assert.False(grant.IsActive(at));
        Assert.Equal("The grant has ended (returned at 08:40 UTC). Ask again to connect.", grant.CanConnect(Given.Requester, at).Message);
        Assert.False(grant.IsOverdue(End));
        Assert.Throws<InvalidOperationException>(() => grant.Expire(End));
        Assert.Equal((RefusalKind.Conflict, "The grant has ended already (returned at 08:40 UTC)."), (grant.CanReturn(Given.Requester, at).Kind, grant.CanReturn(Given.Requester, at).Message));
    }

    [Fact]
    public void Return_BySomebodyElseOrAfterTheEnd_IsRefused()
    {
        Grant grant = Open();

        Assert.Equal(RefusalKind.NotFound, Assert.Throws<RefusedException>(() => grant.Return(Given.Approver, Given.Now)).Kind);
        Assert.Equal("The grant has ended already (expired at 09:30 UTC).", Assert.Throws<RefusedException>(() => grant.Return(Given.Requester, End)).Message);
        Assert.Null(grant.EndedAt);
    }

    [Fact]
    public void Expire_OnlyAfterTheEnd_WritesItOnce()
    {
        Grant grant = Open();
        Assert.Throws<InvalidOperationException>(() => grant.Expire(End.AddTicks(-1)));

        grant.Expire(End.AddSeconds(2));

        Assert.Equal((End.AddSeconds(2), GrantEnd.Expired), (grant.EndedAt, grant.End));
        Assert.Throws<InvalidOperationException>(() => grant.Expire(End.AddSeconds(3)));
        Assert.Equal("The grant has ended (expired at 09:30 UTC). Ask again to connect.", grant.CanConnect(Given.Requester, End.AddSeconds(3)).Message);
    }

    private static Grant Open() => AccessRequest.Submit(Given.Question(), Given.Automatic()).Grant!;
}
