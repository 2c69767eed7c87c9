using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Sandbox.Mail;
using JitAccess.Web.Notifications;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Notifications;

/// <summary>Channels are the admins'; what people are told is each person's own.</summary>
public sealed class PermissionTests
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    public static TheoryData<string> NoAdmins => ["requester", "approver", "auditor"];

    [Theory]
    [MemberData(nameof(NoAdmins))]
    public async Task Channels_ForNobodyButAdmins_AreThere(string subject)
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = world.AnotherProcess(settings: TestChannels.Email());
        await process.Get<ChannelService>().SendTestAsync(TestPeople.Admin, "email", Cancellation);
        await world.ExecuteAsync("update deliveries set state = 'Dead', closed_at = now(), error = 'x'; insert into channels (name, failing_since) values ('email', now())");
        Guid dead = Assert.Single(await process.Get<ChannelQueries>().DeadAsync(TestPeople.Admin, Cancellation)).Id;
        IReadOnlyList<string> before = await world.QueryAsync("select to_jsonb(d)::text from deliveries d");

        Actor actor = new[] { TestPeople.Requester, TestPeople.Approver, TestPeople.Auditor }.Single(one => one.Subject == subject);
        Func<Task>[] attempts =
        [
            () => process.Get<ChannelQueries>().ListAsync(actor, Cancellation),
            () => process.Get<ChannelQueries>().DeadAsync(actor, Cancellation),
            () => process.Get<ChannelService>().ReplayAsync(actor, dead, Cancellation),
            () => process.Get<ChannelService>().ReplayAllAsync(actor, "email", Cancellation),
            () => process.Get<ChannelService>().SendTestAsync(actor, "email", Cancellation),
        ];
        foreach (Func<Task> attempt in attempts) Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(attempt)).Kind);
        Assert.Empty(await process.Get<ChannelQueries>().FailingAsync(actor, Cancellation));
        Assert.Equal(["email"], await process.Get<ChannelQueries>().FailingAsync(TestPeople.Admin, Cancellation));
        Assert.Equal(before, await world.QueryAsync("select to_jsonb(d)::text from deliveries d"));
        Assert.Equal(1, await world.CountAsync("audit_entries where action in ('DeliveryReplayed', 'ChannelTested')"));
    }

    [Fact]
    public async Task Replay_OfWhatIsNotDead_IsRefused()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = world.AnotherProcess(settings: TestChannels.Email());
        await process.Get<ChannelService>().SendTestAsync(TestPeople.Admin, "email", Cancellation);
        Guid id = Guid.Parse((await world.QueryAsync("select id from deliveries"))[0]);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<RefusedException>(() => process.Get<ChannelService>().ReplayAsync(TestPeople.Admin, id, Cancellation))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => process.Get<ChannelService>().ReplayAsync(TestPeople.Admin, Guid.NewGuid(), Cancellation))).Kind);
        await world.ExecuteAsync("update deliveries set state = 'Dead', closed_at = now(), error = 'x', channel = 'slack:gone'");
        Assert.Contains("not configured", (await Assert.ThrowsAsync<RefusedException>(() => process.Get<ChannelService>().ReplayAsync(TestPeople.Admin, id, Cancellation))).Message, StringComparison.Ordinal);
        Assert.False(Assert.Single(await process.Get<ChannelQueries>().DeadAsync(TestPeople.Admin, Cancellation)).CanReplay);
    }

    [Fact]
    public async Task TestMessage_ReachesWhoAskedForIt_AndIsTriedOnce()
    {
        string? refused = null;
        await using MailServer server = MailServer.Start(new MailServerOptions { Mischief = _ => refused });
        await using TestWorld world = await TestWorld.CreateAsync();
        TestProcess process = world.AnotherProcess(settings: TestChannels.Email(server.Port));
        await process.Get<ChannelService>().SendTestAsync(TestPeople.Admin, "email", Cancellation);
        await process.DeliverAsync();
        Assert.Equal("admin@example.com", Assert.Single(Assert.Single(server.Mails).To));
        refused = "421 not now";
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await process.Get<ChannelService>().SendTestAsync(TestPeople.Admin, "email", Cancellation);
        await process.DeliverAsync();
        Assert.Equal(["Delivered", "Dead"], await world.QueryAsync("select state from deliveries order by created_at"));
        Actor unreachable = TestPeople.Admin with { Person = TestPeople.Admin.Person with { Email = null } };
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<RefusedException>(() => process.Get<ChannelService>().SendTestAsync(unreachable, "email", Cancellation))).Kind);
    }

    [Fact]
    public async Task Preferences_AreEachPersonsOwn_AndWriteOverNothingThatWasChangedMeanwhile()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PreferenceService service = world.Here.Get<PreferenceService>();
        PreferenceQueries queries = world.Here.Get<PreferenceQueries>();
        Assert.Equal((0, 0, false), await SeenAsync(TestPeople.Requester));
        await service.SaveAsync(TestPeople.Requester, new HashSet<NoticeTopic> { NoticeTopic.MyAccess, NoticeTopic.Reviewed }, 0, Cancellation);
        Assert.Equal((2, 1, false), await SeenAsync(TestPeople.Requester));
        Assert.Equal((0, 0, false), await SeenAsync(TestPeople.Approver));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<RefusedException>(() => service.SaveAsync(TestPeople.Requester, new HashSet<NoticeTopic>(), 0, Cancellation))).Kind);
        await service.SaveAsync(TestPeople.Requester, new HashSet<NoticeTopic>(), 1, Cancellation);
        Assert.Equal((0, 2, false), await SeenAsync(TestPeople.Requester));

        async Task<(int, int, bool)> SeenAsync(Actor actor)
        {
            PreferenceView view = await queries.MineAsync(actor, Cancellation);
            return (view.Muted.Count, view.Version, view.IsEmailConfigured);
        }
    }
}
