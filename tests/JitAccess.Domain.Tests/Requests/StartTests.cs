using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Requests;

public sealed class StartTests(SharedEngine engine)
{
    private static readonly DateTimeOffset Start = Given.Now.AddHours(2);

    [Theory]
    [InlineData(null, null)]
    [InlineData(-60, "The start has passed. Choose a later one, or start now.")]
    [InlineData(0, "The start has passed. Choose a later one, or start now.")]
    [InlineData(60, null)]
    [InlineData(90, "Choose a start of whole minutes.")]
    [InlineData(30 * 86400, null)]
    [InlineData(30 * 86400 + 60, "The start is too far ahead: at most 30 days. Choose an earlier one.")]
    public void Submit_AnyStart_IsTakenOrSaysWhyNot(int? seconds, string? message)
    {
        AccessQuestion question = Given.Question() with { AskedStart = seconds is { } ahead ? Given.Now.AddSeconds(ahead) : null };

        Ruling ruling = AccessRequest.CanSubmit(question, Given.Automatic());

        Assert.Equal(message, ruling.Message);
        if (message is null) Assert.Equal(question.AskedStart, AccessRequest.Submit(question, Given.Automatic()).AskedStart);
        else Assert.Equal(RefusalKind.Invalid, Assert.Throws<RefusedException>(() => AccessRequest.Submit(question, Given.Automatic())).Kind);
    }

    [Fact]
    public void Decide_WithAStart_LooksAtTheTimeOfTheStart()
    {
        PolicySet policies = Given.Set(Given.Auto(Given.Permit("context.request.time >= datetime(\"2026-11-24T10:00:00Z\")")));
        PolicyEvaluator evaluator = new(new PolicySetVersion(1, policies), engine.Cedar);

        Assert.Equal(DecisionOutcome.NotCovered, evaluator.Decide(Given.Question()).Outcome);
        Assert.Equal(DecisionOutcome.Automatic, evaluator.Decide(Given.Question() with { AskedStart = Start }).Outcome);
        Assert.Equal(DecisionOutcome.Automatic, evaluator.DecideBriefly(Given.Question() with { AskedStart = Start }).Outcome);
    }

    [Fact]
    public void Approve_BeforeTheStart_ScheduleTheGrantForItsWholeDuration()
    {
        AccessRequest request = Submit();

        request.Approve(Given.Approver, "", Given.Now.AddHours(1), TimeSpan.FromHours(3));

        Grant grant = request.Grant!;
        Assert.Equal((true, Start, Start.AddHours(3), null), (grant.IsScheduled, grant.StartsAt, grant.EndsAt, grant.ActivatedAt));
        Assert.False(grant.IsActive(Given.Now.AddHours(1)));
        Assert.Equal("The grant opens at 2026-11-24 10:30 UTC.", grant.CanConnect(Given.Requester, Given.Now.AddHours(1)).Message);
        Assert.Equal("The grant opens at 2026-11-24 10:30 UTC. Ask for more time once it is open.", grant.CanBeExtended(Given.Requester, Given.Now.AddHours(1)).Message);
        Assert.True(grant.CanReturn(Given.Requester, Given.Now.AddHours(1)).IsAllowed);
    }

    [Fact]
    public void Approve_AfterTheStart_OpensAtOnceForTheWholeDuration()
    {
        AccessRequest request = Submit();
        DateTimeOffset late = Start.AddMinutes(1);

        request.Approve(Given.Approver, "", late);

        Grant grant = request.Grant!;
        Assert.Equal((true, late, late.AddHours(4), late), (grant.IsScheduled, grant.StartsAt, grant.EndsAt, grant.ActivatedAt));
        Assert.True(grant.IsActive(late));
    }

    [Fact]
    public void Activate_AtTheStart_OpensOnceAndNeverBefore()
    {
        Grant grant = Schedule();
        Assert.Throws<InvalidOperationException>(() => grant.Activate(Ruling.Allowed, Start.AddTicks(-1)));
        Assert.False(grant.IsActive(Start));
        Assert.Equal("The grant is about to open. One moment.", grant.CanConnect(Given.Requester, Start).Message);

        grant.Activate(Ruling.Allowed, Start);

        Assert.True(grant.IsActive(Start));
        Assert.True(grant.CanConnect(Given.Requester, Start).IsAllowed);
        Assert.Throws<InvalidOperationException>(() => grant.Activate(Ruling.Allowed, Start));
        // A clock that was set back opens nothing early and nothing twice.
        Assert.False(grant.IsActive(Start.AddHours(-1)));
        Assert.False(grant.IsDueToOpen(Start.AddHours(-1)));
    }

    [Fact]
    public void Activate_WhatAPolicyRefusesByThen_EndsWithItsSentence()
    {
        Grant grant = Schedule();
        Decision refusing = Given.Automatic() with { Answers = [new PolicyAnswer(Guid.NewGuid(), "Freeze", PolicyKind.DenyAccess, PolicyVerdict.Refuses, "it matches everybody")] };
        Decision blocking = refusing with { Answers = [refusing.Answers[0] with { Verdict = PolicyVerdict.BlocksAutomaticApproval }] };
        Assert.True(Grant.CanOpen(blocking).IsAllowed);

        grant.Activate(Grant.CanOpen(refusing), Start);

        Assert.Equal((GrantEnd.Refused, Start, "Refused by “Freeze”, which is in force since your request was approved: it matches everybody."), (grant.End, grant.EndedAt, grant.RefusalReason));
        Assert.False(grant.IsActive(Start));
        Assert.StartsWith("The grant has ended (refused at its start, 10:30 UTC: Refused by “Freeze”", grant.CanConnect(Given.Requester, Start).Message, StringComparison.Ordinal);
        Assert.False(grant.IsOverdue(grant.EndsAt));
    }

    [Fact]
    public void Activate_WhoseTimeIsOver_IsNoMore()
    {
        Grant grant = Schedule();

        Assert.False(grant.IsDueToOpen(grant.EndsAt));
        grant.Expire(grant.EndsAt);
        Assert.Equal(GrantEnd.Expired, grant.End);
    }

    [Fact]
    public void CanStillAct_TheStandingOfTheRequester_IsAskedByName()
    {
        AccessRequest request = Submit();

        Assert.True(request.CanStillAct(Given.Requester.Person, ["arn:aws:iam::111111111111:role/other", Given.RequesterRole.Value]).IsAllowed);
        Assert.Equal("Requester is no longer known here.", request.CanStillAct(null, []).Message);
        Assert.Equal("Requester may no longer act under the role jit-requester, under which the request was made.", request.CanStillAct(Given.Requester.Person, [Given.ApproverRole.Value]).Message);
    }

    private static AccessRequest Submit() =>
        AccessRequest.Submit(Given.Question(duration: TimeSpan.FromHours(4)) with { AskedStart = Start }, Given.NeedsApproval(Given.Level(1, Given.Group("platform-leads"))));

    private static Grant Schedule()
    {
        AccessRequest request = Submit();
        request.Approve(Given.Approver, "", Given.Now);
        return request.Grant!;
    }
}
