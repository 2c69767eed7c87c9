using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

/// <summary>Access past the approvers, and the review that stays owed.</summary>
public sealed class BreakGlassTests
{
    private static readonly Actor OnCall = InGroup("olga", "jit-requester", "on-call");

    private static readonly Actor Lead = InGroup("lead", "jit-approver", "leads");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_ByBreakGlass_OpensTellsAndStaysListedUntilSomebodyElseReviews()
    {
        await using TestWorld world = await WorldAsync();

        Preview preview = await world.Requests.PreviewAsync(OnCall, TestNodes.PaymentsApi.Id, Break, Cancellation);
        Guid id = (await world.Requests.SubmitAsync(OnCall, TestNodes.PaymentsApi.Id, Break, Cancellation)).RequestId;

        Assert.True(preview.CanSubmit.IsAllowed);
        RequestDetails details = (await world.RequestQueries.FindAsync(OnCall, id, Cancellation))!;
        Assert.Equal((true, true, false), (details.Request.OwesReview, details.CanConnect.IsAllowed, details.CanReviewBreakGlass.IsAllowed));
        Assert.Equal(["GlassBroken"], await world.QueryAsync("select action from audit_entries"));
        Assert.Equal(["glass.broken"], await world.QueryAsync("select kind from outbox"));
        string why = Assert.Single(await world.QueryAsync("select why from audit_entries"));
        Assert.Contains("Glass was broken instead. The grant is open for 1 h. Reason given: The shop is down", why, StringComparison.Ordinal);
        await IsListedAsync(world, 1, Lead, TestPeople.Admin);
        await IsListedAsync(world, 0, OnCall, TestPeople.Auditor, TestPeople.Stranger, Lead with { Identity = new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/lead") });

        await world.Requests.ReviewBreakGlassAsync(Lead, id, ReviewVerdict.Reject, "No incident was open.", Cancellation);

        await IsListedAsync(world, 0, Lead, TestPeople.Admin);
        Assert.Equal(["GlassBroken", "GlassReviewed"], await world.QueryAsync("select action from audit_entries order by action"));
        RefusedException late = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ReviewBreakGlassAsync(TestPeople.Admin, id, ReviewVerdict.Approve, "", Cancellation));
        Assert.Equal(RefusalKind.Conflict, late.Kind);
    }

    [Fact]
    public async Task Submit_ByBreakGlassWhileARequestWaits_CancelsThatInTheSameSave()
    {
        await using TestWorld world = await WorldAsync();
        Guid waiting = (await world.Requests.SubmitAsync(OnCall, TestNodes.PaymentsApi.Id, new("look"), Cancellation)).RequestId;

        Assert.True((await world.Requests.PreviewAsync(OnCall, TestNodes.PaymentsApi.Id, Break, Cancellation)).CanSubmit.IsAllowed);
        await world.Requests.SubmitAsync(OnCall, TestNodes.PaymentsApi.Id, Break, Cancellation);

        AccessRequest old = (await world.RequestQueries.FindAsync(OnCall, waiting, Cancellation))!.Request;
        Assert.Equal((RequestStatus.Cancelled, "olga broke glass instead of waiting."), (old.Status, old.CancelReason));
        Assert.Equal(["GlassBroken", "RequestCancelled", "RequestSubmitted"], await world.QueryAsync("select action from audit_entries order by action"));
        Assert.Empty((await world.RequestQueries.ForApprovalAsync(Lead, ApprovalView.WaitingForMe, null, Cancellation)).Rows);
    }

    [Fact]
    public async Task Submit_ByBreakGlassWhileTheLastApprovalComes_LeavesOneGrant()
    {
        await using TestWorld world = await WorldAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 0; round < 10; round++)
        {
            Actor person = InGroup($"olga-{round}", "jit-requester", "on-call");
            Guid waiting = (await world.Requests.SubmitAsync(person, TestNodes.PaymentsApi.Id, new("look"), Cancellation)).RequestId;

            Task<Submitted> broken = Task.Run(() => world.Requests.SubmitAsync(person, TestNodes.PaymentsApi.Id, Break, Cancellation), Cancellation);
            Task approved = Task.Run(() => other.Get<RequestService>().ApproveAsync(Lead, waiting, "", Cancellation), Cancellation);
            await Task.WhenAny(Task.WhenAll(broken, approved));
            Guid answer = (await broken).RequestId;

            Assert.Equal(1, await world.CountAsync($"grants where holder = '{person.Subject}'"));
            AccessRequest open = (await world.RequestQueries.FindAsync(person, answer, Cancellation))!.Request;
            Assert.Equal(RequestStatus.Approved, open.Status);
            Assert.Equal(open.BrokeGlass, approved.IsFaulted);
        }
    }

