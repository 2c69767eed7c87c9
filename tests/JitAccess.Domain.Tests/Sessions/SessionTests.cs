using JitAccess.Domain.Grants;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Sessions;

namespace JitAccess.Domain.Tests.Sessions;

public sealed class SessionTests
{
    private static readonly DateTimeOffset Later = Given.Now.AddMinutes(5);

    [Fact]
    public void Session_InsideAGrant_CarriesItsHolderAndNode()
    {
        Grant grant = AccessRequest.Submit(Given.Question(), Given.Automatic()).Grant!;

        Session session = new(grant, Later);

        Assert.Equal((grant.Id, "requester", grant.NodeId, Later), (session.GrantId, session.Holder, session.NodeId, session.StartedAt));
        Assert.True(session.IsLive);
        Assert.Equal((null, null, "", null), (session.AwsSessionId, session.End, session.EndReason, session.TerminationConfirmedAt));
    }

    [Fact]
    public void Finish_Twice_KeepsTheFirstReason()
    {
        Session session = Open();

        session.Finish(SessionEnd.GrantEnded, "The grant was returned.", Later);
        session.Finish(SessionEnd.Closed, "The window was closed.", Later.AddMinutes(1));

        Assert.False(session.IsLive);
        Assert.Equal((SessionEnd.GrantEnded, "The grant was returned.", Later), (session.End, session.EndReason, session.EndedAt));
    }

    [Fact]
    public void Finish_AwsStartedIt_LeavesTheTerminationToBeConfirmed()
    {
        Session session = Open();
        session.Started("requester-0123");

        session.Finish(SessionEnd.Closed, "", Later);
        Assert.Null(session.TerminationConfirmedAt);

        session.TerminationConfirmed(Later.AddSeconds(1));
        session.TerminationConfirmed(Later.AddSeconds(9));
        Assert.Equal(Later.AddSeconds(1), session.TerminationConfirmedAt);
    }

    [Fact]
    public void Finish_AwsNeverStartedIt_NeedsNoTermination()
    {
        Session session = Open();

        session.Finish(SessionEnd.Failed, "AWS did not answer.", Later);

        Assert.Equal(Later, session.TerminationConfirmedAt);
    }

    [Fact]
    public void Started_AfterTheEnd_RequiresTheTerminationAfterAll()
    {
        Session session = Open();
        session.Finish(SessionEnd.GrantEnded, "The grant expired.", Later);

        session.Started("requester-0123");

        Assert.Equal(("requester-0123", false, null), (session.AwsSessionId, session.IsLive, session.TerminationConfirmedAt));
        Assert.Equal(SessionEnd.GrantEnded, session.End);
    }

    [Fact]
    public void MoveTo_OnlyAnActiveGrantOfTheSamePersonAndNode_KeepsItLive()
    {
        Session session = Open();
        Grant another = AccessRequest.Submit(Given.Question(), Given.Automatic(4)).Grant!;
        Grant somebodyElses = AccessRequest.Submit(Given.Question(Given.Approver), Given.Automatic(4)).Grant!;
        Grant scheduled = AccessRequest.Submit(Given.Question() with { AskedStart = Given.Now.AddHours(1) }, Given.Automatic(4)).Grant!;
        Assert.Throws<InvalidOperationException>(() => session.MoveTo(somebodyElses, Later));
        Assert.Throws<InvalidOperationException>(() => session.MoveTo(scheduled, Later));

        session.MoveTo(another, Later);

        Assert.Equal((another.Id, true), (session.GrantId, session.IsLive));
        session.Finish(SessionEnd.Closed, "Done.", Later);
        Assert.Throws<InvalidOperationException>(() => session.MoveTo(another, Later));
    }

    private static Session Open() => new(AccessRequest.Submit(Given.Question(), Given.Automatic()).Grant!, Given.Now);
}
