using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Delegations;
using JitAccess.Web.Notifications;
using JitAccess.Web.Policies;
using JitAccess.Web.Tests.Audit;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Notifications;

public sealed class OutboxRoutingTests
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    [Fact]
    public async Task Submit_TellsTheApproversOfTheOpenLevel_AndTheOutcomeThoseWhoDidNotDecide()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await ReachableAsync(world);
        Guid request = await SubmitAsync(world, TestNodes.DemoLinux.Id);
        await process.RouteAsync();
        Assert.Equal(["approver: requester asks for access to demo-linux", "approver2: requester asks for access to demo-linux"], await ToldAsync(world, "request.submitted"));
        Assert.Equal("approver@example.com", (await world.QueryAsync("select address from deliveries where recipient = 'approver'"))[0]);
        Assert.Contains("look", (await world.QueryAsync("select content ->> 'text' from deliveries where recipient = 'approver'"))[0], StringComparison.Ordinal);
        Assert.Equal($"requests/{request}", (await world.QueryAsync("select content ->> 'path' from deliveries where recipient = 'approver'"))[0]);

        await world.Requests.ApproveAsync(TestPeople.Approver, request, "", Cancellation);
        await process.RouteAsync();
        IReadOnlyList<string> told = await ToldAsync(world, "request.approved");
        Assert.Equal(2, told.Count);
        Assert.Matches("^approver2: Request [0-9]+ of requester for access to demo-linux was approved by approver$", told[0]);
        Assert.Equal("requester: Your request for access to demo-linux was approved by approver", told[1]);
        Assert.Equal(0, await world.CountAsync("outbox where sent_at is null"));
    }

    [Fact]
    public async Task AutomaticApproval_IsToldToTheRequester_OwnDeedsAreNot()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await ReachableAsync(world);
        await SubmitAsync(world, TestNodes.DemoLinux2.Id);
        Guid pending = await SubmitAsync(world, TestNodes.DemoLinux.Id);
        await world.Requests.CancelAsync(TestPeople.Requester, pending, Cancellation);
        await process.RouteAsync();
        Assert.Equal(["requester: Your request for access to demo-linux2 was approved automatically"], await ToldAsync(world, "request.approved_automatically"));
        IReadOnlyList<string> cancelled = await ToldAsync(world, "request.cancelled");
        Assert.Equal(["approver", "approver2"], cancelled.Select(one => one.Split(':')[0]));
        // It waits for nobody any more by the time that it is routed.
        Assert.Empty(await ToldAsync(world, "request.submitted"));
    }

    [Fact]
    public async Task SecondLevel_IsAskedOnceWhenItOpens()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Actor owner = TestPeople.New("owner", "owner-role"), second = TestPeople.New("second", "owner-role"), third = TestPeople.New("third", "owner-role");
        TestProcess process = await ReachableAsync(world, owner, second, third);
        ManualPolicy twoLevels = DemoPolicies.PolicySet.Manual[0] with
        {
            Target = NodeTarget.AllNodes,
            Levels = [new ApprovalLevel([new Approver(ApproverKind.Role, "jit-approver")], 1), new ApprovalLevel([new Approver(ApproverKind.Role, "owner-role")], 2)],
        };
        await world.PublishAsync(DemoPolicies.PolicySet with { Manual = [twoLevels], AutoApproval = [] });
        Guid request = await SubmitAsync(world, TestNodes.DemoLinux.Id);
        await process.RouteAsync();
        Assert.Equal(["approver", "approver2"], (await ToldAsync(world, "request.submitted")).Select(one => one.Split(':')[0]));

        await world.Requests.ApproveAsync(TestPeople.Approver, request, "", Cancellation);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.Requests.ApproveAsync(owner, request, "", Cancellation);
        await process.RouteAsync();
        // Not the one who answered before it was routed, and nobody again because of that answer.
        Assert.Equal(["second", "third"], (await ToldAsync(world, "review.recorded")).Select(one => one.Split(':')[0]));
    }

    [Fact]
    public async Task Topic_ThatIsTurnedOff_IsSpared()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await ReachableAsync(world);
        await process.Get<PreferenceService>().SaveAsync(TestPeople.Approver, new HashSet<NoticeTopic> { NoticeTopic.WaitsForMe }, 0, Cancellation);
        await SubmitAsync(world, TestNodes.DemoLinux.Id);
        await process.RouteAsync();
        Assert.Equal(["approver2"], (await ToldAsync(world, "request.submitted")).Select(one => one.Split(':')[0]));
    }

    [Fact]
    public async Task Publish_TellsTheOtherAdmins()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Actor other = TestPeople.New("other-admin", "jit-admin") with { Roles = [ApplicationRole.Admin] };
        TestProcess process = await ReachableAsync(world, other);
        await world.Policies.SetSecondAdminAsync(TestPeople.Admin, (await world.PolicyQueries.ReviewAsync(TestPeople.Admin, Cancellation)).Revision, true, Cancellation);
        DraftReview draft = await world.PolicyQueries.ReviewAsync(TestPeople.Admin, Cancellation);
        await world.Policies.PublishAsync(TestPeople.Admin, draft.Revision, "Two pairs of eyes.", Cancellation);
        await process.RouteAsync();
        string told = Assert.Single(await ToldAsync(world, "policy_set.published"));
        Assert.StartsWith("other-admin: admin published policy set version", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routing_ByTwoProcessesAndTwice_TellsEverybodyOnce()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using HttpTape tape = await HttpTape.StartAsync();
        Dictionary<string, string?> settings = new(TestChannels.Webhook(tape).Concat(TestChannels.Email().Where(pair => pair.Key.Contains("Email", StringComparison.Ordinal))));
        await world.KnowAsync(TestPeople.Approver, TestPeople.Approver2);
        TestProcess here = world.AnotherProcess(settings: settings), there = world.AnotherProcess(settings: settings);
        for (int person = 0; person < 60; person++) await world.Requests.SubmitAsync(TestPeople.New($"person-{person}", "jit-requester"), TestNodes.DemoLinux.Id, new("look"), Cancellation);
        await Task.WhenAll(here.RouteAsync(), there.RouteAsync());
        await here.RouteAsync();
        Assert.Equal(60, await world.CountAsync("deliveries where channel = 'webhook:siem'"));
        Assert.Equal(120, await world.CountAsync("deliveries where channel = 'email'"));

        await world.ExecuteAsync("update outbox set sent_at = null");
        await here.RouteAsync();
        Assert.Equal(180, await world.CountAsync("deliveries"));
    }

    [Fact]
    public async Task BrokenGlass_IsToldToWhoeverWasPassedOverAndTheAdmins_AlsoIfTheyTurnedAllOff()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await ReachableAsync(world);
        await process.Get<PreferenceService>().SaveAsync(TestPeople.Approver, Enum.GetValues<NoticeTopic>().ToHashSet(), 0, Cancellation);
        await world.PublishAsync(DemoPolicies.PolicySet with { Manual = [DemoPolicies.PolicySet.Manual[0] with { Target = NodeTarget.AllNodes, BreakGlass = new BreakGlassRule { Groups = ["on-call"] } }], AutoApproval = [] });
        Actor onCall = TestPeople.Requester with { Person = TestPeople.Requester.Person with { Groups = ["on-call"] } };
        Guid request = (await world.Requests.SubmitAsync(onCall, TestNodes.DemoLinux.Id, new("down", BreakGlass: true), Cancellation)).RequestId;
        await process.RouteAsync();
        IReadOnlyList<string> told = await ToldAsync(world, "glass.broken");
        Assert.Equal(["admin", "approver", "approver2"], told.Select(one => one.Split(':')[0]));
        Assert.All(told, one => Assert.EndsWith(": requester broke glass: demo-linux is open without approval", one, StringComparison.Ordinal));

        await world.Requests.ReviewBreakGlassAsync(TestPeople.Approver, request, Domain.Requests.ReviewVerdict.Approve, "", Cancellation);
        await process.RouteAsync();
        Assert.Equal(["approver2", "requester"], (await ToldAsync(world, "glass.reviewed")).Select(one => one.Split(':')[0]));
    }

    [Fact]
    public async Task StandIn_IsToldThatTheyAre_AndWhatWaitsForTheAbsentOne()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Actor deputy = TestPeople.New("deputy", "other");
        TestProcess process = await ReachableAsync(world, deputy);
        DateTimeOffset now = world.Clock.GetUtcNow();
        await world.Here.Get<DelegationService>().MakeAsync(TestPeople.Approver, "deputy", now, now.AddDays(1), "", Cancellation);
        await process.RouteAsync();
        Assert.Equal(["deputy: You answer requests in place of approver"], await ToldAsync(world, "delegation.made"));

        await SubmitAsync(world, TestNodes.DemoLinux.Id);
        await process.RouteAsync();
        Assert.Equal(["approver", "approver2", "deputy"], (await ToldAsync(world, "request.submitted")).Select(one => one.Split(':')[0]));

        // Not of the requests of the one in whose place they answer.
        await world.Requests.SubmitAsync(TestPeople.Approver, TestNodes.DemoLinux.Id, new("mine"), Cancellation);
        await process.RouteAsync();
        Assert.Equal(["approver", "approver2", "approver2", "deputy"], (await ToldAsync(world, "request.submitted")).Select(one => one.Split(':')[0]));
    }

    [Fact]
    public async Task Message_OfALaterVersion_WaitsForAReplicaThatKnowsIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = await ReachableAsync(world);
        await SubmitAsync(world, TestNodes.DemoLinux.Id);
        await world.ExecuteAsync("update outbox set kind = 'request.enchanted'");
        await process.RouteAsync();
        Assert.Equal(1, await world.CountAsync("outbox where sent_at is null"));
        Assert.Equal(0, await world.CountAsync("deliveries"));
    }

    private static async Task<TestProcess> ReachableAsync(TestWorld world, params Actor[] others)
    {
        await world.KnowAsync([TestPeople.Requester, TestPeople.Approver, TestPeople.Approver2, TestPeople.Admin, .. others]);
        return world.AnotherProcess(settings: TestChannels.Email());
    }

    private static async Task<Guid> SubmitAsync(TestWorld world, Domain.Nodes.InstanceId node) =>
        (await world.Requests.SubmitAsync(TestPeople.Requester, node, new("look"), Cancellation)).RequestId;

    private static Task<IReadOnlyList<string>> ToldAsync(TestWorld world, string kind) =>
        world.QueryAsync($"select recipient || ': ' || (content ->> 'title') from deliveries where content ->> 'kind' = '{kind}' order by recipient collate \"C\"");
}
