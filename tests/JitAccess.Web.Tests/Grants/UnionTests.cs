using JitAccess.Domain.Grants;
using JitAccess.Web.Grants;
using JitAccess.Web.Nodes;
using JitAccess.Web.Sessions;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tests.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Grants;

/// <summary>Access is the union of a person's grants for a node: ending one never cuts a session that another still covers.</summary>
public sealed class UnionTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Return_AnotherGrantCoversTheSession_MovesItAndItsEnd()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using ChannelServer node = await ChannelServer.StartAsync();
        world.Aws.Channel = node.Address();
        await world.Here.RunAsync<SessionKeeper>();
        (Grant first, Grant second) = await OpenTwoAsync(world);
        Guid session = await world.Sessions.ConnectAsync(TestPeople.Requester, first.Id, Cancellation);
        LiveSession live = world.Here.Get<LiveSessions>().Find(session)!;
        await Until.TrueAsync(() => node.Connections == 1, "the node answers");

        await world.Grants.ReturnAsync(TestPeople.Requester, first.Id, Cancellation);

        SessionDetails details = (await world.Here.Get<SessionQueries>().FindAsync(TestPeople.Requester, session, Cancellation))!;
        Assert.Equal((second.Id, true, second.EndsAt), (details.Grant.Id, details.Session.IsLive, details.Grant.EndsAt));
        Assert.Equal(["Returned by requester. 1 live session moved to the grant of request 1, which covers the node until 2026-06-01 13:00 UTC."], await world.QueryAsync("select why from audit_entries where action = 'GrantReturned'"));

        await PassAsync(world, first.EndsAt - world.Clock.GetUtcNow());
        Assert.Null(live.End);
        await world.Grants.RevokeAsync(TestPeople.Admin, second.RequestId, "Enough", Cancellation);
        Assert.Equal(["Revoked by admin: “Enough”."], await world.QueryAsync("select end_reason from sessions"));
        await Until.TrueAsync(() => { world.Clock.Advance(TimeSpan.FromSeconds(1)); return live.End is not null; }, "the terminal ends with the last grant");
        Assert.Equal("Revoked by admin: “Enough”.", live.End!.Reason);
    }

    [Fact]
    public async Task Expire_AnotherGrantCoversTheSession_MovesIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        (Grant first, Grant second) = await OpenTwoAsync(world);
        await world.Sessions.ConnectAsync(TestPeople.Requester, first.Id, Cancellation);
        world.Clock.Advance(first.EndsAt - world.Clock.GetUtcNow());

        await world.AnotherProcess().Background<GrantClock>().DoDueAsync(Cancellation);

        Assert.Equal([second.Id.ToString()], await world.QueryAsync("select grant_id from sessions where ended_at is null"));
        Assert.Equal(["The access window is over. 1 live session moved to the grant of request 1, which covers the node until 2026-06-01 13:00 UTC."], await world.QueryAsync("select why from audit_entries where action = 'GrantExpired'"));
    }

    [Fact]
    public async Task Return_BothAtTheSameInstant_LeavesNoSessionBehind()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 1; round <= 20; round++)
        {
            (Grant first, Grant second) = await OpenTwoAsync(world);
            await world.Sessions.ConnectAsync(TestPeople.Requester, first.Id, Cancellation);
            await world.Sessions.ConnectAsync(TestPeople.Requester, second.Id, Cancellation);

            await Task.WhenAll(
                Task.Run(() => world.Grants.ReturnAsync(TestPeople.Requester, first.Id, Cancellation), Cancellation),
                Task.Run(() => other.Get<GrantService>().ReturnAsync(TestPeople.Requester, second.Id, Cancellation), Cancellation));

            Assert.Equal(0, await world.CountAsync("grants where ended_at is null"));
            Assert.Equal(0, await world.CountAsync("sessions where ended_at is null"));
            Assert.Equal(2 * round, await world.CountAsync("sessions"));
        }
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task Nodes_WithTwoGrants_ConnectWithTheLonger()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        (_, Grant second) = await OpenTwoAsync(world);

        RecentNode recent = Assert.Single(await world.Here.Get<NodeQueries>().RecentAsync(TestPeople.Requester, 5, Cancellation), node => node.Row.Node.Id == TestNodes.DemoLinux2.Id);

        Assert.Equal(second.Id, recent.Row.ActiveGrantId);
    }

    [Fact]
    public async Task Connect_TheGrantEndsWhileAwsStarts_EndsTheSessionToo()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using ChannelServer node = await ChannelServer.StartAsync();
        world.Aws.Channel = node.Address();
        await world.Here.RunAsync<SessionKeeper>();
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;
        Grant grant = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Grant!;
        Guid session = await world.Sessions.ConnectAsync(TestPeople.Requester, grant.Id, Cancellation);
        // What the end of the grant did not see, because the session's row came in the same instant.
        await world.ExecuteAsync("update grants set ended_at = now(), \"end\" = 'Returned'");

        await Until.TrueAsync(() => { world.Clock.Advance(TimeSpan.FromSeconds(1)); return world.Here.Get<LiveSessions>().Find(session)?.End is not null; }, "the session ends");
        await Until.TrueAsync(async () => { world.Clock.Advance(TimeSpan.FromSeconds(1)); return await world.CountAsync("sessions where ended_at is null") == 0; }, "its end is stored");
        Assert.Equal(["The grant has ended."], await world.QueryAsync("select end_reason from sessions"));
    }

    // The first by asking now, one hour; the second scheduled a minute ahead by approval, four hours from 09:00 on the test's clock.
    private static async Task<(Grant First, Grant Second)> OpenTwoAsync(TestWorld world)
    {
        if (await world.CountAsync("people") == 0) await ScheduleTests.KnowRequesterAsync(world);
        if (await world.CountAsync("policy_sets") == 1)
        {
            await world.PublishAsync(new Domain.Policies.PolicySet
            {
                AutoApproval = [new Domain.Policies.AutoApprovalPolicy { Id = Guid.CreateVersion7(), Name = "Everything", Cedar = "permit (principal, action, resource);", MaximumHours = 4 }],
            });
        }
        DateTimeOffset start = world.Clock.GetUtcNow().AddMinutes(1);
        Guid second = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look", (4 * Hour) - TimeSpan.FromMinutes(1), start), Cancellation)).RequestId;
        Guid first = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look", Hour), Cancellation)).RequestId;
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Here.Background<GrantActivation>().DoDueAsync(Cancellation);
        return (await GrantAsync(world, first), await GrantAsync(world, second));
    }

    private static async Task<Grant> GrantAsync(TestWorld world, Guid request) => (await world.RequestQueries.FindAsync(TestPeople.Requester, request, Cancellation))!.Grant!;

    private static async Task PassAsync(TestWorld world, TimeSpan time)
    {
        world.Clock.Advance(time);
        for (int step = 0; step < 3; step++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
