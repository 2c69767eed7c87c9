using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests;

public sealed class RequestQueriesTests
{
    private static readonly Actor InGroup = TestPeople.New("in-group", "jit-requester") with { Person = new Person("in-group", "in-group", null, ["leads"], new PersonAttributes()) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Visibility => new()
    {
        { "requester", true },
        { "approver", true },
        { "later approver", true },
        { "named person", true },
        { "admin", true },
        { "auditor", true },
        { "stranger", false },
        { "same role elsewhere", false },
        { "iam user", false },
    };

    [Theory]
    [MemberData(nameof(Visibility))]
    public async Task Find_EveryKindOfPerson_SeesOnlyWhatIsTheirs(string who, bool sees)
    {
        Actor actor = who switch
        {
            "requester" => TestPeople.Requester,
            "approver" => TestPeople.Approver,
            "later approver" => InGroup,
            "named person" => TestPeople.New("alice", "jit-requester"),
            "admin" => TestPeople.Admin,
            "auditor" => TestPeople.Auditor,
            "same role elsewhere" => TestPeople.New("other", "jit-approver") with { Identity = new ProvenIdentity.Role(RoleArn.Parse("arn:aws:iam::999999999999:role/jit-approver")) },
            "iam user" => TestPeople.IamUser,
            _ => TestPeople.Stranger,
        };
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.AddNodesAsync(TestNodes.DemoLinux);
        await world.PublishAsync(Levels(
            new([new(ApproverKind.Role, "arn:aws:iam::111111111111:role/jit-approver")], 1),
            new([new(ApproverKind.Group, "leads"), new(ApproverKind.Person, "alice")], 1)));
        Guid id = await SubmitAsync(world, TestNodes.DemoLinux);

        RequestDetails? found = await world.RequestQueries.FindAsync(actor, id, Cancellation);
        RequestPage pending = await world.RequestQueries.ForApprovalAsync(actor, ApprovalView.AllPending, null, Cancellation);
        RequestPage decided = await world.RequestQueries.ForApprovalAsync(actor, ApprovalView.Decided, null, Cancellation);
        await world.Requests.RejectAsync(TestPeople.Approver, id, "", Cancellation);
        RequestPage rejected = await world.RequestQueries.ForApprovalAsync(actor, ApprovalView.Decided, null, Cancellation);

        Assert.Equal(sees, found is not null);
        Assert.Equal(sees ? [id] : [], pending.Rows.Select(row => row.Request.Id));
        Assert.Empty(decided.Rows);
        Assert.Equal(sees ? [id] : [], rejected.Rows.Select(row => row.Request.Id));
    }

    [Fact]
    public async Task WaitingForMe_HoldsWhatTheActorCanAnswerNowAndNothingElse()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.AddNodesAsync(TestNodes.DemoLinux);
        await world.PublishAsync(Levels(new([new(ApproverKind.Role, "jit-approver")], 2), new([new(ApproverKind.Group, "leads"), new(ApproverKind.Person, "requester")], 1)));
        Guid id = await SubmitAsync(world, TestNodes.DemoLinux);

        Assert.Equal([id], await WaitingAsync(world, TestPeople.Approver));
        Assert.Empty(await WaitingAsync(world, TestPeople.Requester));
        Assert.Empty(await WaitingAsync(world, InGroup));
        Assert.Empty(await WaitingAsync(world, TestPeople.Admin));
        Assert.Empty(await WaitingAsync(world, TestPeople.Stranger));
        Assert.Empty(await WaitingAsync(world, TestPeople.Approver with { Identity = TestPeople.IamUser.Identity }));

        await world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);
        Assert.Empty(await WaitingAsync(world, TestPeople.Approver));
        Assert.Equal([id], await WaitingAsync(world, TestPeople.Approver2));

        await world.Requests.ApproveAsync(TestPeople.Approver2, id, "", Cancellation);
        Assert.Empty(await WaitingAsync(world, TestPeople.Approver2));
        Assert.Equal([id], await WaitingAsync(world, InGroup));
        Assert.Empty(await WaitingAsync(world, TestPeople.Requester));

