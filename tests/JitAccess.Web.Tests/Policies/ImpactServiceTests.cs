using System.Security.Claims;
using System.Text;
using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Sandbox.Seeding;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Policies;
using JitAccess.Web.Tests.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitAccess.Web.Tests.Policies;

/// <summary>What a change of the demo's policies does to the people who have signed in and the demo's nodes.</summary>
public sealed class ImpactServiceTests
{
    private static readonly ManualPolicy Production = DemoPolicies.PolicySet.Manual.Single(policy => policy.Name == "Production");

    /// <summary>Production without a policy of its own, and without the one for all nodes in its Region.</summary>
    private static readonly PolicySet WithoutProduction = DemoPolicies.PolicySet.Without(Production.Id).Without(DemoPolicies.PolicySet.Manual.Single(policy => policy.Name == "All nodes in Tokyo").Id);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Analyse_ProductionLosesItsPolicy_SaysThatNobodyCanGetIt()
    {
        await using TestWorld world = await WithPeopleAsync();

        ImpactRun run = await FinishedAsync(world, WithoutProduction);

        ImpactReport report = run.Report!;
        int people = report.People.Count;
        Assert.Equal((3, TestNodes.All.Count, 3L * TestNodes.All.Count), (people, report.Nodes.Count, report.Counts.Total));
        ImpactMove lost = Assert.Single(report.Moves, move => move.Cause?.Name == "Production");
        Assert.Equal((ImpactMoveKind.AccessLost, DecisionOutcome.NeedsApproval), (lost.Kind, lost.Before.Outcome));
        Assert.Equal([TestNodes.PaymentsApi.Name], lost.EveryPair.Select(pair => pair.Node.Name).Distinct());
        Assert.Contains(report.Losses, loss => loss.Sentence.StartsWith("Nobody can get ", StringComparison.Ordinal) && loss.Nodes.Any(node => node.Id == TestNodes.PaymentsApi.Id));
        // A node whose agent is off is asked about as if it were on: that is no work of the policies.
        Assert.Contains(report.Nodes, node => node.Id == TestNodes.LegacyApp.Id && node.PingStatus == PingStatus.Online);
    }

    [Fact]
    public async Task Analyse_AskedTwiceForTheSameChange_IsOneAnalysis()
    {
        await using TestWorld world = await WithPeopleAsync();
        ImpactService impact = world.Here.Get<ImpactService>();
        PolicySet after = WithoutProduction;

        ImpactRun first = impact.Analyse(TestPeople.Admin, Before, after);
        ImpactRun same = impact.Analyse(TestPeople.Auditor, Before, after);
        ImpactRun other = impact.Analyse(TestPeople.Admin, Before, DemoPolicies.PolicySet);

        Assert.Same(first, same);
        Assert.NotSame(first, other);
        await EndedAsync(first);
        await EndedAsync(other);
        Assert.Equal(0, other.Report!.Counts.Changed);
        Assert.NotSame(first, impact.Analyse(TestPeople.Admin, Before, after, anew: true));
        world.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.NotSame(other, impact.Analyse(TestPeople.Admin, Before, DemoPolicies.PolicySet));
    }

    [Fact]
    public async Task Analyse_Stopped_SaysSoAndCanBeginAgain()
    {
        await using TestWorld world = await WithPeopleAsync();
        ImpactService impact = world.Here.Get<ImpactService>();

        ImpactRun run = impact.Analyse(TestPeople.Admin, Before, WithoutProduction);
        run.Cancel();
        await EndedAsync(run);

        Assert.True(run.State is ImpactRunState.Cancelled or ImpactRunState.Done);
        ImpactRun again = impact.Analyse(TestPeople.Admin, Before, WithoutProduction, anew: true);
        await EndedAsync(again);
        Assert.Equal(ImpactRunState.Done, again.State);
    }

    [Fact]
    public async Task Analyse_ByNeitherAdminNorAuditor_IsRefused()
    {
        await using TestWorld world = await TestWorld.CreateAsync();
        ImpactService impact = world.Here.Get<ImpactService>();

        Assert.Equal(RefusalKind.Forbidden, Assert.Throws<RefusedException>(() => impact.Analyse(TestPeople.Requester, Before, DemoPolicies.PolicySet)).Kind);
        Assert.Equal(RefusalKind.Forbidden, Assert.Throws<RefusedException>(() => impact.Find(TestPeople.Approver, Guid.NewGuid())).Kind);
    }

    [Fact]
    public async Task Analyse_AttributesOfTheLastSignIn_AreWhatPoliciesSee()
    {
        await using TestWorld world = await WithPeopleAsync();
        PolicySet after = DemoPolicies.PolicySet.With(new DenyAccessPolicy
        {
            Id = Guid.NewGuid(),
            Name = "Contractors stay out",
            Cedar = "forbid (principal, action, resource) when { principal has organization && principal.organization == \"contractor\" };",
            Effect = DenyEffect.Refuse,
        });

        ImpactReport report = (await FinishedAsync(world, after)).Report!;

        Assert.All(report.Moves.Where(move => move.Kind == ImpactMoveKind.AccessLost), move => Assert.Equal(["Contractor"], move.EveryPair.Select(pair => pair.Person.Person.DisplayName).Distinct()));
        Assert.True(report.Counts[ImpactMoveKind.AccessLost] > 0);
    }

