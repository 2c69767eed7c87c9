using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Delegations;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Delegations;

/// <summary>Standing in for an approver, through services and queries on a real Postgres.</summary>
public sealed class DelegationTests
{
    private static readonly Actor Lead = InGroup("lead", "leads");

    private static readonly Actor Deputy = InGroup("deputy");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deputy_WhileTheyStandIn_SeesCountsAndAnswersInTheLeadsPlace()
    {
        await using TestWorld world = await WorldAsync();
        Guid id = await AskAsync(world, TestPeople.Requester);
        await SeesAsync(world, id, false);

        Guid delegation = await MakeAsync(world);
        await SeesAsync(world, id, true);
        RequestRow row = Assert.Single((await world.RequestQueries.ForApprovalAsync(Deputy, ApprovalView.WaitingForMe, null, Cancellation)).Rows);
        Assert.Equal("lead", row.Seat!.InPlaceOf!.Subject);

        await world.Requests.ApproveAsync(Deputy, id, "Fine", Cancellation);

        AccessRequest request = (await world.RequestQueries.FindAsync(Deputy, id, Cancellation))!.Request;
        Assert.Equal((RequestStatus.Approved, "deputy", "lead"), (request.Status, request.Reviews[0].Reviewer, request.Reviews[0].InPlaceOf));
        Assert.StartsWith("In place of lead: Approved at level 1 of 1", Assert.Single(await world.QueryAsync("select why from audit_entries where action = 'RequestApproved'")), StringComparison.Ordinal);
        await world.Here.Get<DelegationService>().EndAsync(Lead, delegation, Cancellation);
        // What they answered, they still see; what else waits for the lead, they do not.
        Guid other = await AskAsync(world, TestPeople.Stranger);
        Assert.NotNull(await world.RequestQueries.FindAsync(Deputy, id, Cancellation));
        await SeesAsync(world, other, false);
        Assert.False((await world.RequestQueries.FindAsync(Deputy, id, Cancellation))!.CanRevoke.IsAllowed);
    }

    [Fact]
    public async Task Deputy_BeforeAfterAndOnceEnded_GetsNothing()
    {
        await using TestWorld world = await WorldAsync();
        Guid id = await AskAsync(world, TestPeople.Requester);
        DateTimeOffset now = Now(world);
        await world.Here.Get<DelegationService>().MakeAsync(Lead, "deputy", now.AddHours(1), now.AddHours(2), "", Cancellation);

        await SeesAsync(world, id, false);
        await world.ExecuteAsync("update delegations set \"from\" = \"from\" - interval '1 hour'");
        await SeesAsync(world, id, true);
        await world.ExecuteAsync("update delegations set \"from\" = \"from\" - interval '1 day', until = until - interval '1 day'");
        await SeesAsync(world, id, false);
    }

    [Fact]
    public async Task Deputy_OfSomebodyWhoLeftTheGroup_GetsNothingAndTheirAnswerCountsNoMore()
    {
        await using TestWorld world = await WorldAsync(required: 2);
        Guid id = await AskAsync(world, TestPeople.Requester);
        await MakeAsync(world);
        await world.Requests.ApproveAsync(Deputy, id, "", Cancellation);

        await KnowAsync(world, "lead");

        RequestDetails details = (await world.RequestQueries.FindAsync(Deputy, id, Cancellation))!;
        Assert.Equal(0, details.Request.ApprovalsAt(1, details.Known));
        await SeesAsync(world, await AskAsync(world, TestPeople.Stranger), false);
    }

    [Fact]
    public async Task Deputy_TowardsTheLeadsOwnRequest_IsNobody()
    {
        await using TestWorld world = await WorldAsync();
        await MakeAsync(world);
        Guid id = await AskAsync(world, Lead);

        await SeesAsync(world, id, false);
        await SeesAsync(world, await AskAsync(world, TestPeople.Requester), true);
    }

    [Fact]
    public async Task Seat_UsedByLeadAndDeputyAtOnce_CountsOnce()
    {
        await using TestWorld world = await WorldAsync(required: 2);
        await using TestProcess other = world.AnotherProcess();
        await MakeAsync(world);
        Guid id = await AskAsync(world, TestPeople.Requester);

        Task[] both =
        [
            Task.Run(() => world.Requests.ApproveAsync(Lead, id, "", Cancellation), Cancellation),
            Task.Run(() => other.Get<RequestService>().ApproveAsync(Deputy, id, "", Cancellation), Cancellation),
        ];
        await Task.WhenAny(Task.WhenAll(both));

        Assert.Equal(1, both.Count(task => task.IsFaulted));
        Assert.Equal((1, "Pending"), (await world.CountAsync("reviews"), Assert.Single(await world.QueryAsync("select status from requests"))));
    }

