using System.Collections.Immutable;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

public sealed class LeftGroupTests
{
    private static readonly Actor[] Leads = [.. new[] { "lead1", "lead2", "lead3" }.Select(subject => InGroup(subject))];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Approve_EarlierReviewerLeftTheGroup_NeedsAnotherApproval()
    {
        await using TestWorld world = await CreateAsync();
        Guid id = await SubmitAsync(world);
        await world.Requests.ApproveAsync(Leads[0], id, "", Cancellation);
        await SignInAsync(world, "lead1");

        await world.Requests.ApproveAsync(Leads[1], id, "", Cancellation);
        RequestDetails between = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!;
        await world.Requests.ApproveAsync(Leads[2], id, "", Cancellation);

        Assert.Equal((RequestStatus.Pending, 1, 1), (between.Request.Status, between.Request.OpenLevel, between.Request.ApprovalsAt(1, between.Known)));
        Assert.Equal([false, true], between.Request.Reviews.OrderBy(review => review.At).ThenBy(review => review.Reviewer).Select(review => between.Request.StillCounts(review, between.Known)));
        Assert.Equal(RequestStatus.Approved, (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Request.Status);
    }

    [Fact]
    public async Task Approve_EarlierReviewerIsStillInTheGroup_Counts()
    {
        await using TestWorld world = await CreateAsync();
        Guid id = await SubmitAsync(world);
        await SignInAsync(world, "lead1", "leads", "others");

        await world.Requests.ApproveAsync(Leads[0], id, "", Cancellation);
        await world.Requests.ApproveAsync(Leads[1], id, "", Cancellation);

        Assert.Equal(["Approved"], await world.QueryAsync("select status from requests"));
    }

    [Fact]
    public async Task Review_ByWhoeverHasLeftSinceThisSignIn_IsRefusedAndWaitsForThemNoMore()
    {
        await using TestWorld world = await CreateAsync();
        Guid id = await SubmitAsync(world);
        int before = await world.RequestQueries.WaitingCountAsync(Leads[0], Cancellation);
        await SignInAsync(world, "lead1");

        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(Leads[0], id, "", Cancellation));

        Assert.Equal(RefusalKind.Forbidden, refusal.Kind);
        Assert.Equal(1, before);
        Assert.Equal(0, await world.RequestQueries.WaitingCountAsync(Leads[0], Cancellation));
        Assert.Empty((await world.RequestQueries.ForApprovalAsync(Leads[0], ApprovalView.WaitingForMe, null, Cancellation)).Rows);
        Assert.Equal(["ReviewRefused lead1"], await world.QueryAsync("select action || ' ' || actor from audit_entries where action like '%Refused'"));
    }

    private static Actor InGroup(string subject) => TestPeople.New(subject, "jit-requester") with { Person = new Person(subject, subject, null, ["leads"], new PersonAttributes()) };

    private static async Task<TestWorld> CreateAsync()
    {
        TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.AddNodesAsync(TestNodes.DemoLinux);
        await world.PublishAsync(new PolicySet
        {
            Manual = [new ManualPolicy { Id = Guid.CreateVersion7(), Name = "Everything", Target = NodeTarget.AllNodes, MaximumHours = 8, Levels = [new([new(ApproverKind.Group, "leads")], 2)] }],
        });
        return world;
    }

    private static async Task SignInAsync(TestWorld world, string subject, params string[] groups)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        database.People.Add(new KnownPerson { Subject = subject, DisplayName = subject, Groups = groups.ToImmutableSortedSet(StringComparer.Ordinal), LastSeenAt = world.Clock.GetUtcNow() });
        await database.SaveChangesAsync(Cancellation);
    }

    private static async Task<Guid> SubmitAsync(TestWorld world) =>
        (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
}
