using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

public sealed class ReviewTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Approve_LastApproval_OpensTheGrantFromNow()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await SubmitAsync(world, TimeSpan.FromHours(3));
        world.Clock.Advance(TimeSpan.FromMinutes(10));

        await world.Requests.ApproveAsync(TestPeople.Approver, id, " fine ", Cancellation);

        RequestDetails details = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!;
        Assert.Equal(RequestStatus.Approved, details.Request.Status);
        Assert.Equal((world.Clock.GetUtcNow(), world.Clock.GetUtcNow().AddHours(3)), (details.Grant!.StartsAt, details.Grant.EndsAt));
        Assert.Equal(("approver", "jit-approver", "fine"), (details.Request.Reviews[0].Reviewer, details.Request.Reviews[0].AnswersFor, details.Request.Reviews[0].Comment));
    }

    [Fact]
    public async Task Approve_TwoLevels_NeedsOnePersonEach()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.PaymentsApi.Id, new("look"), Cancellation)).RequestId;

        await world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);
        RefusedException again = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation));
        RequestDetails between = (await world.RequestQueries.FindAsync(TestPeople.Approver, id, Cancellation))!;
        await world.Requests.ApproveAsync(TestPeople.Approver2, id, "", Cancellation);

        Assert.Equal(RefusalKind.Conflict, again.Kind);
        Assert.Contains("answered this request already", again.Message, StringComparison.Ordinal);
        Assert.Equal((RequestStatus.Pending, 2), (between.Request.Status, between.Request.OpenLevel));
        AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request;
        Assert.Equal(RequestStatus.Approved, request.Status);
        Assert.Equal([1, 2], request.Reviews.OrderBy(review => review.Level).Select(review => review.Level));
    }

    [Fact]
    public async Task Approve_Own_IsRefusedWhateverRightOneHolds()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Actor both = TestPeople.Approver with { Roles = [ApplicationRole.Admin] };
        Guid id = (await world.Requests.SubmitAsync(both, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
        IReadOnlyList<string> before = await world.EverythingAsync();

        RefusedException approve = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(both, id, "", Cancellation));
        RefusedException reject = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.RejectAsync(both, id, "", Cancellation));

        Assert.Contains("Nobody decides about themselves", approve.Message, StringComparison.Ordinal);
        Assert.Equal(approve.Message, reject.Message);
        Assert.Equal(before, await world.EverythingButTheAttemptsAsync());
        Assert.Equal(2, await world.CountAsync("audit_entries where action = 'ReviewRefused' and actor = 'approver'"));
    }

    [Fact]
    public async Task Reject_EndsTheRequest_LaterAnswersAreToldTheOutcome()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await SubmitAsync(world);

        await world.Requests.RejectAsync(TestPeople.Approver, id, "not today", Cancellation);
        RefusedException late = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Approver2, id, "", Cancellation));
        RefusedException cancel = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.CancelAsync(TestPeople.Requester, id, Cancellation));

        Assert.Equal(RefusalKind.Conflict, late.Kind);
        Assert.Equal("Rejected by approver at 09:00 UTC. Your review was not recorded.", late.Message);
        Assert.StartsWith("Rejected by approver at 09:00 UTC", cancel.Message, StringComparison.Ordinal);
        Assert.Equal(1, await world.CountAsync("reviews"));
        Assert.Equal(0, await world.CountAsync("grants"));
    }

    [Fact]
    public async Task Review_RoleThatIsNotAsked_LooksLikeNoRequest()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await SubmitAsync(world);

        RefusedException foreign = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Stranger, id, "", Cancellation));
        RefusedException missing = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Stranger, Guid.NewGuid(), "", Cancellation));
        RefusedException admin = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Admin, id, "", Cancellation));

        Assert.Equal((RefusalKind.NotFound, missing.Message), (foreign.Kind, foreign.Message));
        Assert.Equal(RefusalKind.Forbidden, admin.Kind);
    }

    [Fact]
    public async Task Approve_AsIamUser_IsRefusedWithTheTrapExplained()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Actor trapped = TestPeople.Admin with { Identity = TestPeople.IamUser.Identity };
        Guid id = await SubmitAsync(world);

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(trapped, id, "", Cancellation));

        Assert.Contains("You are signed in as the IAM user iam-user", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await world.CountAsync("reviews"));
    }

    [Fact]
    public async Task Approve_CommentTooLong_IsRefused()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await SubmitAsync(world);

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Approver, id, new string('x', 1001), Cancellation));
        await world.Requests.ApproveAsync(TestPeople.Approver, id, new string('x', 1000), Cancellation);

        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.Equal(1, await world.CountAsync("reviews"));
    }

    [Fact]
    public async Task Approve_AfterTheTimeToAnswer_IsRefusedBeforeTheClockHasWrittenIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await SubmitAsync(world);
        world.Clock.Advance(ManualPolicy.DefaultPendingTimeout);

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation));

        Assert.Equal("The request has timed out. Your review was not recorded.", refusal.Message);
    }

    [Fact]
    public async Task Approve_TwoPeopleAtTheSameInstantWhenTwoAreNeeded_BothCountOnceEach()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await using TestProcess other = world.AnotherProcess();
        await world.PublishAsync(NeedsApprovals(2));
        for (int round = 1; round <= 40; round++)
        {
            Guid id = await SubmitForNumberedAsync(world, round);

            await Task.WhenAll(
                Task.Run(() => world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation), Cancellation),
                Task.Run(() => other.Get<RequestService>().ApproveAsync(TestPeople.Approver2, id, "", Cancellation), Cancellation));

            AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request;
            Assert.Equal(RequestStatus.Approved, request.Status);
            Assert.Equal(["approver", "approver2"], request.Reviews.Select(review => review.Reviewer).Order());
            Assert.Equal(2, request.ReviewCount);
            Assert.NotNull(request.Grant);
        }
        Assert.Equal(40, await world.CountAsync("audit_entries where action = 'ReviewRecorded'"));
        Assert.Equal(40, await world.CountAsync("audit_entries where action = 'RequestApproved'"));
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task Approve_TwoPeopleAtTheSameInstantWhenOneIsNeeded_OneCountsAndTheOtherIsToldTheOutcome()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await using TestProcess other = world.AnotherProcess();
        await world.PublishAsync(NeedsApprovals(1));
        for (int round = 1; round <= 40; round++)
        {
            Guid id = await SubmitForNumberedAsync(world, round);

            RefusedException?[] refusals = await Task.WhenAll(
                Task.Run(() => RefusalOfAsync(world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation)), Cancellation),
                Task.Run(() => RefusalOfAsync(other.Get<RequestService>().ApproveAsync(TestPeople.Approver2, id, "", Cancellation)), Cancellation));

            RefusedException refusal = Assert.Single(refusals.OfType<RefusedException>());
            Assert.StartsWith("Approved at", refusal.Message, StringComparison.Ordinal);
            Assert.Single((await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request.Reviews);
        }
        Assert.Equal(40, await world.CountAsync("grants"));
        Assert.Equal(40, await world.CountAsync("audit_entries where action = 'RequestApproved'"));
    }

    [Fact]
    public async Task Approve_OnePersonTwiceAtTheSameInstant_CountsOnce()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.PublishAsync(NeedsApprovals(2));
        for (int round = 1; round <= 20; round++)
        {
            Guid id = await SubmitForNumberedAsync(world, round);

            RefusedException?[] refusals = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ =>
                Task.Run(() => RefusalOfAsync(world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation)), Cancellation)));

            Assert.Single(refusals.OfType<RefusedException>());
            AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request;
            Assert.Equal((RequestStatus.Pending, 1), (request.Status, request.Reviews.Count));
        }
    }

    [Fact]
    public async Task Cancel_AndApproveAtTheSameInstant_HaveOneOutcome()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.PublishAsync(NeedsApprovals(1));
        for (int round = 1; round <= 20; round++)
        {
            Guid id = await SubmitForNumberedAsync(world, round);

            RefusedException?[] refusals = await Task.WhenAll(
                Task.Run(() => RefusalOfAsync(world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation)), Cancellation),
                Task.Run(() => RefusalOfAsync(world.Requests.CancelAsync(TestPeople.Requester, id, Cancellation)), Cancellation));

            Assert.Single(refusals.OfType<RefusedException>());
            AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request;
            Assert.Equal(request.Status == RequestStatus.Approved, request.Grant is not null);
            Assert.Equal(request.Status == RequestStatus.Approved ? 1 : 0, request.Reviews.Count);
        }
    }

    [Fact]
    public async Task Cancel_ByAnybodyButTheRequester_IsRefused()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await SubmitAsync(world);

        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => world.Requests.CancelAsync(TestPeople.Approver, id, Cancellation))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => world.Requests.CancelAsync(TestPeople.Admin, id, Cancellation))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => world.Requests.CancelAsync(TestPeople.Stranger, id, Cancellation))).Kind);
        Assert.Equal(["Pending"], await world.QueryAsync("select status from requests"));
    }

    private static PolicySet NeedsApprovals(int approvals) => new()
    {
        Manual = [new ManualPolicy { Id = Guid.CreateVersion7(), Name = "Everything", Target = NodeTarget.AllNodes, MaximumHours = 8, Levels = [new([new(ApproverKind.Role, "jit-approver")], approvals)] }],
    };

    private static async Task<Guid> SubmitForNumberedAsync(TestWorld world, int number)
    {
        await world.AddNodesAsync(TestNodes.Numbered(number));
        return (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.Numbered(number).Id, new("look"), Cancellation)).RequestId;
    }

    private static async Task<Guid> SubmitAsync(TestWorld world, TimeSpan? duration = null) =>
        (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look", duration), Cancellation)).RequestId;

    private static async Task<RefusedException?> RefusalOfAsync(Task act)
    {
        try
        {
            await act;
            return null;
        }
        catch (RefusedException refusal)
        {
            return refusal;
        }
    }
}
