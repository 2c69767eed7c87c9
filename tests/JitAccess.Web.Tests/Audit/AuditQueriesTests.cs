using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Audit;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Audit;

public sealed class AuditQueriesTests
{
    private static readonly AuditFilter All = new();

    [Fact]
    public async Task Audit_ForNeitherAdminNorAuditor_LooksLikeThereIsNone()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        Guid entry = (await world.WriteBlocksAsync(1))[0];
        foreach (Actor other in new[] { TestPeople.Requester, TestPeople.Approver, TestPeople.IamUser })
        {
            Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => ListAsync(world, All, actor: other))).Kind);
            RefusedException notYours = await Assert.ThrowsAsync<RefusedException>(() => world.Here.Get<AuditQueries>().FindAsync(other, entry, TestWorld.Cancellation));
            RefusedException notThere = await Assert.ThrowsAsync<RefusedException>(() => world.Here.Get<AuditQueries>().FindAsync(TestPeople.Auditor, Guid.NewGuid(), TestWorld.Cancellation));
            Assert.Equal((notThere.Kind, notThere.Message), (notYours.Kind, notYours.Message));
            await Assert.ThrowsAsync<RefusedException>(() => world.Here.Get<AuditQueries>().ProveAsync(other, entry, TestWorld.Cancellation));
            Assert.Throws<RefusedException>(() => world.Here.Get<AuditCheckService>().Begin(other));
            Assert.Throws<RefusedException>(() => world.Here.Get<AuditCheckService>().Current(other));
        }
        Assert.Equal(3, (await ListAsync(world, All, actor: TestPeople.Admin)).Rows.Count);
    }

    [Fact]
    public async Task Pages_FromTheNewest_ShowEveryEntryOnce()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        List<Guid> written = [];
        for (int second = 0; second < 12; second++)
        {
            // Ten of one instant each: the id decides between them.
            written.AddRange(await world.WriteAsync([.. Enumerable.Range(0, 10).Select(number => $"Entry {number} of {second}.")]));
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        List<AuditRow> shown = [];
        AuditPlace? before = null;
        do
        {
            AuditPageRows page = await ListAsync(world, All, before);
            Assert.Equal(int.Min(50, 120 - shown.Count), page.Rows.Count);
            shown.AddRange(page.Rows);
            before = page.Older is { } older ? AuditPlace.Parse(older.ToString()) : null;
        }
        while (before is not null);

        Assert.Equal(shown.OrderByDescending(row => row.At).ThenByDescending(row => row.Id).Select(row => row.Id), shown.Select(row => row.Id));
        Assert.Equal(written.Order(), shown.Select(row => row.Id).Order());
    }

    [Fact]
    public async Task NewEntries_AreCountedAndNotShown_AndTheirSealsCome()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteAsync("First.");
        AuditRow first = Assert.Single((await ListAsync(world, All)).Rows);
        Assert.Null(first.Block);
        await world.Here.SealAsync();
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.WriteAsync("Second.", "Third.");

        AuditPageRows page = await ListAsync(world, All, newest: new AuditPlace(first.At, first.Id));

        Assert.Equal((first.Id, 1L, 2), (Assert.Single(page.Rows).Id, page.Rows[0].Block, page.Newer));
        Assert.Equal(1, (await ListAsync(world, new AuditFilter { Text = "third" }, newest: new AuditPlace(first.At, first.Id))).Newer);
    }

    public static TheoryData<string, AuditFilter> Filters => new()
    {
        { "1 2 3 4", All },
        { "3 4", new AuditFilter { From = new DateOnly(2026, 6, 2) } },
        { "1 2", new AuditFilter { Until = new DateOnly(2026, 6, 1) } },
        { "2 3", new AuditFilter { From = new DateOnly(2026, 6, 1), Until = new DateOnly(2026, 6, 2), Actions = ["GrantRevoked", "ReviewRecorded"] } },
        { "4", new AuditFilter { Until = DateOnly.MaxValue, Actions = ["Unheard"] } },
        { "1 2", new AuditFilter { Person = "ali" } },
        { "1", new AuditFilter { Person = "subject-of-alice" } },
        { "3", new AuditFilter { Person = "gone" } },
        { "", new AuditFilter { Person = "gon" } },
        { "4", new AuditFilter { Person = "jitaccess" } },
        { "2 3", new AuditFilter { Node = "i-0a1b2c3d4e5f60718" } },
        { "1", new AuditFilter { Subject = "policy draft" } },
        { "3", new AuditFilter { Version = 7 } },
        { "2", new AuditFilter { Text = "chg-4711" } },
        { "2", new AuditFilter { Text = "CHG-47" } },
        { "2", new AuditFilter { Text = "over a wa" } },
        { "", new AuditFilter { Text = "wall over" } },
        { "", new AuditFilter { Text = "!&|" } },
        { "", new AuditFilter { Text = "over", Version = 7 } },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Filter_ShowsWhatItNames(string shown, AuditFilter filter)
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.ExecuteAsync(
            """
            insert into people (subject, display_name, groups, roles, last_seen_at) values ('subject-of-alice', 'Alice A', '{}', '{}', now()), ('subject-of-alina', 'Alina', '{}', '{}', now());
            insert into audit_entries (id, at, actor, actor_name, action, subject, node_id, policy_set_version, why) values
                (gen_random_uuid(), '2026-06-01T00:00:00Z', 'subject-of-alice', '1', 'PolicyDraftChanged', 'policy draft', null, null, 'x'),
                (gen_random_uuid(), '2026-06-01T23:59:59.999999Z', 'subject-of-alina', '2', 'GrantRevoked', 'y', 'i-0a1b2c3d4e5f60718', 6, 'Climbed over a wall, CHG-4711.'),
                (gen_random_uuid(), '2026-06-02T00:00:00Z', 'gone', '3', 'ReviewRecorded', 'y', 'i-0a1b2c3d4e5f60718', 7, 'z'),
                (gen_random_uuid(), '2026-06-03T00:00:00Z', null, '4', 'Unheard', 'y', null, null, 'z')
            """);
        Assert.Equal(shown, string.Join(' ', (await ListAsync(world, filter)).Rows.Reverse().Select(row => row.ActorName)));
    }

    [Fact]
    public async Task Subject_OfARequest_BringsItsGrantAndItsSessions()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        Submitted submitted = await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux2.Id, new("Read the logs"), TestWorld.Cancellation);
        AccessRequest request = (await world.RequestQueries.FindAsync(TestPeople.Requester, submitted.RequestId, TestWorld.Cancellation))!.Request;
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.Grants.ReturnAsync(TestPeople.Requester, request.Grant!.Id, TestWorld.Cancellation);

        foreach (string subject in new[] { submitted.RequestId.ToString(), request.Grant.Id.ToString(), "#" + request.Number, $"{request.Number}" })
        {
            IReadOnlyList<AuditRow> rows = (await ListAsync(world, new AuditFilter { Subject = subject })).Rows;
            Assert.Equal([nameof(AuditAction.GrantReturned), nameof(AuditAction.RequestApprovedAutomatically)], rows.Select(row => row.Action));
            AuditEntryDetails returned = await world.Here.Get<AuditQueries>().FindAsync(TestPeople.Auditor, rows[0].Id, TestWorld.Cancellation);
            Assert.Equal((request.Id, request.Number, "demo-linux2"), (returned.RequestId, returned.RequestNumber, returned.NodeName));
        }
    }

    private static Task<AuditPageRows> ListAsync(TestWorld world, AuditFilter filter, AuditPlace? before = null, AuditPlace? newest = null, Actor? actor = null) =>
        world.Here.Get<AuditQueries>().ListAsync(actor ?? TestPeople.Auditor, filter, before, newest, TestWorld.Cancellation);
}