    [Fact]
    public async Task Analyse_RequestsOfThePast_AreDecidedAgainOrSayWhyNot()
    {
        await using TestWorld world = await WithPeopleAsync();
        await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.PaymentsApi.Id, new("INC-1"), Cancellation);
        await world.Requests.SubmitAsync(TestPeople.Requester, TestNodes.DemoLinux.Id, new("INC-2"), Cancellation);
        await world.Requests.SubmitAsync(TestPeople.Stranger, TestNodes.DemoLinux.Id, new("INC-3"), Cancellation);

        ReplayReport replay = (await FinishedAsync(world, WithoutProduction)).Replay!;

        Assert.Equal(["stranger is not known any more."], replay.NotReplayable.Select(request => request.Obstacle));
        ReplayedRequest different = Assert.Single(replay.Different);
        Assert.Equal((TestNodes.PaymentsApi.Name, ImpactMoveKind.AccessLost, DecisionOutcome.NeedsApproval, "needs 2 approvals"),
            (different.Request.NodeName, different.Kind, different.Request.Outcome, different.Request.OutcomeInShort));
        Assert.Equal(2, replay.Before(DecisionOutcome.NeedsApproval));
    }

    [Fact]
    public async Task Analyse_ThePlaceWherePeopleAreReadFails_IsToldAndTriedAgainNextTime()
    {
        await using TestWorld world = await WithPeopleAsync();
        await world.ExecuteAsync("alter table people rename to people_gone");
        ImpactService impact = world.Here.Get<ImpactService>();

        ImpactRun failed = impact.Analyse(TestPeople.Admin, Before, DemoPolicies.PolicySet);
        await EndedAsync(failed);
        await world.ExecuteAsync("alter table people_gone rename to people");
        ImpactRun again = impact.Analyse(TestPeople.Admin, Before, DemoPolicies.PolicySet);
        await EndedAsync(again);

        Assert.Equal((ImpactRunState.Failed, ImpactRunState.Done), (failed.State, again.State));
        Assert.NotNull(failed.Error);
    }

    [Fact]
    public async Task Download_ByAnAdmin_HasALineForEveryPairThatMoves()
    {
        await using TestWorld world = await WithPeopleAsync();
        ImpactRun run = await FinishedAsync(world, WithoutProduction);

        string csv = await DownloadedAsync(world, run.Id, "admins");

        string[] lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.StartsWith("change,because_of,person,", lines[0], StringComparison.Ordinal);
        Assert.Equal(run.Report!.Counts.Changed, lines.Length - 1);
        // A name that a spreadsheet would run as a formula is text.
        Assert.Contains(lines, line => line.Contains("\"'=cmd(\"\"x\"\"),1\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Download_BySomebodyElse_IsRefused()
    {
        await using TestWorld world = await WithPeopleAsync();
        ImpactRun run = await FinishedAsync(world, WithoutProduction);

        Assert.IsType<ProblemHttpResult>(Download(world, run.Id, "engineering").Result);
    }

    private static PolicySetVersion Before => new(1, DemoPolicies.PolicySet);

    private static async Task<TestWorld> WithPeopleAsync()
    {
        TestWorld world = await TestWorld.CreateAsync();
        await using JitAccessDbContext database = await world.DatabaseAsync();
        database.People.AddRange(
            new KnownPerson { Subject = "requester", DisplayName = "Requester", Roles = ["arn:aws:iam::111111111111:role/jit-requester"], Groups = ["engineering"] },
            new KnownPerson { Subject = "contractor", DisplayName = "Contractor", Attributes = new PersonAttributes(Organization: "contractor") },
            new KnownPerson { Subject = "formula", DisplayName = "=cmd(\"x\"),1", Roles = ["arn:aws:iam::111111111111:role/jit-requester"] });
        await database.SaveChangesAsync(Cancellation);
        return world;
    }

    private static async Task<ImpactRun> FinishedAsync(TestWorld world, PolicySet after)
    {
        ImpactRun run = world.Here.Get<ImpactService>().Analyse(TestPeople.Admin, Before, after);
        await EndedAsync(run);
        Assert.Null(run.Error);
        Assert.Equal(ImpactRunState.Done, run.State);
        return run;
    }

    private static Task EndedAsync(ImpactRun run) => Until.TrueAsync(() => run.IsOver, "the analysis ends");

    private static Results<PushStreamHttpResult, ProblemHttpResult> Download(TestWorld world, Guid id, string group)
    {
        ActorClaims claims = new(Microsoft.Extensions.Options.Options.Create(new IdentityOptions { AdminGroups = ["admins"] }));
        DefaultHttpContext http = new() { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "admin"), new Claim("groups", group)], "test")) };
        return ImpactDownload.Csv(id, world.Here.Get<ImpactService>(), claims, http);
    }

    private static async Task<string> DownloadedAsync(TestWorld world, Guid id, string group)
    {
        PushStreamHttpResult result = Assert.IsType<PushStreamHttpResult>(Download(world, id, group).Result);
        using MemoryStream body = new();
        DefaultHttpContext http = new() { Response = { Body = body }, RequestServices = new ServiceCollection().AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(NullLoggerFactory.Instance).BuildServiceProvider() };
        await result.ExecuteAsync(http);
        return Encoding.UTF8.GetString(body.ToArray());
    }
}
