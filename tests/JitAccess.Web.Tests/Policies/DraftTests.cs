using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Live;
using JitAccess.Web.Policies;
using JitAccess.Web.Policies.Documents;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Policies;

public sealed class DraftTests
{
    private static readonly Actor Lead = TestPeople.New("lead", "jit-admin") with { Roles = [ApplicationRole.Admin] };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Save_WritesTheDraftAndDecidesNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision seen = await SeenAsync(world);

        await world.Policies.SaveAsync(TestPeople.Admin, seen, Edge(), Cancellation);

        CurrentPolicies current = await world.PolicyQueries.CurrentAsync(TestPeople.Auditor, Cancellation);
        Assert.Equal((1, 1, "admin"), (current.InForce.Number, current.Draft!.BasedOn, current.Draft.EditedBy));
        Assert.Equal(["Edge"], current.Draft.Changes.Select(change => change.Name));
        Assert.Equal([("Edge", PolicyChangeKind.Added)], current.Rows.Where(row => row.InDraft is not null).Select(row => (row.Policy.Name, row.InDraft!.Value)));
        Assert.Equal("“All nodes in Tokyo” asks for 1 approval, up to 8 h.", await DecisionAsync(world, TestNodes.EdgeTokyo));
        Assert.Equal(["policy_draft.changed"], await world.QueryAsync("select kind from outbox"));
        Assert.Equal(["PolicyDraftChanged admin 1 Added “Edge”."], await world.QueryAsync("select action || ' ' || actor || ' ' || policy_set_version || ' ' || why from audit_entries"));
        Assert.Equal(["Edge"], await world.QueryAsync("select after ->> 'name' from audit_entries where before is null"));
    }

    [Fact]
    public async Task Publish_MakesTheDraftTheNextVersionInForce()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);

        world.Clock.Advance(TimeSpan.FromMinutes(1));
        int number = await world.Policies.PublishAsync(Lead, edited, "  Edge nodes get their own policy. ", Cancellation);

        Assert.Equal(2, number);
        CurrentPolicies current = await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation);
        Assert.Equal((new PolicyRevision(2, null), null), (current.Revision, current.Draft));
        Assert.Equal(("lead", "Edge nodes get their own policy."), (current.InForce.PublishedBy, current.InForce.Comment));
        Assert.Equal("“Edge” asks for 1 approval, up to 2 h.", await DecisionAsync(world, TestNodes.EdgeTokyo));
        Assert.Equal(["PolicySetPublished policy set version 2 Edge nodes get their own policy. Changed by admin."],
            await world.QueryAsync("select action || ' ' || subject || ' ' || why from audit_entries where before is not null and after is not null"));
        Assert.Equal(["policy_draft.changed", "policy_set.published"], await world.QueryAsync("select kind from outbox order by created_at, id"));
    }

    [Fact]
    public async Task Save_ThatChangesNothing_MakesNobodyAnEditor()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision seen = await SeenAsync(world);
        CurrentPolicies current = await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation);
        IReadOnlyList<string> before = await world.EverythingAsync();

        Assert.Equal(seen, await world.Policies.SaveAsync(TestPeople.Admin, seen, current.Rows[0].Policy, Cancellation));
        Assert.Equal(seen, await world.Policies.MoveAsync(TestPeople.Admin, seen, current.Rows[2].Policy.Id, -1, Cancellation));
        Assert.Equal(seen, await world.Policies.SetSecondAdminAsync(TestPeople.Admin, seen, false, Cancellation));
        Assert.Equal(before, await world.EverythingAsync());

        PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, seen, Edge(), Cancellation);
        Policy saved = (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Rows.Single(row => row.Policy.Name == "Edge").Policy;
        Assert.Equal(edited, await world.Policies.SaveAsync(Lead, edited, saved, Cancellation));
        Assert.Equal("admin", (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Draft!.EditedBy);
    }

    [Fact]
    public async Task Delete_ThenPutBack_LeavesNoDraftAndTheSameOrder()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        CurrentPolicies before = await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation);
        foreach (PolicyRow row in before.Rows)
        {
            PolicyRevision deleted = await world.Policies.DeleteAsync(TestPeople.Admin, before.Revision, row.Policy.Id, Cancellation);
            Assert.NotNull(deleted.Draft);
            Assert.Equal(before.Revision, await world.Policies.SaveAsync(TestPeople.Admin, deleted, row.Policy, Cancellation));
        }
        CurrentPolicies after = await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation);
        Assert.Null(after.Draft);
        Assert.Equal(StoredPolicies.Write(before.Policies), StoredPolicies.Write(after.Policies));
        Assert.Equal(12, await world.CountAsync("audit_entries where action = 'PolicyDraftChanged'"));
    }

    [Fact]
    public async Task Move_ChangesThePlaceAmongItsOwnList()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        CurrentPolicies before = await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation);

        await world.Policies.MoveAsync(TestPeople.Admin, before.Revision, before.Rows.Single(row => row.Policy.Name == "Demo").Policy.Id, -1, Cancellation);

        CurrentPolicies after = await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation);
        Assert.Equal(["No automatic access to restricted data", "Open nodes", "Demo", "Production", "All nodes of the main account", "All nodes in Tokyo"], after.Rows.Select(row => row.Policy.Name));
        Assert.Contains(after.Draft!.Changes, change => change is { Kind: PolicyChangeKind.Moved });
    }

    [Fact]
    public async Task Save_OfAStaleForm_IsToldWhoChangedWhatAndOverwritesNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision seen = await SeenAsync(world);
        PolicyRevision first = await world.Policies.SaveAsync(TestPeople.Admin, seen, Edge(), Cancellation);
        await world.Policies.DeleteAsync(Lead, first, (await world.PolicyQueries.CurrentAsync(Lead, Cancellation)).Rows[0].Policy.Id, Cancellation);
        IReadOnlyList<string> before = await world.EverythingAsync();

        RefusedException fromForce = await RefusalAsync(world.Policies.SaveAsync(Lead, seen, Edge("Other"), Cancellation));
        RefusedException fromDraft = await RefusalAsync(world.Policies.PublishAsync(TestPeople.Admin, first, "All of mine.", Cancellation));

        Assert.Equal((RefusalKind.Conflict, RefusalKind.Conflict), (fromForce.Kind, fromDraft.Kind));
        Assert.StartsWith("admin and lead changed the draft meanwhile: Added “Edge”. Deleted “No automatic access to restricted data”. Nothing was overwritten.", fromForce.Message, StringComparison.Ordinal);
        Assert.StartsWith("lead changed the draft meanwhile: Deleted “No automatic access to restricted data”. Nothing was overwritten.", fromDraft.Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.EverythingAsync());
    }

    [Fact]
    public async Task Save_AfterSomebodyPublishedOrDiscarded_IsTold()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision seen = await SeenAsync(world);
        PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, seen, Edge(), Cancellation);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Policies.DiscardAsync(Lead, edited, Cancellation);
        RefusedException discarded = await RefusalAsync(world.Policies.SaveAsync(TestPeople.Admin, edited, Edge("Other"), Cancellation));
        edited = await world.Policies.SaveAsync(TestPeople.Admin, seen, Edge(), Cancellation);
        await world.Policies.PublishAsync(TestPeople.Admin, edited, "Edge.", Cancellation);

        RefusedException published = await RefusalAsync(world.Policies.SaveAsync(Lead, seen, Edge("Other"), Cancellation));
        RefusedException twice = await RefusalAsync(world.Policies.PublishAsync(Lead, edited, "Edge again.", Cancellation));

        Assert.StartsWith("lead discarded the draft meanwhile.", discarded.Message, StringComparison.Ordinal);
        Assert.StartsWith("admin published version 2 meanwhile: Edge. Nothing was overwritten.", published.Message, StringComparison.Ordinal);
        Assert.Equal(published.Message, twice.Message);
        Assert.Equal(2, await world.CountAsync("policy_sets"));
    }

    [Fact]
    public async Task Save_TwoAdminsAtTheSameInstant_OneIsWrittenAndTheOtherIsTold()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        PolicyRevision seen = await SeenAsync(world);
        for (int round = 1; round <= 20; round++)
        {
            RefusedException?[] refusals = await Task.WhenAll(
                Task.Run(() => TryAsync(world.Policies.SaveAsync(TestPeople.Admin, seen, Edge($"Mine {round}"), Cancellation)), Cancellation),
                Task.Run(() => TryAsync(other.Get<PolicyService>().SaveAsync(Lead, seen, Edge($"Theirs {round}"), Cancellation)), Cancellation));

            RefusedException refusal = Assert.Single(refusals.OfType<RefusedException>());
            Assert.Equal(RefusalKind.Conflict, refusal.Kind);
            Assert.Contains("changed the draft meanwhile: Added", refusal.Message, StringComparison.Ordinal);
            seen = await SeenAsync(world);
        }
        Assert.Equal(20, (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Rows.Count(row => row.InDraft == PolicyChangeKind.Added));
        Assert.Equal(20, await world.CountAsync("audit_entries"));
        Assert.Equal(20, await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task Publish_TwoAtTheSameInstant_OneVersionComesOfIt()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 1; round <= 20; round++)
        {
            PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge($"Edge {round}"), Cancellation);

            RefusedException?[] refusals = await Task.WhenAll(
                Task.Run(() => TryAsync(world.Policies.PublishAsync(TestPeople.Admin, edited, "One.", Cancellation)), Cancellation),
                Task.Run(() => TryAsync(other.Get<PolicyService>().PublishAsync(Lead, edited, "Two.", Cancellation)), Cancellation));

            Assert.Equal(RefusalKind.Conflict, Assert.Single(refusals.OfType<RefusedException>()).Kind);
            Assert.Equal(1 + round, await world.CountAsync("policy_sets"));
        }
        Assert.Equal(20, await world.CountAsync("audit_entries where action = 'PolicySetPublished'"));
        Assert.Equal(await world.CountAsync("audit_entries"), await world.CountAsync("outbox"));
    }

    [Fact]
    public async Task Publish_AndSaveAtTheSameInstant_NeitherIsLost()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        for (int round = 1; round <= 20; round++)
        {
            PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge($"First {round}"), Cancellation);

            RefusedException?[] refusals = await Task.WhenAll(
                Task.Run(() => TryAsync(world.Policies.PublishAsync(TestPeople.Admin, edited, "Publish.", Cancellation)), Cancellation),
                Task.Run(() => TryAsync(other.Get<PolicyService>().SaveAsync(Lead, edited, Edge($"Second {round}"), Cancellation)), Cancellation));

            RefusedException refusal = Assert.Single(refusals.OfType<RefusedException>());
            CurrentPolicies after = await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation);
            // Who came second was refused; nothing unpublished became published, and a draft is never based on anything but the version in force.
            Assert.Equal(refusals[0] is not null, after.Rows.Any(row => row.Policy.Name == $"Second {round}"));
            Assert.Equal(after.Draft is null ? after.InForce.Number : after.Draft.BasedOn, after.InForce.Number);
            if (after.Draft is not null) await world.Policies.DiscardAsync(TestPeople.Admin, after.Revision, Cancellation);
            Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Publish_WithoutComment_IsRefused(string comment)
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);

        RefusedException missing = await RefusalAsync(world.Policies.PublishAsync(TestPeople.Admin, edited, comment, Cancellation));
        RefusedException tooLong = await RefusalAsync(world.Policies.PublishAsync(TestPeople.Admin, edited, new string('x', 501), Cancellation));

        Assert.Equal((RefusalKind.Invalid, missing.Message), (tooLong.Kind, tooLong.Message));
        Assert.Equal(2, await world.Policies.PublishAsync(TestPeople.Admin, edited, new string('x', 500), Cancellation));
    }

    [Fact]
    public async Task Publish_WithoutADraft_IsRefused()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        RefusedException publish = await RefusalAsync(world.Policies.PublishAsync(TestPeople.Admin, await SeenAsync(world), "Nothing.", Cancellation));
        RefusedException discard = await RefusalAsync(world.Policies.DiscardAsync(TestPeople.Admin, await SeenAsync(world), Cancellation));
        Assert.Equal("There is no draft. Change a policy first.", publish.Message);
        Assert.Equal(publish.Message, discard.Message);
    }

    [Fact]
    public async Task Publish_OfADraftWithABrokenPolicy_NamesPolicyAndField()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);
        // As after an upgrade whose rules are stricter than those the draft was written under.
        await world.ExecuteAsync("update policy_draft set policies = jsonb_set(jsonb_set(policies, '{manual,0,maximumHours}', '0'), '{denyAccess,0,cedar}', '\"permit (principal, action, resource);\"')");

        RefusedException refusal = await RefusalAsync(world.Policies.PublishAsync(TestPeople.Admin, await SeenAsync(world), "Broken.", Cancellation));

        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.Contains("“Production”, access duration: The access duration is 1 to 336 hours.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("“No automatic access to restricted data”, Cedar, line 1, column 1: ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await world.CountAsync("policy_sets"));
    }

    [Fact]
    public async Task Review_TellsWhatOnlyShowsAmongAllPoliciesAndNodes()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge("Production again") with { Target = new NodeTarget { Tags = [new TagPair("env", "prod")] } }, Cancellation);

        DraftReview review = await world.PolicyQueries.ReviewAsync(TestPeople.Auditor, Cancellation);

        Assert.Contains(review.Warnings, one => one.PolicyName == "Production again" && one.Problem.Message.Contains("“Production”", StringComparison.Ordinal));
        Assert.Empty(review.Obstacles);
        Assert.Equal(2, await world.Policies.PublishAsync(TestPeople.Admin, edited, "A warning stops nobody.", Cancellation));
    }

    [Fact]
    public async Task Publish_OfADraftOnAnOlderVersion_IsTold()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);
        await world.PublishAsync(PolicySet.Empty);

        RefusedException refusal = await RefusalAsync(world.Policies.PublishAsync(TestPeople.Admin, await SeenAsync(world), "Late.", Cancellation));

        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.StartsWith("The draft is based on version 1, but admin published version 2 since: For the test.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, await world.CountAsync("policy_sets"));
    }

    [Fact]
    public async Task Discard_KeepsInTheAuditWhatTheDraftHeld()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);

        await world.Policies.DiscardAsync(Lead, edited, Cancellation);

        Assert.Equal(0, await world.CountAsync("policy_draft"));
        Assert.Equal(["lead: Discarded the draft based on version 1, changed by admin."], await world.QueryAsync("select actor || ': ' || why from audit_entries where action = 'PolicyDraftDiscarded'"));
        Assert.Contains("Edge", await world.QueryAsync("select jsonb_array_elements(before -> 'manual') ->> 'name' from audit_entries where action = 'PolicyDraftDiscarded'"));
        Assert.Equal(["policy_draft.discarded"], await world.QueryAsync("select kind from outbox where kind <> 'policy_draft.changed'"));
    }

    [Fact]
    public async Task RollBack_MakesADraftOfTheOldVersionThatIsPublishedAnew()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.PublishAsync(PolicySet.Empty);

        PolicyRevision rolledBack = await world.Policies.RollBackAsync(TestPeople.Admin, 1, Cancellation);

        DraftReview review = await world.PolicyQueries.ReviewAsync(TestPeople.Admin, Cancellation);
        Assert.Equal(("Rolled back to version 1.", 6), (review.SuggestedComment, review.Draft!.Changes.Length));
        Assert.Equal(3, await world.Policies.PublishAsync(TestPeople.Admin, rolledBack, review.SuggestedComment, Cancellation));
        Assert.Equal(["true"], await world.QueryAsync("select (one.policies = other.policies)::text from policy_sets one, policy_sets other where one.number = 1 and other.number = 3"));
    }

    [Fact]
    public async Task RollBack_OverADraftOrToTheVersionInForce_IsRefused()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.PublishAsync(new PolicySet { Manual = [Edge()] });
        await world.PublishAsync(JitAccess.Sandbox.Seeding.DemoPolicies.PolicySet);

        RefusedException inForce = await RefusalAsync(world.Policies.RollBackAsync(TestPeople.Admin, 3, Cancellation));
        RefusedException same = await RefusalAsync(world.Policies.RollBackAsync(TestPeople.Admin, 1, Cancellation));
        RefusedException missing = await RefusalAsync(world.Policies.RollBackAsync(TestPeople.Admin, 9, Cancellation));
        await world.Policies.RollBackAsync(TestPeople.Admin, 2, Cancellation);
        RefusedException draft = await RefusalAsync(world.Policies.RollBackAsync(Lead, 1, Cancellation));

        Assert.Equal("Version 3 is in force.", inForce.Message);
        Assert.Equal("Version 1 says the same as version 3, which is in force.", same.Message);
        Assert.Equal(RefusalKind.NotFound, missing.Kind);
        Assert.Equal("There is a draft with changes by admin. Publish or discard it first, then roll back.", draft.Message);
    }

    [Fact]
    public async Task SecondAdmin_WhoEditedCannotPublish_UntilAVersionTurnsTheRuleOff()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        // The rule of the version in force governs: turning it on needs no second admin yet.
        PolicyRevision on = await world.Policies.SetSecondAdminAsync(TestPeople.Admin, await SeenAsync(world), true, Cancellation);
        await world.Policies.PublishAsync(TestPeople.Admin, on, "Two from now on.", Cancellation);
        PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);

        RefusedException own = await RefusalAsync(world.Policies.PublishAsync(TestPeople.Admin, edited, "Mine.", Cancellation));
        Ruling mine = (await world.PolicyQueries.ReviewAsync(TestPeople.Admin, Cancellation)).CanPublish;
        Assert.True((await world.PolicyQueries.ReviewAsync(Lead, Cancellation)).CanPublish.IsAllowed);
        await world.Policies.PublishAsync(Lead, edited, "Theirs.", Cancellation);

        Assert.Equal(RefusalKind.Forbidden, own.Kind);
        Assert.Equal("A second admin must publish: the version in force asks for an admin who did not change the draft. It was changed by admin.", own.Message);
        Assert.Equal(own.Message, mine.Message);

        // Turning it off is an edit like any other: whoever does it needs a second admin for that.
        PolicyRevision off = await world.Policies.SetSecondAdminAsync(TestPeople.Admin, await SeenAsync(world), false, Cancellation);
        Assert.Equal(RefusalKind.Forbidden, (await RefusalAsync(world.Policies.PublishAsync(TestPeople.Admin, off, "Off.", Cancellation))).Kind);
        await world.Policies.PublishAsync(Lead, off, "Off.", Cancellation);
        PolicyRevision free = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge("Alone"), Cancellation);
        Assert.Equal(5, await world.Policies.PublishAsync(TestPeople.Admin, free, "Alone.", Cancellation));
    }

    [Fact]
    public async Task SecondAdmin_BothEdited_NeitherPublishes()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await world.PublishAsync(new PolicySet { PublishNeedsSecondAdmin = true });
        PolicyRevision one = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);
        PolicyRevision two = await world.Policies.SaveAsync(Lead, one, Edge("Other"), Cancellation);

        foreach (Actor editor in new[] { TestPeople.Admin, Lead })
            Assert.Contains("It was changed by admin and lead.", (await RefusalAsync(world.Policies.PublishAsync(editor, two, "Mine.", Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal(3, await world.Policies.PublishAsync(TestPeople.New("third", "jit-admin") with { Roles = [ApplicationRole.Admin] }, two, "Third.", Cancellation));
    }

    [Fact]
    public async Task EveryChange_ByAnybodyButAnAdmin_IsRefusedAndWritesNothing()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        PolicyRevision seen = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);
        IReadOnlyList<string> before = await world.EverythingAsync();
        foreach (Actor actor in new[] { TestPeople.Auditor, TestPeople.Requester, TestPeople.Approver })
        {
            Func<Task>[] changes =
            [
                () => world.Policies.CheckAsync(actor, Edge(), Cancellation),
                () => world.Policies.SaveAsync(actor, seen, Edge("Other"), Cancellation),
                () => world.Policies.DeleteAsync(actor, seen, Guid.NewGuid(), Cancellation),
                () => world.Policies.MoveAsync(actor, seen, Guid.NewGuid(), 1, Cancellation),
                () => world.Policies.SetSecondAdminAsync(actor, seen, true, Cancellation),
                () => world.Policies.PublishAsync(actor, seen, "Mine.", Cancellation),
                () => world.Policies.DiscardAsync(actor, seen, Cancellation),
                () => world.Policies.RollBackAsync(actor, 1, Cancellation),
                () => world.Policies.ImportAsync(actor, seen, new PolicyImport(PolicySet.Empty, [], []), null, Cancellation),
                () => world.Policies.ImportAsync(actor, seen, new PolicyImport(PolicySet.Empty, [], []), "Mine.", Cancellation),
            ];
            foreach (Func<Task> change in changes) Assert.Equal((RefusalKind.Forbidden, "Only admins change policies."), Refused(await Assert.ThrowsAsync<RefusedException>(change)));
        }
        Assert.Equal(before, await world.EverythingAsync());
    }

    [Fact]
    public async Task EveryRead_ByAnybodyButAdminAndAuditor_IsRefused()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        foreach (Actor actor in new[] { TestPeople.Requester, TestPeople.Approver })
        {
            Func<Task>[] reads =
            [
                () => world.PolicyQueries.CurrentAsync(actor, Cancellation),
                () => world.PolicyQueries.ReviewAsync(actor, Cancellation),
                () => world.PolicyQueries.VersionsAsync(actor, null, Cancellation),
                () => world.PolicyQueries.VersionAsync(actor, 1, Cancellation),
                () => world.PolicyQueries.CompareAsync(actor, 1, 1, Cancellation),
                () => world.PolicyQueries.PublishedAsync(actor, 1, Cancellation),
                () => world.PolicyQueries.DraftAsync(actor, Cancellation),
                () => world.PolicyQueries.PreviewAsync(actor, "", ReadOnlyMemory<byte>.Empty, null, Cancellation),
            ];
            foreach (Func<Task> read in reads) Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<RefusedException>(read)).Kind);
        }
    }

    [Fact]
    public async Task Save_TextWithANul_IsRefusedInWords_ABackslashIsNot()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        RefusedException refusal = await RefusalAsync(world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge("Ed\0ge"), Cancellation));
        await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge("Ed\\u0000ge"), Cancellation);
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.Contains("Ed\\u0000ge", (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Rows.Select(row => row.Policy.Name));
    }

    [Fact]
    public async Task EveryChange_IsAnnouncedToOtherProcesses()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        await using TestProcess other = world.AnotherProcess();
        await other.RunAsync<JitAccess.Web.Data.ChangeFeed>();
        (int tests, int drafts) = (0, 0);
        using IDisposable subscription = other.Get<LiveChanges>().Subscribe(ChangeTopic.Policies, change =>
        {
            if (change.Id == "test") Interlocked.Increment(ref tests);
            if (change.Id == "draft") Interlocked.Increment(ref drafts);
            return Task.CompletedTask;
        });
        await Until.TrueAsync(async () =>
        {
            await world.ExecuteAsync("notify jitaccess_changes, 'policies:test'");
            return tests > 0;
        }, "the other process listens");

        PolicyRevision edited = await world.Policies.SaveAsync(TestPeople.Admin, await SeenAsync(world), Edge(), Cancellation);
        await Until.TrueAsync(() => drafts == 1, "the first edit is announced");
        edited = await world.Policies.SaveAsync(TestPeople.Admin, edited, Edge("Other"), Cancellation);
        await Until.TrueAsync(() => drafts == 2, "the second edit is announced");
        await world.Policies.DiscardAsync(TestPeople.Admin, edited, Cancellation);
        await Until.TrueAsync(() => drafts == 3, "the end is announced");
    }

    private static (RefusalKind, string) Refused(RefusedException refusal) => (refusal.Kind, refusal.Message);

    private static ManualPolicy Edge(string name = "Edge") => new()
    {
        Id = Guid.CreateVersion7(),
        Name = name,
        Target = new NodeTarget { Tags = [new TagPair("env", "edge")] },
        MaximumHours = 2,
        Levels = [new([new(ApproverKind.Role, "jit-approver")], 1)],
    };

    private static async Task<PolicyRevision> SeenAsync(TestWorld world) => (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Revision;

    private static async Task<string> DecisionAsync(TestWorld world, Node node) =>
        (await world.Requests.PreviewAsync(TestPeople.Requester, node.Id, new("look"), Cancellation)).Decision.Sentence;

    private static Task<RefusedException> RefusalAsync(Task act) => Assert.ThrowsAsync<RefusedException>(() => act);

    private static async Task<RefusedException?> TryAsync(Task act)
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
