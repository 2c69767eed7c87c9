using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Sessions;
using JitAccess.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Tests.Sessions;

public sealed class SessionReconciliationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SessionThatAwsNoLongerShows_EndsHereOnceItWasMissingTwice()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid session = await ConnectAsync(world);
        SessionReconciliation work = world.Here.Background<SessionReconciliation>();
        string awsId = (await SessionAsync(world, session)).AwsSessionId!;

        // Too young: AWS may not list it yet.
        await work.DoDueAsync(Cancellation);
        world.Aws.Live.Add(awsId);
        await LaterAsync(world, work, 3);
        world.Aws.Live.Remove(awsId);
        await LaterAsync(world, work, 1);
        Assert.True((await SessionAsync(world, session)).IsLive);
        world.Aws.Live.Add(awsId);
        await LaterAsync(world, work, 1);
        world.Aws.Live.Remove(awsId);
        await LaterAsync(world, work, 1);
        Assert.True((await SessionAsync(world, session)).IsLive);

        await LaterAsync(world, work, 1);
        Session ended = await SessionAsync(world, session);
        Assert.Equal((SessionEnd.EndedByNode, "AWS has ended the session."), (ended.End!.Value, ended.EndReason));
        Assert.NotNull(ended.TerminationConfirmedAt);
        Assert.Equal(["AWS has ended the session."], await world.QueryAsync("select why from audit_entries where action = 'SessionEnded'"));
    }

    [Fact]
    public async Task SessionThatAwsShowsAliveAfterItConfirmedTheEnd_IsTerminatedAgain()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid session = await ConnectAsync(world);
        await world.Sessions.EndAsync(TestPeople.Requester, session, Cancellation);
        SessionTermination termination = world.Here.Background<SessionTermination>();
        await termination.DoDueAsync(Cancellation);
        Assert.Single(world.Aws.Terminations);
        SessionReconciliation work = world.Here.Background<SessionReconciliation>();
        await LaterAsync(world, work, 3);
        await termination.DoDueAsync(Cancellation);
        Assert.Single(world.Aws.Terminations);

        world.Aws.Live.Add((await SessionAsync(world, session)).AwsSessionId!);
        await LaterAsync(world, work, 1);
        await termination.DoDueAsync(Cancellation);
        Assert.Equal(2, world.Aws.Terminations.Count);
        Assert.NotNull((await SessionAsync(world, session)).TerminationConfirmedAt);
    }

    private static async Task LaterAsync(TestWorld world, SessionReconciliation work, int minutes)
    {
        world.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await work.DoDueAsync(Cancellation);
    }

    private static async Task<Guid> ConnectAsync(TestWorld world)
    {
        Guid request = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;
        return await world.Sessions.ConnectAsync(TestPeople.Requester, (await world.RequestQueries.FindAsync(TestPeople.Requester, request, Cancellation))!.Grant!.Id, Cancellation);
    }

    private static async Task<Session> SessionAsync(TestWorld world, Guid id)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        return await database.Sessions.SingleAsync(session => session.Id == id, Cancellation);
    }
}
