using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Policies;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Policies;

public sealed class SimulatorQueriesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explain_AKnownPerson_GetsTheExplanationOfARequest()
    {
        await using TestWorld world = await WithPeopleAsync();

        SimulatorAnswer answer = await world.Here.Get<SimulatorQueries>().ExplainAsync(TestPeople.Auditor, new SimulatorQuestion { Subject = "requester", Node = TestNodes.DemoLinux2.Id }, Cancellation);

        Assert.Equal((DecisionOutcome.Automatic, "Requester", "version 1, in force", false), (answer.Decision.Outcome, answer.Actor.Person.DisplayName, answer.By, answer.IsOffline));
        Assert.Contains(answer.Decision.Answers, policy => policy.PolicyName == "Open nodes" && policy.Statements.Length == 1);
        Assert.Equal(0, await world.CountAsync("requests"));
    }

    [Fact]
    public async Task Explain_SomebodyMadeUp_IsJudgedByGroupsAndAttributes()
    {
        await using TestWorld world = await WithPeopleAsync();
        await world.PublishAsync(new PolicySet { AutoApproval = [Auto("principal in AWS::IdentityStore::Group::\"oncall\" && principal has division && principal.division == \"Ops\"")] });
        SimulatorQueries simulator = world.Here.Get<SimulatorQueries>();
        SimulatorQuestion question = new() { Groups = ["oncall"], Attributes = new PersonAttributes(Division: "Ops"), Node = TestNodes.BatchWorker.Id };

        SimulatorAnswer both = await simulator.ExplainAsync(TestPeople.Admin, question, Cancellation);
        SimulatorAnswer groupOnly = await simulator.ExplainAsync(TestPeople.Admin, question with { Attributes = new PersonAttributes() }, Cancellation);

        Assert.Equal((DecisionOutcome.Automatic, DecisionOutcome.NotCovered), (both.Decision.Outcome, groupOnly.Decision.Outcome));
        Assert.Equal(["Have division Ops."], groupOnly.Decision.Openings.Single().WouldNeed);
    }

    [Fact]
    public async Task Explain_DraftAndOldVersions_AreAskedByName()
    {
        await using TestWorld world = await WithPeopleAsync();
        PolicyRevision seen = (await world.PolicyQueries.CurrentAsync(TestPeople.Admin, Cancellation)).Revision;
        await world.Policies.SaveAsync(TestPeople.Admin, seen, Auto("true") with { Name = "Everything" }, Cancellation);
        SimulatorQueries simulator = world.Here.Get<SimulatorQueries>();
        SimulatorQuestion question = new() { Subject = "requester", Node = TestNodes.BatchWorker.Id };

        SimulatorAnswer inForce = await simulator.ExplainAsync(TestPeople.Admin, question, Cancellation);
        SimulatorAnswer draft = await simulator.ExplainAsync(TestPeople.Admin, question with { Set = SimulatedSet.Parse("draft") }, Cancellation);
        SimulatorAnswer first = await simulator.ExplainAsync(TestPeople.Admin, question with { Set = SimulatedSet.Parse("1") }, Cancellation);

        Assert.Equal((DecisionOutcome.NotCovered, DecisionOutcome.Automatic, DecisionOutcome.NotCovered), (inForce.Decision.Outcome, draft.Decision.Outcome, first.Decision.Outcome));
        Assert.Equal("the draft", draft.By);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => simulator.ExplainAsync(TestPeople.Admin, question with { Set = SimulatedSet.Parse("7") }, Cancellation))).Kind);
    }

    [Fact]
    public async Task Explain_ANodeThatIsOff_IsAskedAboutAsIfItWereOn()
    {
        await using TestWorld world = await WithPeopleAsync();

        SimulatorAnswer answer = await world.Here.Get<SimulatorQueries>().ExplainAsync(TestPeople.Admin, new SimulatorQuestion { Subject = "requester", Node = TestNodes.LegacyApp.Id }, Cancellation);

        Assert.True(answer.IsOffline);
        Assert.NotEqual(DecisionOutcome.Refused, answer.Decision.Outcome);
    }

    [Fact]
    public async Task Explain_AtAnotherTime_SaysWhatPoliciesSayThen()
    {
        await using TestWorld world = await WithPeopleAsync();
        await world.PublishAsync(new PolicySet { AutoApproval = [Auto("context.request.clock.hasTag(\"Asia/Tokyo\") && context.request.clock.getTag(\"Asia/Tokyo\").weekday == \"Mon\"")] });
        SimulatorQueries simulator = world.Here.Get<SimulatorQueries>();
        SimulatorQuestion question = new() { Subject = "requester", Node = TestNodes.DemoLinux.Id, At = new DateTimeOffset(2026, 6, 7, 15, 0, 0, TimeSpan.Zero) };

        Assert.Equal(DecisionOutcome.Automatic, (await simulator.ExplainAsync(TestPeople.Admin, question, Cancellation)).Decision.Outcome);
        Assert.Equal(DecisionOutcome.NotCovered, (await simulator.ExplainAsync(TestPeople.Admin, question with { At = question.At!.Value.AddMinutes(-1) }, Cancellation)).Decision.Outcome);
    }

    [Fact]
    public async Task Matrix_GroupsAndTagValues_EachCellSaysWhatMembersGet()
    {
        await using TestWorld world = await WithPeopleAsync();
        await world.PublishAsync(DemoPolicies.PolicySet.With(Auto("principal in AWS::IdentityStore::Group::\"oncall\" && resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"")));

        SimulatorMatrix matrix = await world.Here.Get<SimulatorQueries>().MatrixAsync(TestPeople.Auditor, SimulatedSet.InForce, "env", null, Cancellation);

        Assert.Equal(["engineering", "oncall"], matrix.Groups);
        int production = matrix.Cells.Values.IndexOf("prod");
        TagMatrixOutcome Cell(string group) => Assert.Single(matrix.Cells.Rows[matrix.Groups.ToList().IndexOf(group)][production].Outcomes);
        Assert.Equal((DecisionOutcome.NeedsApproval, 1, TestNodes.PaymentsApi.Id), (Cell("engineering").Decision.Outcome, Cell("engineering").Nodes, Cell("engineering").Example.Id));
        Assert.Equal(DecisionOutcome.Automatic, Cell("oncall").Decision.Outcome);
    }

    [Fact]
    public async Task Everything_ByNeitherAdminNorAuditor_IsRefused()
    {
        await using TestWorld world = await WithPeopleAsync();
        SimulatorQueries simulator = world.Here.Get<SimulatorQueries>();
        SimulatorQuestion question = new() { Subject = "requester", Node = TestNodes.DemoLinux.Id };

        foreach (Func<Task> ask in new Func<Task>[]
        {
            () => simulator.ExplainAsync(TestPeople.Requester, question, Cancellation),
            () => simulator.ChoicesAsync(TestPeople.Requester, Cancellation),
            () => simulator.PeopleAsync(TestPeople.Requester, "a", Cancellation),
            () => simulator.MatrixAsync(TestPeople.Requester, SimulatedSet.InForce, "env", null, Cancellation),
        })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<RefusedException>(ask)).Kind);
    }

    [Fact]
    public async Task People_PartOfAName_IsFoundAndWildcardsAreText()
    {
        await using TestWorld world = await WithPeopleAsync();
        SimulatorQueries simulator = world.Here.Get<SimulatorQueries>();

        Assert.Equal(["requester"], (await simulator.PeopleAsync(TestPeople.Admin, "QUEST", Cancellation)).Select(person => person.Subject));
        Assert.Empty(await simulator.PeopleAsync(TestPeople.Admin, "%", Cancellation));
    }

    private static AutoApprovalPolicy Auto(string condition) => new() { Id = Guid.NewGuid(), Name = "Automatic", Cedar = $"permit (principal, action, resource) when {{ {condition} }};" };

    private static async Task<TestWorld> WithPeopleAsync()
    {
        TestWorld world = await TestWorld.CreateAsync();
        await using JitAccessDbContext database = await world.DatabaseAsync();
        database.People.Add(new KnownPerson { Subject = "requester", DisplayName = "Requester", Roles = ["arn:aws:iam::111111111111:role/jit-requester"], Groups = ["engineering"] });
        await database.SaveChangesAsync(Cancellation);
        return world;
    }
}
