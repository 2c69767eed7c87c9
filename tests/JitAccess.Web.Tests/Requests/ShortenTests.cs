using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

public sealed class ShortenTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Approve_ShortenedAtTwoLevels_OpensTheShortestAndTheAuditTellsBoth()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.PaymentsApi.Id, new("look", TimeSpan.FromHours(4)), Cancellation)).RequestId;

        await world.Requests.ApproveAsync(TestPeople.Approver, id, "half is enough", TimeSpan.FromHours(2), Cancellation);
        RefusedException longer = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Approver2, id, "", TimeSpan.FromHours(3), Cancellation));
        RefusedException none = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Approver2, id, "", TimeSpan.Zero, Cancellation));
        await world.Requests.ApproveAsync(TestPeople.Approver2, id, "", TimeSpan.FromMinutes(45), Cancellation);

        Assert.Equal((RefusalKind.Conflict, "approver has shortened the duration to 2 h meanwhile. Choose that or less; your review was not recorded."), (longer.Kind, longer.Message));
        Assert.Equal(RefusalKind.Invalid, none.Kind);
        AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request;
        Assert.Equal((TimeSpan.FromMinutes(45), TimeSpan.FromHours(4), world.Clock.GetUtcNow().AddMinutes(45)), (request.Duration, request.AskedDuration, request.Grant!.EndsAt));
        Assert.Equal([TimeSpan.FromHours(2), TimeSpan.FromMinutes(45)], request.Reviews.OrderBy(review => review.Level).Select(review => review.ShortenedTo));
        Assert.Equal(
        [
            "240 → 120: Approved at level 1 of 2. Shortened from 240 to 120 minutes. half is enough",
            "120 → 45: Approved at level 2 of 2, the last one. Shortened from 120 to 45 minutes. The grant is open for 0.75 h.",
        ], await world.QueryAsync("select (before::jsonb ->> 'minutes') || ' → ' || (after::jsonb ->> 'minutes') || ': ' || why from audit_entries where action in ('ReviewRecorded', 'RequestApproved') order by action desc"));
    }

    [Fact]
    public async Task Approve_TwoPeopleShortenAtTheSameInstant_NeverOpensLongerThanEitherWanted()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await using TestProcess other = world.AnotherProcess();
        await world.PublishAsync(new PolicySet
        {
            Manual = [new ManualPolicy { Id = Guid.CreateVersion7(), Name = "Everything", Target = NodeTarget.AllNodes, MaximumHours = 8, Levels = [new([new(ApproverKind.Role, "jit-approver")], 2)] }],
        });
        for (int round = 1; round <= 20; round++)
        {
            await world.AddNodesAsync(TestNodes.Numbered(round));
            Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.Numbered(round).Id, new("look"), Cancellation)).RequestId;

            RefusedException?[] refusals = await Task.WhenAll(
                Task.Run(() => ApproveAsync(world.Requests, TestPeople.Approver, id, 1), Cancellation),
                Task.Run(() => ApproveAsync(other.Get<RequestService>(), TestPeople.Approver2, id, 2), Cancellation));

            AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request;
            Assert.Equal(TimeSpan.FromHours(1), request.Duration);
            // Whoever wanted 2 h either came first, or is told of the shorter hour.
            Assert.Null(refusals[0]);
            Assert.Equal(refusals[1] is null ? RequestStatus.Approved : RequestStatus.Pending, request.Status);
            Assert.Equal(refusals[1] is null ? null : "approver has shortened the duration to 1 h meanwhile. Choose that or less; your review was not recorded.", refusals[1]?.Message);
        }
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task AskAgain_FindsOnlyOnesOwnWhenNothingOfItLives()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look closer", TimeSpan.FromHours(3)), Cancellation)).RequestId;

        Assert.Null(await FindAsync(world, TestPeople.Requester, id));
        await world.Requests.ApproveAsync(TestPeople.Approver, id, "", TimeSpan.FromHours(1), Cancellation);
        RequestDetails open = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!;
        Assert.False(open.CanAskAgain.IsAllowed);
        Assert.Null(await FindAsync(world, TestPeople.Requester, id));

        await world.Grants.ReturnAsync(TestPeople.Requester, open.Grant!.Id, Cancellation);
        AccessRequest again = (await FindAsync(world, TestPeople.Requester, id))!;
        Assert.Equal(("look closer", TimeSpan.FromHours(3)), (again.Reason, again.AskedDuration));
        foreach (Actor other in new[] { TestPeople.Approver, TestPeople.Admin, TestPeople.Auditor, TestPeople.Stranger })
            Assert.Null(await FindAsync(world, other, id));
    }

    private static Task<AccessRequest?> FindAsync(TestWorld world, Actor actor, Guid id) => world.RequestQueries.FindToAskAgainAsync(actor, id, Cancellation);

    private static async Task<RefusedException?> ApproveAsync(RequestService requests, Actor actor, Guid id, int hours)
    {
        try
        {
            await requests.ApproveAsync(actor, id, "", TimeSpan.FromHours(hours), Cancellation);
            return null;
        }
        catch (RefusedException refusal)
        {
            return refusal;
        }
    }
}