    [Fact]
    public async Task Make_ForTheSameTimeAtOnce_IsOne()
    {
        await using TestWorld world = await WorldAsync();
        await using TestProcess other = world.AnotherProcess();
        await KnowAsync(world, "deputy2");
        DateTimeOffset now = Now(world);

        Task<Guid>[] both =
        [
            Task.Run(() => world.Here.Get<DelegationService>().MakeAsync(Lead, "deputy", now, now.AddDays(1), "", Cancellation), Cancellation),
            Task.Run(() => other.Get<DelegationService>().MakeAsync(Lead, "deputy2", now, now.AddDays(1), "", Cancellation), Cancellation),
        ];
        await Task.WhenAny(Task.WhenAll(both));

        Assert.Equal(1, both.Count(task => task.IsFaulted));
        Assert.Equal(1, await world.CountAsync("delegations"));
        Assert.Equal(["DelegationMade", "DelegationRefused"], await world.QueryAsync("select action from audit_entries order by action"));
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task EndAndRead_ByAnybodyElse_IsAsIfItWereNotThere()
    {
        await using TestWorld world = await WorldAsync();
        Guid id = await MakeAsync(world);

        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => world.Here.Get<DelegationService>().EndAsync(TestPeople.Stranger, id, Cancellation))).Kind);
        DelegationsOf strangers = await world.Here.Get<DelegationQueries>().OfAsync(TestPeople.Stranger, Cancellation);
        DelegationsOf leads = await world.Here.Get<DelegationQueries>().OfAsync(Lead, Cancellation);
        DelegationsOf deputys = await world.Here.Get<DelegationQueries>().OfAsync(Deputy, Cancellation);

        Assert.Equal((0, 0, 0), (strangers.Mine.Count, strangers.ForOthers.Count, strangers.Past.Count));
        Assert.Equal((true, true), (Assert.Single(leads.Mine).IsActive, leads.Mine[0].CanEnd));
        Assert.Equal("lead", Assert.Single(deputys.ForOthers).Delegation.Delegator);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => world.Here.Get<DelegationService>().MakeAsync(Lead, "nobody", Now(world), Now(world).AddDays(1), "", Cancellation))).Kind);
    }

    [Theory]
    [InlineData("dep", 1)]
    [InlineData("DEPUTY@", 1)]
    [InlineData("d", 0)]
    [InlineData("%%", 0)]
    [InlineData("lead", 0)]
    public async Task Choices_ByTwoLettersOfNameOrMail_WithoutOneself(string text, int found)
    {
        await using TestWorld world = await WorldAsync();

        Assert.Equal(found, (await world.Here.Get<DelegationQueries>().ChoicesAsync(Lead, text, Cancellation)).Count);
    }

    // The same by every door: page, list, count and service.
    private static async Task SeesAsync(TestWorld world, Guid id, bool sees)
    {
        RequestDetails? details = await world.RequestQueries.FindAsync(Deputy, id, Cancellation);
        Assert.Equal((sees, sees), (details is not null, details?.CanReview.IsAllowed ?? false));
        Assert.Equal(sees ? 1 : 0, (await world.RequestQueries.ForApprovalAsync(Deputy, ApprovalView.WaitingForMe, null, Cancellation)).Rows.Count(row => row.Request.Id == id));
        Assert.Equal(sees ? 1 : 0, (await world.RequestQueries.ForApprovalAsync(Deputy, ApprovalView.AllPending, null, Cancellation)).Rows.Count(row => row.Request.Id == id));
        Assert.Equal(sees ? 1 : 0, await world.RequestQueries.WaitingCountAsync(Deputy, Cancellation));
        if (sees) return;
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => world.Requests.ApproveAsync(Deputy, id, "", Cancellation))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => world.Grants.RevokeAsync(Deputy, id, "enough", Cancellation))).Kind);
    }

    private static Task<Guid> MakeAsync(TestWorld world) => world.Here.Get<DelegationService>().MakeAsync(Lead, "deputy", Now(world), Now(world).AddDays(1), "", Cancellation);

    private static async Task<Guid> AskAsync(TestWorld world, Actor requester) =>
        (await world.Requests.SubmitAsync(requester, TestNodes.PaymentsApi.Id, new("look"), Cancellation)).RequestId;

    private static DateTimeOffset Now(TestWorld world)
    {
        DateTimeOffset now = world.Clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
    }

    private static async Task<TestWorld> WorldAsync(int required = 1)
    {
        TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.AddNodesAsync([.. TestNodes.All]);
        await world.PublishAsync(PolicySet.Empty.With(new ManualPolicy
        {
            Id = Guid.NewGuid(),
            Name = "Production",
            Target = NodeTarget.AllNodes,
            MaximumHours = 4,
            Levels = [new([new Approver(ApproverKind.Group, "leads")], required)],
        }));
        await KnowAsync(world, "lead", "leads");
        await KnowAsync(world, "deputy");
        return world;
    }

    private static Task KnowAsync(TestWorld world, string subject, params string[] groups)
    {
        string names = groups.Length == 0 ? "{}" : $"{{{string.Join(',', groups)}}}";
        return world.ExecuteAsync($"""
            insert into people (subject, display_name, email, groups, roles, attributes, last_seen_at) values ('{subject}', '{subject}', '{subject}@example.com', '{names}', '{"{}"}', '{"{}"}', now())
            on conflict (subject) do update set groups = excluded.groups
            """);
    }

    private static Actor InGroup(string subject, params string[] groups)
    {
        Actor actor = TestPeople.New(subject, "jit-approver");
        return actor with { Person = actor.Person with { Groups = [.. groups] } };
    }
}
