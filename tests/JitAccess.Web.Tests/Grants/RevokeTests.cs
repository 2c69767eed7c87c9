using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Web.Grants;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Grants;

public sealed class RevokeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoke_ByAnApprover_EndsGrantAndSessionsWithTheReasonInOneSave()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await OpenAsync(world);
        RequestDetails open = (await world.RequestQueries.FindAsync(TestPeople.Approver, id, Cancellation))!;
        await world.Sessions.ConnectAsync(TestPeople.Requester, open.Grant!.Id, Cancellation);
        await world.Sessions.ConnectAsync(TestPeople.Requester, open.Grant.Id, Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.True(open.CanRevoke.IsAllowed);
        await world.Grants.RevokeAsync(TestPeople.Approver, id, " The incident is over ", Cancellation);

        RequestDetails details = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!;
        Assert.Equal((GrantEnd.Revoked, world.Clock.GetUtcNow(), "approver", "The incident is over"), (details.Grant!.End, details.Grant.EndedAt, details.Grant.EndedByName, details.Grant.RevokeReason));
        Assert.Equal(2, details.Sessions.Count);
        Assert.All(details.Sessions, session => Assert.Equal((world.Clock.GetUtcNow(), "Revoked by approver: “The incident is over”."), (session.Session.EndedAt, session.Session.EndReason)));
        Assert.False(details.CanConnect.IsAllowed);
        Assert.Equal(["approver / Revoked by approver: “The incident is over”. 2 live sessions ended."],
            await world.QueryAsync($"select actor || ' / ' || why from audit_entries where action = 'GrantRevoked' and subject = '{details.Grant.Id}'"));
        Assert.Equal(1, await world.CountAsync("outbox where kind = 'grant.revoked'"));
    }

    [Fact]
    public async Task Revoke_ByAnAdmin_EndsAnAutomaticGrant()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look"), Cancellation)).RequestId;

        await world.Grants.RevokeAsync(TestPeople.Admin, id, "Not today", Cancellation);

        Assert.Equal(["Revoked"], await world.QueryAsync("select \"end\" from grants"));
    }

    [Fact]
    public async Task Revoke_ByAnybodyElse_IsRefusedAndChangesNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await OpenAsync(world);
        IReadOnlyList<string> before = await world.EverythingAsync();

        RefusedException missing = await RefusalAsync(world, TestPeople.Stranger, Guid.NewGuid(), "x");
        RefusedException stranger = await RefusalAsync(world, TestPeople.Stranger, id, "x");
        RefusedException auditor = await RefusalAsync(world, TestPeople.Auditor, id, "x");
        RefusedException requester = await RefusalAsync(world, TestPeople.Requester, id, "x");
        RefusedException blank = await RefusalAsync(world, TestPeople.Approver, id, "  ");

        Assert.Equal((RefusalKind.NotFound, missing.Message), (stranger.Kind, stranger.Message));
        Assert.Equal((RefusalKind.Forbidden, RefusalKind.Forbidden, RefusalKind.Invalid), (auditor.Kind, requester.Kind, blank.Kind));
        Assert.Contains("Return the grant instead", requester.Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.EverythingButTheAttemptsAsync());
        Assert.Equal(["auditor", "requester"], await world.QueryAsync("select actor from audit_entries where action = 'RevokeRefused' order by 1"));
    }

    [Fact]
    public async Task Revoke_OnAStalePage_IsAnsweredWithWhatHappenedMeanwhile()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid id = await OpenAsync(world);
        await world.Grants.RevokeAsync(TestPeople.Approver2, id, "INC-7 is closed", Cancellation);

        RefusedException late = await RefusalAsync(world, TestPeople.Approver, id, "x");

        Assert.Equal((RefusalKind.Conflict, "The grant has ended already (revoked by approver2 at 09:00 UTC: “INC-7 is closed”)."), (late.Kind, late.Message));
    }

    [Fact]
    public async Task Revoke_AndReturnAtTheSameInstant_HaveOneEnd()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 1; round <= 30; round++)
        {
            Guid id = await OpenAsync(world);
            Guid grant = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Grant!.Id;
            await world.Sessions.ConnectAsync(TestPeople.Requester, grant, Cancellation);

            RefusedException?[] refusals = await Task.WhenAll(
                Task.Run(() => RefusalOfAsync(world.Grants.ReturnAsync(TestPeople.Requester, grant, Cancellation)), Cancellation),
                Task.Run(() => RefusalOfAsync(other.Get<GrantService>().RevokeAsync(TestPeople.Approver, id, "INC-7", Cancellation)), Cancellation));

            bool isReturned = refusals[0] is null;
            Assert.Equal(isReturned ? "The grant has ended already (returned at 09:00 UTC)." : "The grant has ended already (revoked by approver at 09:00 UTC: “INC-7”).", Assert.Single(refusals.OfType<RefusedException>()).Message);
            RequestDetails details = (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!;
            Assert.Equal((isReturned ? GrantEnd.Returned : GrantEnd.Revoked, isReturned ? "" : "INC-7"), (details.Grant!.End, details.Grant.RevokeReason));
            Assert.Equal(isReturned ? "Returned by requester." : "Revoked by approver: “INC-7”.", Assert.Single(details.Sessions).Session.EndReason);
        }
        Assert.Equal(30, await world.CountAsync("audit_entries where action in ('GrantReturned', 'GrantRevoked')"));
        Assert.Equal(30, await world.CountAsync("outbox where kind in ('grant.returned', 'grant.revoked')"));
    }

    private static async Task<Guid> OpenAsync(TestWorld world)
    {
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look"), Cancellation)).RequestId;
        await world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);
        return id;
    }

    private static Task<RefusedException> RefusalAsync(TestWorld world, Actor actor, Guid id, string reason) =>
        Assert.ThrowsAsync<RefusedException>(() => world.Grants.RevokeAsync(actor, id, reason, Cancellation));

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