    [Fact]
    public async Task Submit_ByBreakGlassTwiceAtOnce_IsOneGrant()
    {
        await using TestWorld world = await WorldAsync();
        await using TestProcess other = world.AnotherProcess();

        Submitted[] both = await Task.WhenAll(
            Task.Run(() => world.Requests.SubmitAsync(OnCall, TestNodes.PaymentsApi.Id, Break, Cancellation), Cancellation),
            Task.Run(() => other.Get<RequestService>().SubmitAsync(OnCall, TestNodes.PaymentsApi.Id, Break, Cancellation), Cancellation));

        Assert.Equal(both[0].RequestId, both[1].RequestId);
        Assert.Equal((1, 1), (await world.CountAsync("requests"), await world.CountAsync("grants")));
    }

    [Fact]
    public async Task ReviewBreakGlass_ByTwoAtOnce_IsGivenOnce()
    {
        await using TestWorld world = await WorldAsync();
        await using TestProcess other = world.AnotherProcess();
        Guid id = (await world.Requests.SubmitAsync(OnCall, TestNodes.PaymentsApi.Id, Break, Cancellation)).RequestId;

        Task[] both =
        [
            Task.Run(() => world.Requests.ReviewBreakGlassAsync(Lead, id, ReviewVerdict.Approve, "", Cancellation), Cancellation),
            Task.Run(() => other.Get<RequestService>().ReviewBreakGlassAsync(TestPeople.Admin, id, ReviewVerdict.Reject, "Why?", Cancellation), Cancellation),
        ];
        await Task.WhenAny(Task.WhenAll(both));

        Assert.Equal(1, both.Count(task => task.IsFaulted));
        Assert.Equal(1, await world.CountAsync("reviews"));
        Assert.Equal(1, await world.CountAsync("audit_entries where action = 'GlassReviewed'"));
    }

    [Fact]
    public async Task Submit_ByBreakGlassWithoutTheRight_IsRefusedAndInTheAudit()
    {
        await using TestWorld world = await WorldAsync();

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.PaymentsApi.Id, Break, Cancellation));
        IReadOnlyList<BatchSubmitted> one = await world.Requests.SubmitBatchAsync(OnCall, Guid.CreateVersion7(), [TestNodes.PaymentsApi.Id], Break, Cancellation);
        await Assert.ThrowsAsync<RefusedException>(() => world.Requests.SubmitBatchAsync(OnCall, Guid.CreateVersion7(), [TestNodes.PaymentsApi.Id, TestNodes.DemoLinux.Id], Break, Cancellation));

        Assert.Equal(RefusalKind.Forbidden, refusal.Kind);
        Assert.True(Assert.Single(one).IsInBatch);
        Assert.Equal(1, await world.CountAsync("audit_entries where action = 'RequestRefused'"));
        Assert.Equal(1, await world.CountAsync("requests"));
    }

    private static RequestTerms Break => new("The shop is down", BreakGlass: true);

    private static async Task IsListedAsync(TestWorld world, int times, params Actor[] actors)
    {
        foreach (Actor actor in actors)
        {
            Assert.Equal((times, times), ((await world.RequestQueries.ForApprovalAsync(actor, ApprovalView.WaitingForMe, null, Cancellation)).BrokenGlass.Count, await world.RequestQueries.WaitingCountAsync(actor, Cancellation)));
        }
    }

    private static async Task<TestWorld> WorldAsync()
    {
        TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.AddNodesAsync([.. TestNodes.All]);
        await world.PublishAsync(PolicySet.Empty.With(new ManualPolicy
        {
            Id = Guid.NewGuid(),
            Name = "Production",
            Target = NodeTarget.AllNodes,
            MaximumHours = 4,
            BreakGlass = new BreakGlassRule { Groups = ["on-call"] },
            Levels = [new([new Approver(ApproverKind.Group, "leads")], 1)],
        }));
        return world;
    }

    private static Actor InGroup(string subject, string role, string group)
    {
        Actor actor = TestPeople.New(subject, role);
        return actor with { Person = actor.Person with { Groups = [group] } };
    }
}
