using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Grants;
using JitAccess.Web.Requests;
using JitAccess.Web.Sessions;
using JitAccess.Web.Sessions.Gateway;
using JitAccess.Web.Tests.Data;
using JitAccess.Web.Tests.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Requests;

public sealed class ExtendTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Extend_ByPeople_MovesTheEndAndTheSessionGoesOn()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using ChannelServer node = await ChannelServer.StartAsync();
        world.Aws.Channel = node.Address();
        await world.Here.RunAsync<SessionKeeper>();
        Grant grant = await OpenAsync(world);
        Guid session = await world.Sessions.ConnectAsync(TestPeople.Requester, grant.Id, Cancellation);
        LiveSession live = world.Here.Get<LiveSessions>().Find(session)!;
        await Until.TrueAsync(() => node.Connections == 1, "the node answers");
        world.Clock.Advance(TimeSpan.FromMinutes(50));

        ExtensionPreview preview = await world.Requests.PreviewExtensionAsync(TestPeople.Requester, grant.Id, new("not done", Hour), Cancellation);
        Extended asked = await world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", 2 * Hour), Cancellation);

        Assert.Equal((true, DecisionOutcome.NeedsApproval, TimeSpan.FromMinutes((23 * 60) + 50)), (preview.CanExtend.IsAllowed, preview.Decision.Outcome, preview.Most));
        Assert.Equal((false, 2 * Hour), (asked.IsApproved, asked.Duration));
        GrantCard card = Assert.Single(await world.GrantQueries.MineAsync(TestPeople.Requester, Cancellation));
        Assert.Equal((grant.EndsAt, asked.RequestId, 2 * Hour), (card.Grant.EndsAt, card.PendingExtension!.RequestId, card.PendingExtension.Duration));
        Assert.Equal(asked.RequestId, Assert.Single((await world.RequestQueries.ForApprovalAsync(TestPeople.Approver, ApprovalView.WaitingForMe, null, Cancellation)).Rows).Request.Id);

        await world.Requests.ApproveAsync(TestPeople.Approver, asked.RequestId, "one is enough", Hour, Cancellation);

        RequestDetails details = (await world.RequestQueries.FindAsync(TestPeople.Requester, grant.RequestId, Cancellation))!;
        Assert.Equal(grant.EndsAt + Hour, details.Grant!.EndsAt);
        Assert.Equal((asked.RequestId, RequestStatus.Approved, true), (Assert.Single(details.Extensions).Request.Id, details.Extensions[0].Request.Status, details.Extensions[0].IsVisible));
        RequestDetails extension = (await world.RequestQueries.FindAsync(TestPeople.Requester, asked.RequestId, Cancellation))!;
        Assert.Equal((grant.RequestId, details.Request.Number, null), (extension.Extended!.Id, extension.Extended.Number, extension.Grant));
        Assert.Equal(["60 → 120 minutes: Approved at level 1 of 1, the last one. Shortened from 120 to 60 minutes. The grant is extended by 60 minutes, until 2026-06-01 11:00 UTC. one is enough"],
            await world.QueryAsync($"select extract(epoch from (before::jsonb ->> 'grantEndsAt')::timestamptz - '{grant.StartsAt:O}')::int / 60 || ' → ' || extract(epoch from (after::jsonb ->> 'grantEndsAt')::timestamptz - '{grant.StartsAt:O}')::int / 60 || ' minutes: ' || why from audit_entries where action = 'RequestApproved' and subject = '{asked.RequestId}'"));
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));

        // At the old end nothing happens; at the new one everything does.
        await AdvanceToAsync(world, grant.EndsAt.AddSeconds(5));
        await world.Here.Background<GrantClock>().DoDueAsync(Cancellation);
        Assert.Null(live.End);
        Assert.Equal(["1"], await world.QueryAsync("select count(*) from sessions where ended_at is null"));
        await AdvanceToAsync(world, grant.EndsAt + Hour);
        await Until.TrueAsync(async () => { world.Clock.Advance(TimeSpan.FromSeconds(1)); return await world.CountAsync("sessions where ended_at is null") == 0; }, "the session ends at the new end");
        Assert.NotNull(live.End);
        Assert.Equal(["The access window is over."], await world.QueryAsync("select end_reason from sessions"));
    }

    [Fact]
    public async Task Extend_InTheLastSecond_IsAskedForBeforeTheOldEndCuts()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await PublishAutomaticAsync(world, 1);
        await using ChannelServer node = await ChannelServer.StartAsync();
        world.Aws.Channel = node.Address();
        await world.Here.RunAsync<SessionKeeper>();
        Grant grant = await OpenAutomaticAsync(world, 1);
        Guid session = await world.Sessions.ConnectAsync(TestPeople.Requester, grant.Id, Cancellation);
        LiveSession live = world.Here.Get<LiveSessions>().Find(session)!;
        await Until.TrueAsync(() => node.Connections == 1, "the node answers");
        await AdvanceToAsync(world, grant.EndsAt.AddMilliseconds(-100));

        // Another process extends; this one hears of it only when the old end has come.
        await using TestProcess other = world.AnotherProcess();
        await other.Get<RequestService>().ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation);
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        await world.Here.Background<GrantClock>().DoDueAsync(Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation);

        Assert.Null(live.End);
        Assert.Equal(1, await world.CountAsync("sessions where ended_at is null"));
    }

    [Fact]
    public async Task Extend_Automatically_IsShortenedToWhatThePolicyAllows()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await PublishAutomaticAsync(world, 1);
        Grant grant = await OpenAutomaticAsync(world, 1);
        await AdvanceToAsync(world, grant.EndsAt.AddMinutes(-20));

        Extended extended = await world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation);

        Assert.Equal((true, TimeSpan.FromMinutes(40)), (extended.IsApproved, extended.Duration));
        Assert.Equal(["2026-06-01 10:40"], await world.QueryAsync("select to_char(ends_at at time zone 'utc', 'YYYY-MM-DD HH24:MI') from grants"));
        Assert.Equal(["The grant is extended by 40 minutes, until 2026-06-01 10:40 UTC. Approved automatically by “Everything” for 1 h. Reason given: not done"],
            await world.QueryAsync($"select why from audit_entries where subject = '{extended.RequestId}'"));
        RefusedException again = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt.AddMinutes(40), new("more", Hour), Cancellation));
        Assert.Equal("“Everything” allows 1 h from now on at most, and the grant has that already. Ask for more time later.", again.Message);
    }

    [Fact]
    public async Task Extend_TwiceAtTheSameInstant_AddsOnce()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await using TestProcess other = world.AnotherProcess();
        await PublishAutomaticAsync(world, 8);
        for (int round = 1; round <= 20; round++)
        {
            Grant grant = await OpenAutomaticAsync(world, round);

            RefusedException?[] refusals = await Task.WhenAll(new[] { world.Here, other }.Select(process => Task.Run(() =>
                RefusalOfAsync(process.Get<RequestService>().ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation)), Cancellation)));

            Assert.Equal("The grant was extended meanwhile: it ends at 11:00 UTC. Ask for more time only if that is not enough.", Assert.Single(refusals.OfType<RefusedException>()).Message);
            Assert.Equal(1, await world.CountAsync($"grants where id = '{grant.Id}' and ends_at = '{grant.EndsAt + Hour:O}'"));
            Assert.Equal(1, await world.CountAsync($"requests where extends = '{grant.Id}'"));
        }
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task Extend_ApprovedAtTheSameInstantAsReturned_IsEitherButNeverHalf()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 1; round <= 20; round++)
        {
            Grant grant = await OpenAsync(world);
            Extended asked = await world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation);

            RefusedException?[] refusals = await Task.WhenAll(
                Task.Run(() => RefusalOfAsync(world.Grants.ReturnAsync(TestPeople.Requester, grant.Id, Cancellation)), Cancellation),
                Task.Run(() => RefusalOfAsync(other.Get<RequestService>().ApproveAsync(TestPeople.Approver, asked.RequestId, "", Cancellation)), Cancellation));

            Assert.Null(refusals[0]);
            AccessRequest extension = (await world.RequestQueries.FindAsync(TestPeople.Requester, asked.RequestId, Cancellation))!.Request;
            Assert.Equal(GrantEnd.Returned, extension.ExtendedGrant!.End);
            if (refusals[1] is null) Assert.Equal((RequestStatus.Approved, grant.EndsAt + Hour), (extension.Status, extension.ExtendedGrant.EndsAt));
            else Assert.Equal((RequestStatus.Cancelled, grant.EndsAt, "The grant ended first: returned at 09:00 UTC."), (extension.Status, extension.ExtendedGrant.EndsAt, extension.CancelReason));
        }
        Assert.Equal(20, await world.CountAsync("audit_entries where action = 'GrantReturned'"));
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task Extend_AskedAtTheSameInstantAsReturned_LeavesNothingPending()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 1; round <= 20; round++)
        {
            Grant grant = await OpenAsync(world);

            await Task.WhenAll(
                Task.Run(() => world.Grants.ReturnAsync(TestPeople.Requester, grant.Id, Cancellation), Cancellation),
                Task.Run(() => RefusalOfAsync(other.Get<RequestService>().ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation)), Cancellation));

            Assert.Equal(0, await world.CountAsync("requests where status = 'Pending'"));
            Assert.Equal(0, await world.CountAsync("grants where ended_at is null"));
        }
    }

    [Fact]
    public async Task Extend_NobodyDecidesBeforeTheEnd_TimesOutOnceWithTheGrant()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        Grant grant = await OpenAsync(world);
        Extended asked = await world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation);
        world.Clock.Advance(grant.EndsAt - world.Clock.GetUtcNow());

        RefusedException late = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Approver, asked.RequestId, "", Cancellation));
        foreach (TestProcess process in new[] { other, world.Here })
        {
            await process.Background<GrantClock>().DoDueAsync(Cancellation);
            await process.Background<RequestClock>().DoDueAsync(Cancellation);
        }

        Assert.Equal("The request has timed out. Your review was not recorded.", late.Message);
        Assert.Equal(["GrantExpired: The access window is over.", "RequestTimedOut: Nobody decided before the grant ended."],
            await world.QueryAsync($"select action || ': ' || why from audit_entries where action in ('GrantExpired', 'RequestTimedOut', 'RequestCancelled') order by action"));
        Assert.Equal((RequestStatus.TimedOut, grant.EndsAt), ((await world.RequestQueries.FindAsync(TestPeople.Requester, asked.RequestId, Cancellation))!.Request.Status, grant.EndsAt));
    }

    [Fact]
    public async Task Extend_RevokedWhilePending_IsCancelledWithTheReasonInTheSameSave()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Grant grant = await OpenAsync(world);
        Extended asked = await world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("not done", Hour), Cancellation);

        await world.Grants.RevokeAsync(TestPeople.Approver, grant.RequestId, "INC-7 is closed", Cancellation);

        Assert.Equal(["approver / The grant ended first: revoked by approver at 09:00 UTC: “INC-7 is closed”."],
            await world.QueryAsync($"select actor || ' / ' || why from audit_entries where action = 'RequestCancelled' and subject = '{asked.RequestId}'"));
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
        RefusedException late = await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(TestPeople.Approver, asked.RequestId, "", Cancellation));
        Assert.Equal("Cancelled because the grant ended at 09:00 UTC. Your review was not recorded.", late.Message);
    }

    [Fact]
    public async Task Extend_WithoutTheRight_IsRefusedAndChangesNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Grant grant = await OpenAsync(world);
        IReadOnlyList<string> before = await world.EverythingAsync();

        foreach (Actor other in new[] { TestPeople.Stranger, TestPeople.Approver, TestPeople.Admin, TestPeople.Auditor })
        {
            RefusedException refused = (await RefusalOfAsync(world.Requests.ExtendAsync(other, grant.Id, grant.EndsAt, new("x", Hour), Cancellation)))!;
            Assert.Equal((RefusalKind.NotFound, "This grant does not exist."), (refused.Kind, refused.Message));
            await Assert.ThrowsAsync<RefusedException>(() => world.Requests.PreviewExtensionAsync(other, grant.Id, new("x", Hour), Cancellation));
        }
        RefusedException tooMuch = (await RefusalOfAsync(world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("x", 24 * Hour), Cancellation)))!;
        RefusedException noReason = (await RefusalOfAsync(world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new(" ", Hour), Cancellation)))!;
        Assert.Equal((RefusalKind.Invalid, "“Demo” allows 24 h from now on at most, so at most 23 h can be added. Choose less."), (tooMuch.Kind, tooMuch.Message));
        Assert.Equal(RefusalKind.Invalid, noReason.Kind);
        Assert.Equal(before, await world.EverythingAsync());

        await world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("x", Hour), Cancellation);
        RefusedException second = (await RefusalOfAsync(world.Requests.ExtendAsync(TestPeople.Requester, grant.Id, grant.EndsAt, new("x", Hour), Cancellation)))!;
        Assert.Equal((RefusalKind.Conflict, true), (second.Kind, second.RelatedRequestId is not null));
    }

    internal static async Task<Grant> OpenAsync(TestWorld world)
    {
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("look", Hour), Cancellation)).RequestId;
        await world.Requests.ApproveAsync(TestPeople.Approver, id, "", Cancellation);
        return (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Grant!;
    }

    private static async Task<Grant> OpenAutomaticAsync(TestWorld world, int number)
    {
        await world.AddNodesAsync(TestNodes.Numbered(number));
        Guid id = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.Numbered(number).Id, new("look", Hour), Cancellation)).RequestId;
        return (await world.RequestQueries.FindAsync(TestPeople.Requester, id, Cancellation))!.Grant!;
    }

    private static Task<int> PublishAutomaticAsync(TestWorld world, int hours) => world.PublishAsync(new PolicySet
    {
        AutoApproval = [new AutoApprovalPolicy { Id = Guid.CreateVersion7(), Name = "Everything", Cedar = "permit (principal, action, resource);", MaximumHours = hours }],
    });

    // In steps of the application's own rhythm, as a clock goes.
    private static async Task AdvanceToAsync(TestWorld world, DateTimeOffset to)
    {
        TimeSpan rest = to - world.Clock.GetUtcNow();
        if (rest > TimeSpan.FromSeconds(3)) world.Clock.Advance(rest - TimeSpan.FromSeconds(3));
        while (world.Clock.GetUtcNow() < to)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            TimeSpan left = to - world.Clock.GetUtcNow();
            world.Clock.Advance(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
        }
    }

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
