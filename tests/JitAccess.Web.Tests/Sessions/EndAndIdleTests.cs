using JitAccess.Domain;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Sessions;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tests.Sessions.DataChannel;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Tests.Sessions;

/// <summary>Sessions that others end, and sessions that nobody uses.</summary>
public sealed class EndAndIdleTests : IAsyncLifetime
{
    private TestWorld _world = null!;
    private ChannelServer _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await TestWorld.CreateAsync();
        _node = await ChannelServer.StartAsync();
        _world.Aws.Channel = _node.Address();
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task SomebodyElsesSession_IsEndedByAnAdminWithAReason()
    {
        Guid session = await ConnectAsync();
        RefusedException withoutReason = await Assert.ThrowsAsync<RefusedException>(() => _world.Sessions.EndAsync(TestPeople.Admin, session, "  ", Cancellation));
        Assert.Equal(RefusalKind.Invalid, withoutReason.Kind);
        await _world.Sessions.EndAsync(TestPeople.Admin, session, " The incident is over ", Cancellation);

        Session ended = await SessionAsync(session);
        Assert.Equal((SessionEnd.EndedByOthers, "Ended by admin: “The incident is over”."), (ended.End!.Value, ended.EndReason));
        // Too late is no error, and changes nothing.
        await _world.Sessions.EndAsync(TestPeople.Admin, session, "Again", Cancellation);
        Assert.Equal(["admin"], await _world.QueryAsync("select actor from audit_entries where action = 'SessionEnded'"));
    }

    [Fact]
    public async Task SomebodyElsesSession_DoesNotExistForStrangersAndAuditorsMayNotEndIt()
    {
        Guid session = await ConnectAsync();
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => _world.Sessions.EndAsync(TestPeople.Stranger, session, "Why not", Cancellation))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => _world.Sessions.EndAsync(TestPeople.Stranger, session, Cancellation))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => _world.Sessions.EndAsync(TestPeople.Auditor, session, "Stop", Cancellation))).Kind);
        Assert.True((await SessionAsync(session)).IsLive);
        Assert.Equal(["auditor"], await _world.QueryAsync("select actor from audit_entries where action = 'SessionEndRefused'"));
    }

    [Fact]
    public async Task SessionThatNobodyUses_EndsAfterThePolicysTime()
    {
        await _world.Here.RunAsync<SessionKeeper>();
        Guid session = await ConnectAsync(new SessionRules { IdleTimeout = TimeSpan.FromMinutes(10) });
        await LaterAsync(TimeSpan.FromMinutes(8));
        _node.Send("a sign of life");
        await Eventually.TrueAsync(() => _node.UnacknowledgedOutput == 0, "the output arrived");
        await LaterAsync(TimeSpan.FromMinutes(8));
        Assert.True((await SessionAsync(session)).IsLive);
        for (int second = 0; (await SessionAsync(session)).IsLive; second++)
        {
            Assert.True(second < 200, "The session never ended.");
            await LaterAsync(TimeSpan.FromSeconds(2));
        }
        Session ended = await SessionAsync(session);
        Assert.Equal((SessionEnd.Idle, "Nobody used the session for 10 minutes."), (ended.End!.Value, ended.EndReason));
    }

    private async Task LaterAsync(TimeSpan time)
    {
        _world.Clock.Advance(time);
        await Task.Delay(100, Cancellation);
    }

    private async Task<Guid> ConnectAsync(SessionRules? rules = null)
    {
        Guid request = (await _world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;
        await using (JitAccessDbContext database = await _world.DatabaseAsync())
        {
            if (rules is not null) await database.Grants.ExecuteUpdateAsync(update => update.SetProperty(grant => grant.SessionRules, rules), Cancellation);
        }
        return await _world.Sessions.ConnectAsync(TestPeople.Requester, (await _world.RequestQueries.FindAsync(TestPeople.Requester, request, Cancellation))!.Grant!.Id, Cancellation);
    }

    private async Task<Session> SessionAsync(Guid id)
    {
        await using JitAccessDbContext database = await _world.DatabaseAsync();
        return await database.Sessions.SingleAsync(session => session.Id == id, Cancellation);
    }
}