        world.Clock.Advance(ManualPolicy.DefaultPendingTimeout);
        Assert.Empty(await WaitingAsync(world, InGroup));
    }

    [Fact]
    public async Task ForApproval_ManyRequests_ComeInPagesWithoutGapsOrRepetition()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.PublishAsync(Levels(new ApprovalLevel([new(ApproverKind.Role, "jit-approver")], 1)));
        Node[] nodes = [.. Enumerable.Range(1, 120).Select(TestNodes.Numbered)];
        await world.AddNodesAsync(nodes);
        List<Guid> ids = [];
        foreach (Node node in nodes) ids.Add(await SubmitAsync(world, node));

        Assert.Equal(ids, await AllPagesAsync(world, ApprovalView.WaitingForMe, 3));
        Assert.Equal(ids, await AllPagesAsync(world, ApprovalView.AllPending, 3));
        Assert.Equal(120, await world.RequestQueries.WaitingCountAsync(TestPeople.Approver, Cancellation));

        foreach (Guid id in ids.Take(60)) await world.Requests.RejectAsync(TestPeople.Approver, id, "", Cancellation);
        Assert.Equal(ids.Take(60).Reverse(), await AllPagesAsync(world, ApprovalView.Decided, 2));
        Assert.Equal(ids.Skip(60), await AllPagesAsync(world, ApprovalView.WaitingForMe, 2));
        Assert.Equal(60, await world.RequestQueries.WaitingCountAsync(TestPeople.Approver2, Cancellation));
    }

    [Fact]
    public async Task MyPending_ShowsOwnOnesNewestFirst()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid first = await SubmitAsync(world, TestNodes.DemoLinux);
        Guid second = await SubmitAsync(world, TestNodes.BuildAgent);
        await world.Requests.SubmitAsync(TestPeople.Stranger, TestNodes.DemoLinux.Id, new("look"), Cancellation);
        await SubmitAsync(world, TestNodes.DemoLinux2);

        IReadOnlyList<RequestRow> mine = await world.RequestQueries.MyPendingAsync(TestPeople.Requester, Cancellation);

        Assert.Equal([second, first], mine.Select(row => row.Request.Id));
    }

    [Fact]
    public async Task History_TellsWhatTheRequesterDidWithTheNodeBefore()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid tooOld = await SubmitAsync(world, TestNodes.DemoLinux);
        await world.Requests.CancelAsync(TestPeople.Requester, tooOld, Cancellation);
        world.Clock.Advance(TimeSpan.FromDays(100));
        Guid rejected = await SubmitAsync(world, TestNodes.DemoLinux);
        await world.Requests.RejectAsync(TestPeople.Approver, rejected, "", Cancellation);
        Guid unused = await SubmitAsync(world, TestNodes.DemoLinux);
        await world.Requests.ApproveAsync(TestPeople.Approver, unused, "", Cancellation);
        await world.Grants.ReturnAsync(TestPeople.Requester, (await world.RequestQueries.FindAsync(TestPeople.Requester, unused, Cancellation))!.Grant!.Id, Cancellation);
        Guid used = await SubmitAsync(world, TestNodes.DemoLinux);
        await world.Requests.ApproveAsync(TestPeople.Approver, used, "", Cancellation);
        Guid grant = (await world.RequestQueries.FindAsync(TestPeople.Requester, used, Cancellation))!.Grant!.Id;
        DateTimeOffset connectedAt = world.Clock.GetUtcNow();
        await world.Sessions.ConnectAsync(TestPeople.Requester, grant, Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(7));
        await world.Grants.ReturnAsync(TestPeople.Requester, grant, Cancellation);
        Guid now = await SubmitAsync(world, TestNodes.DemoLinux);

        RequestPage page = await world.RequestQueries.ForApprovalAsync(TestPeople.Approver, ApprovalView.WaitingForMe, null, Cancellation);

        Assert.Equal(now, Assert.Single(page.Rows).Request.Id);
        Assert.Equal(new NodeHistory(3, 2, 1, connectedAt, TimeSpan.FromMinutes(7)), page.Rows[0].History);
        Assert.Single((await world.RequestQueries.FindAsync(TestPeople.Requester, used, Cancellation))!.Sessions);
    }

    private static PolicySet Levels(params ApprovalLevel[] levels) => new()
    {
        Manual = [new ManualPolicy { Id = Guid.CreateVersion7(), Name = "Everything", Target = NodeTarget.AllNodes, MaximumHours = 8, Levels = [.. levels] }],
    };

    private static async Task<Guid> SubmitAsync(TestWorld world, Node node) =>
        (await world.Requests.SubmitAsync(TestPeople.Requester, node.Id, new("look"), Cancellation)).RequestId;

    private static async Task<IReadOnlyList<Guid>> WaitingAsync(TestWorld world, Actor actor)
    {
        RequestPage page = await world.RequestQueries.ForApprovalAsync(actor, ApprovalView.WaitingForMe, null, Cancellation);
        Assert.Equal(page.Rows.Count, await world.RequestQueries.WaitingCountAsync(actor, Cancellation));
        Assert.All(page.Rows, row => Assert.True(row.CanReview.IsAllowed));
        return [.. page.Rows.Select(row => row.Request.Id)];
    }

    private static async Task<IReadOnlyList<Guid>> AllPagesAsync(TestWorld world, ApprovalView view, int pages)
    {
        List<Guid> ids = [];
        long? after = null;
        for (int page = 1; page <= pages; page++)
        {
            RequestPage read = await world.RequestQueries.ForApprovalAsync(TestPeople.Approver, view, after, Cancellation);
            ids.AddRange(read.Rows.Select(row => row.Request.Id));
            Assert.Equal(page == pages, read.Next is null);
            after = read.Next;
        }
        return ids;
    }
}
