using System.Collections.Immutable;
using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Identity;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Grants;

public sealed class ScheduleTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_WithAStart_OpensThenByAnyProcessAndOnce()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await KnowRequesterAsync(world);
        DateTimeOffset start = world.Clock.GetUtcNow() + Hour;
        Guid request = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look", Start: start), Cancellation)).RequestId;

        Grant grant = (await FindAsync(world, request)).Grant!;
        Assert.Equal((start, start + Hour, null, true), (grant.StartsAt, grant.EndsAt, grant.ActivatedAt, grant.IsScheduled));
        Assert.Equal(grant.Id, Assert.Single(await world.GrantQueries.MineAsync(TestPeople.Requester, Cancellation)).Grant.Id);
        Assert.Equal("The grant opens at 2026-06-01 10:00 UTC.", (await Assert.ThrowsAsync<RefusedException>(() => world.Sessions.ConnectAsync(TestPeople.Requester, grant.Id, Cancellation))).Message);
        Assert.False(await world.Here.Background<GrantActivation>().DoDueAsync(Cancellation));
        Assert.Null((await FindAsync(world, request)).Grant!.ActivatedAt);

        // The process that took the request is gone; two others do the work at the same instant.
        world.Clock.Advance(Hour);
        await Task.WhenAll(new[] { world.AnotherProcess(), world.AnotherProcess(), world.Here }.Select(process => Task.Run(() => process.Background<GrantActivation>().DoDueAsync(Cancellation), Cancellation)));

        RequestDetails details = await FindAsync(world, request);
        Assert.Equal((start, true), (details.Grant!.ActivatedAt, details.CanConnect.IsAllowed));
        await world.Sessions.ConnectAsync(TestPeople.Requester, grant.Id, Cancellation);
        Assert.Equal(["The scheduled start of request 1 has come. The grant is open until 2026-06-01 11:00 UTC."], await world.QueryAsync("select why from audit_entries where action = 'GrantActivated'"));
        Assert.Equal(1, await world.CountAsync("outbox where kind = 'grant.activated'"));
    }

    [Fact]
    public async Task Activate_AClockThatIsSetBack_OpensNothingEarlyAndNothingTwice()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await KnowRequesterAsync(world);
        DateTimeOffset start = world.Clock.GetUtcNow() + Hour;
        Guid request = (await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look", Start: start), Cancellation)).RequestId;
        GrantActivation activation = world.Here.Background<GrantActivation>();
        world.Clock.Advance(Hour);
        await activation.DoDueAsync(Cancellation);

        world.Clock.AdjustTime(start - Hour);
        await activation.DoDueAsync(Cancellation);
        await world.Here.Background<GrantClock>().DoDueAsync(Cancellation);
        RequestDetails back = await FindAsync(world, request);
        Assert.Equal((start, null, false), (back.Grant!.ActivatedAt, back.Grant.EndedAt, back.CanConnect.IsAllowed));

        world.Clock.AdjustTime(start);
        await activation.DoDueAsync(Cancellation);
        Assert.True((await FindAsync(world, request)).CanConnect.IsAllowed);
        Assert.Equal(1, await world.CountAsync("audit_entries where action = 'GrantActivated'"));
    }

    [Fact]
    public async Task Activate_APolicyRefusesByThen_EndsTheGrantAndTellsTheHolderWhy()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await KnowRequesterAsync(world);
        Guid request = await ScheduleAsync(world);
        await world.PublishAsync(DemoPolicies.PolicySet with
        {
            DenyAccess = [new DenyAccessPolicy { Id = Guid.CreateVersion7(), Name = "Freeze", Effect = DenyEffect.Refuse, Cedar = "forbid (principal, action, resource);" }],
        });
        world.Clock.Advance(Hour);

        await world.AnotherProcess().Background<GrantActivation>().DoDueAsync(Cancellation);

        RequestDetails details = await FindAsync(world, request);
        Assert.Equal((GrantEnd.Refused, null, false), (details.Grant!.End, details.Grant.ActivatedAt, details.CanConnect.IsAllowed));
        Assert.StartsWith("Refused by “Freeze”, which is in force since your request was approved:", details.Grant.RefusalReason, StringComparison.Ordinal);
        Assert.Equal([details.Grant.RefusalReason], await world.QueryAsync("select why from audit_entries where action = 'GrantRefused'"));
        Assert.Equal(1, await world.CountAsync("outbox where kind = 'grant.refused'"));
        Assert.True(details.CanAskAgain.IsAllowed);
    }

    [Theory]
    [InlineData("delete from people", "requester is no longer known here.")]
    [InlineData("update people set roles = '{}'", "requester may no longer act under the role jit-requester, under which the request was made.")]
    public async Task Activate_ThePersonsStandingIsGone_EndsTheGrant(string meanwhile, string why)
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await KnowRequesterAsync(world);
        Guid request = await ScheduleAsync(world);
        await world.ExecuteAsync(meanwhile);
        world.Clock.Advance(Hour);

        await world.Here.Background<GrantActivation>().DoDueAsync(Cancellation);

        Grant grant = (await FindAsync(world, request)).Grant!;
        Assert.Equal((GrantEnd.Refused, why), (grant.End, grant.RefusalReason));
    }

    [Fact]
    public async Task Activate_TheGroupsOfNowAreAsked()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await KnowRequesterAsync(world);
        Guid request = await ScheduleAsync(world);
        await world.PublishAsync(DemoPolicies.PolicySet with
        {
            DenyAccess = [new DenyAccessPolicy { Id = Guid.CreateVersion7(), Name = "Leavers", Effect = DenyEffect.Refuse, Cedar = "forbid (principal in AWS::IdentityStore::Group::\"leavers\", action, resource);" }],
        });
        await world.ExecuteAsync("update people set groups = '{leavers}'");
        world.Clock.Advance(Hour);

        await world.Here.Background<GrantActivation>().DoDueAsync(Cancellation);

        Assert.StartsWith("Refused by “Leavers”", (await FindAsync(world, request)).Grant!.RefusalReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activate_AStopThatOutlastsTheWindow_ExpiresInstead()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await KnowRequesterAsync(world);
        Guid request = await ScheduleAsync(world);
        world.Clock.Advance(3 * Hour);

        await world.Here.Background<GrantActivation>().DoDueAsync(Cancellation);
        await world.Here.Background<GrantClock>().DoDueAsync(Cancellation);

        Assert.Equal(GrantEnd.Expired, (await FindAsync(world, request)).Grant!.End);
        Assert.Equal(0, await world.CountAsync("audit_entries where action = 'GrantActivated'"));
    }

    [Fact]
    public async Task Return_BeforeItOpens_EndsIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Guid request = await ScheduleAsync(world);

        await world.Grants.ReturnAsync(TestPeople.Requester, (await FindAsync(world, request)).Grant!.Id, Cancellation);
        world.Clock.Advance(Hour);
        await world.Here.Background<GrantActivation>().DoDueAsync(Cancellation);

        Grant grant = (await FindAsync(world, request)).Grant!;
        Assert.Equal((GrantEnd.Returned, null), (grant.End, grant.ActivatedAt));
    }

    [Fact]
    public async Task Submit_BesideOthers_OneWaitsAndOneIsOpen()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await KnowRequesterAsync(world);
        DateTimeOffset start = world.Clock.GetUtcNow() + (2 * Hour);
        Guid scheduled = (await AskAsync(world, start)).RequestId;

        // For the same start the answer is the grant that waits; for another it is refused, and says which stands in the way.
        Assert.Equal(new Submitted(scheduled, true), await AskAsync(world, start));
        RefusedException other = await Assert.ThrowsAsync<RefusedException>(() => AskAsync(world, start + Hour));
        Assert.Equal((RefusalKind.Conflict, scheduled, "You have a scheduled grant for demo-linux2 already: it opens at 2026-06-01 11:00 UTC. Return it to ask for another start."), (other.Kind, other.RelatedRequestId, other.Message));
        Preview preview = await world.Requests.PreviewAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look", Start: start + Hour), Cancellation);
        Assert.Equal((other.Message, scheduled, null), (preview.CanSubmit.Message, preview.ScheduledRequestId, preview.ActiveRequestId));

        // Now is another matter, and is not answered with what has yet to open.
        Submitted now = await AskAsync(world, null);
        Assert.False(now.AlreadyGranted);
        Assert.Equal(now with { AlreadyGranted = true }, await AskAsync(world, null));

        // Once open, it makes room for the next one to wait.
        world.Clock.Advance(2 * Hour);
        await world.Here.Background<GrantActivation>().DoDueAsync(Cancellation);
        Assert.Equal(new Submitted(scheduled, true), await AskAsync(world, null));
        Assert.False((await AskAsync(world, start + (5 * Hour))).AlreadyGranted);
    }

    [Fact]
    public async Task Submit_AStartSaidInAnotherZone_IsTheSameInstant()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        DateTimeOffset start = world.Clock.GetUtcNow() + Hour;

        Submitted tokyo = await AskAsync(world, start.ToOffset(TimeSpan.FromHours(9)));

        Grant grant = (await FindAsync(world, tokyo.RequestId)).Grant!;
        Assert.Equal((start, TimeSpan.Zero), (grant.StartsAt, grant.StartsAt.Offset));
        Assert.Equal(tokyo with { AlreadyGranted = true }, await AskAsync(world, start));
    }

    [Fact]
    public async Task Submit_TwiceAtTheSameInstant_SchedulesOne()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 1; round <= 15; round++)
        {
            DateTimeOffset start = world.Clock.GetUtcNow().AddHours(round);
            Submitted[] submitted = await Task.WhenAll(new[] { world.Here, other }.Select(process => Task.Run(() =>
                process.Get<RequestService>().SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look", Start: start), Cancellation), Cancellation)));

            Assert.Equal([false, true], submitted.Select(one => one.AlreadyGranted).Order());
            Assert.Single(submitted.Select(one => one.RequestId).Distinct());
            await world.Grants.ReturnAsync(TestPeople.Requester, (await FindAsync(world, submitted[0].RequestId)).Grant!.Id, Cancellation);
        }
    }

    [Fact]
    public async Task Submit_WithAStartThatCannotBe_IsRefusedAndChangesNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        IReadOnlyList<string> before = await world.EverythingAsync();

        foreach (TimeSpan ahead in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(90), TimeSpan.FromDays(31) })
            Assert.Equal(RefusalKind.Invalid, (await Assert.ThrowsAsync<RefusedException>(() => AskAsync(world, world.Clock.GetUtcNow() + ahead))).Kind);

        Assert.Equal(before, await world.EverythingAsync());
    }

    internal static async Task KnowRequesterAsync(TestWorld world)
    {
        await using JitAccessDbContext database = await world.DatabaseAsync();
        database.People.Add(new KnownPerson
        {
            Subject = TestPeople.Requester.Subject,
            DisplayName = "requester",
            Roles = ImmutableSortedSet.Create(StringComparer.Ordinal, TestPeople.Requester.Role!.Value),
            LastSeenAt = world.Clock.GetUtcNow(),
        });
        await database.SaveChangesAsync(Cancellation);
    }

    private static Task<Submitted> AskAsync(TestWorld world, DateTimeOffset? start) => world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("look", Start: start), Cancellation);

    private static async Task<Guid> ScheduleAsync(TestWorld world) => (await AskAsync(world, world.Clock.GetUtcNow() + Hour)).RequestId;

    private static async Task<RequestDetails> FindAsync(TestWorld world, Guid request) => (await world.RequestQueries.FindAsync(TestPeople.Requester, request, Cancellation))!;
}
