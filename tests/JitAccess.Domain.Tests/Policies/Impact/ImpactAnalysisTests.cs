using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;

namespace JitAccess.Domain.Tests.Policies.Impact;

/// <summary>What an admin reads of a change before publishing it.</summary>
public sealed class ImpactAnalysisTests(SharedEngine engine)
{
    private static readonly Actor[] People = [Given.Requester, Given.Approver, Given.Actor("contractor").WithAttributes(new PersonAttributes(Organization: "contractor"))];

    private static readonly Node[] Nodes =
    [
        NodeAt(1, "env=prod", "app=shop"), NodeAt(2, "env=prod", "app=shop"), NodeAt(3, "env=prod", "app=pay"),
        NodeAt(4, "env=dev", "app=shop"), NodeAt(5, "env=dev", "app=pay"),
    ];

    [Fact]
    public void Run_ThePolicyOfProductionIsDeleted_SaysThatNobodyCanGetItAnyMore()
    {
        ManualPolicy production = Given.ByTags("Production", "env=prod");

        ImpactReport report = Run(Given.Set(production, Given.ByTags("Development", "env=dev")), Given.Set(Given.ByTags("Development", "env=dev")));

        ImpactLoss loss = Assert.Single(report.Losses);
        Assert.Equal("Nobody can get env=prod any more: 9 pairs move from needs approval to not covered.", loss.Sentence);
        Assert.Equal(9, report.Counts[DecisionOutcome.NeedsApproval, DecisionOutcome.NotCovered]);
        Assert.Equal((15L, 9L), (report.Counts.Total, report.Counts[ImpactMoveKind.AccessLost]));
        Assert.Equal("Production", Assert.Single(report.Moves, move => move.Kind == ImpactMoveKind.AccessLost).Cause!.Name);
    }

    [Fact]
    public void Run_LostNodesThatShareTwoTags_AreToldByTheOneThatAPolicyNames()
    {
        Node[] nodes = [NodeAt(1, "app=shop", "env=prod"), NodeAt(2, "app=shop", "env=prod"), NodeAt(3, "env=dev")];

        ImpactReport report = Run(Given.Set(Given.ByTags("Production", "env=prod")), Given.Set(Given.ByTags("Production", "env=production")), nodes);

        Assert.Equal("Nobody can get env=prod any more: 6 pairs move from needs approval to not covered.", Assert.Single(report.Losses).Sentence);
    }

    [Fact]
    public void Run_ARuleRefusesSome_ThoseAreListedWithTheRuleAsTheCause()
    {
        PolicySet before = Given.Set(Given.AllNodes());
        PolicySet after = before.With(Given.Deny(Given.Forbid("principal has organization && principal.organization == \"contractor\" && resource.hasTag(\"app\") && resource.getTag(\"app\") == \"pay\""), "Contractors stay out of pay", DenyEffect.Refuse));

        ImpactReport report = Run(before, after);

        ImpactMove move = Assert.Single(report.Moves);
        Assert.Equal((ImpactMoveKind.AccessLost, "Contractors stay out of pay", 2L, "needs 1 approval", "refused"), (move.Kind, move.Cause!.Name, move.Pairs, move.Before.InShort, move.After.InShort));
        Assert.Equal(["contractor"], move.EveryPair.Select(pair => pair.Person.Subject).Distinct());
        Assert.Empty(report.Losses);
    }

    [Fact]
    public void Run_ADenyBlocksWhatWasAutomatic_TheDenyIsTheCause()
    {
        PolicySet before = Given.Set(Given.Auto(Given.Permit("true")), Given.AllNodes());

        ImpactReport report = Run(before, before.With(Given.Deny(Given.Forbid("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\""), "Look first")));

        ImpactMove move = Assert.Single(report.Moves);
        Assert.Equal((ImpactMoveKind.MoreSteps, "Look first", 9L), (move.Kind, move.Cause!.Name, move.Pairs));
        Assert.Equal(9, report.Counts[DecisionOutcome.Automatic, DecisionOutcome.NeedsApproval]);
    }

    [Fact]
    public void Run_AnotherLevelIsAdded_IsMoreStepsOnTheDiagonal()
    {
        ManualPolicy policy = Given.AllNodes();

        ImpactReport report = Run(Given.Set(policy), Given.Set(policy with { Levels = [.. policy.Levels, Given.Level(1, Given.Group("leads"))] }));

        Assert.Equal((15L, 15L, 15L), (report.Counts[DecisionOutcome.NeedsApproval, DecisionOutcome.NeedsApproval], report.Counts.ChangedIn(DecisionOutcome.NeedsApproval, DecisionOutcome.NeedsApproval), report.Counts[ImpactMoveKind.MoreSteps]));
    }

    [Fact]
    public void Run_OnlyNamesAndOrderChange_NothingMoves()
    {
        ManualPolicy policy = Given.AllNodes();

        ImpactReport report = Run(Given.Set(policy), Given.Set(policy with { Name = "Renamed", Order = 7, Levels = [.. policy.Levels] }));

        Assert.Equal(0, report.Counts.Changed);
        Assert.Empty(report.Moves);
    }

    [Fact]
    public void Run_AutomaticOnlyInWorkingHours_SaysWhen()
    {
        PolicySet before = Given.Set(Given.Auto(Given.Permit("true")), Given.AllNodes());
        AutoApprovalPolicy auto = before.AutoApproval[0];
        PolicySet after = before.With(auto with
        {
            Cedar = Given.Permit("context.request.clock.hasTag(\"Europe/Berlin\") && [\"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\"].contains(context.request.clock.getTag(\"Europe/Berlin\").weekday) && context.request.clock.getTag(\"Europe/Berlin\").minute >= 480 && context.request.clock.getTag(\"Europe/Berlin\").minute < 1080"),
        });

        ImpactReport report = Run(before, after);

        ImpactMove move = Assert.Single(report.Moves);
        Assert.Equal((ImpactMoveKind.MoreSteps, 15L), (move.Kind, move.Pairs));
        Assert.Equal("Mon–Fri 00:00–08:00 and 18:00–24:00, Sat, Sun (Europe/Berlin)", ImpactTimes.InWords(move.Times, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Given.Now));
        // Each pair counts once although it moves at some hours and not at others.
        Assert.Equal((15L, 15L), (report.Counts.Total, report.Counts.Changed));
    }

    [Fact]
    public void Run_AFreezeBeginsNextMonth_IsSeenAtTheInstantThatThePolicyNames()
    {
        PolicySet before = Given.Set(Given.AllNodes());

        ImpactReport report = Run(before, before.With(Given.Deny(Given.Forbid("context.request.time >= datetime(\"2026-12-24\")"), "Freeze", DenyEffect.Refuse)));

        Assert.Equal("from 2026-12-24 00:00 (UTC)", ImpactTimes.InWords(Assert.Single(report.Moves).Times, TimeZoneInfo.Utc, Given.Now));
    }

    [Fact]
    public void Run_NobodyLooksAtTheTime_AsksOnce() =>
        Assert.Equal([Given.Now], Run(Given.Set(Given.AllNodes()), Given.Set(Given.Auto(Given.Permit("true")))).Times);

    [Fact]
    public void Run_ManyAlike_AreAskedAboutOnce()
    {
        ImpactReport report = Run(Given.Set(Given.ByTags("Production", "env=prod")), Given.Set(Given.AllNodes()));

        Assert.Equal((1, 2), (report.PeopleClasses, report.NodeClasses));
    }

    [Fact]
    public void Run_Stopped_StopsAndTellsHowFarItCame()
    {
        using CancellationTokenSource stop = new();
        List<double> progress = [];
        PolicyEvaluator evaluator = Evaluator(Given.Set(Given.Auto(Given.Permit("principal == AWS::IdentityStore::User::\"requester\""))));

        Assert.Throws<OperationCanceledException>(() => ImpactAnalysis.Run(evaluator, evaluator, People, Nodes, [Given.Now], new Told(part =>
        {
            progress.Add(part);
            stop.Cancel();
        }), stop.Token));

        Assert.Equal([0.5], progress);
    }

    [Theory]
    [InlineData(DecisionOutcome.Automatic, DecisionOutcome.NeedsApproval, ImpactMoveKind.MoreSteps)]
    [InlineData(DecisionOutcome.NeedsApproval, DecisionOutcome.Automatic, ImpactMoveKind.MoreAccess)]
    [InlineData(DecisionOutcome.NeedsApproval, DecisionOutcome.Refused, ImpactMoveKind.AccessLost)]
    [InlineData(DecisionOutcome.Automatic, DecisionOutcome.NotCovered, ImpactMoveKind.AccessLost)]
    [InlineData(DecisionOutcome.NotCovered, DecisionOutcome.NeedsApproval, ImpactMoveKind.MoreAccess)]
    [InlineData(DecisionOutcome.Refused, DecisionOutcome.NotCovered, ImpactMoveKind.OtherTerms)]
    [InlineData(DecisionOutcome.NotCovered, DecisionOutcome.NotCovered, ImpactMoveKind.None)]
    public void KindOf_TwoOutcomes_IsWhatItMeansForThePerson(DecisionOutcome before, DecisionOutcome after, ImpactMoveKind kind)
    {
        Assert.Equal(kind, ImpactMove.KindOf(Brief(before), Brief(after)));

        static BriefDecision Brief(DecisionOutcome outcome) => new(outcome, outcome switch
        {
            DecisionOutcome.Automatic => Given.Auto(Given.Permit("true")),
            DecisionOutcome.NeedsApproval => Given.AllNodes(),
            DecisionOutcome.Refused => Given.Deny(Given.Forbid("true")),
            _ => null,
        });
    }

    [Fact]
    public void Replay_RequestsOfThePast_AreAskedAtTheirTimeWithTheirReasonAndDuration()
    {
        ManualPolicy manual = Given.AllNodes();
        PolicyEvaluator before = Evaluator(Given.Set(manual));
        PolicyEvaluator after = Evaluator(Given.Set(manual, Given.Auto(Given.Permit("context.request.reason like \"INC-*\" && context.request.durationHours <= 2 && context.request.time < datetime(\"2026-11-01\")"))));
        DateTimeOffset october = new(2026, 10, 5, 8, 0, 0, TimeSpan.Zero);

        ReplayReport report = Replay.Run(before, after,
        [
            Past(1, october, "INC-1", 2), Past(2, october, "because", 2), Past(3, october, "INC-3", 4), Past(4, october.AddMonths(1), "INC-4", 1),
            Past(5, october, "INC-5", 1) with { Node = null }, Past(6, october, "INC-6", 1) with { Actor = null },
        ], CancellationToken.None);

        Assert.Equal([1L], report.Different.Select(request => request.Request.Number));
        Assert.Equal(["demo-linux is not known any more.", "Requester is not known any more."], report.NotReplayable.Select(request => request.Obstacle));
        Assert.Equal((4, 0, 3, 1), (report.Before(DecisionOutcome.NeedsApproval), report.Before(DecisionOutcome.Automatic), report.After(DecisionOutcome.NeedsApproval), report.After(DecisionOutcome.Automatic)));

        static PastRequest Past(long number, DateTimeOffset at, string reason, int hours) =>
            new(Guid.NewGuid(), number, "Requester", "demo-linux", at, reason, TimeSpan.FromHours(hours), DecisionOutcome.NeedsApproval, "needs 1 approval") { Actor = Given.Requester, Node = Given.Node() };
    }

    [Fact]
    public void TagMatrix_AGroupAndTheValuesOfATag_SaysWhatItsMembersGet()
    {
        PolicyEvaluator evaluator = Evaluator(Given.Set(
            Given.Auto("permit (principal in AWS::IdentityStore::Group::\"oncall\", action, resource) when { resource.hasTag(\"app\") && resource.getTag(\"app\") == \"shop\" };"),
            Given.ByTags("Production", "env=prod")));

        TagMatrix matrix = TagMatrix.Of(evaluator, [Given.Actor("somebody", null, "oncall"), Given.Actor("somebody", null, "other")], [.. Nodes, NodeAt(9)], "env", Given.Now, CancellationToken.None);

        Assert.Equal(["dev", "prod", null], matrix.Values);
        Assert.Equal([("automatic, 1 h", 1), ("not covered by any policy", 1)], Told(0, 0));
        Assert.Equal([("automatic, 1 h", 2), ("needs 1 approval", 1)], Told(0, 1));
        Assert.Equal([("needs 1 approval", 3)], Told(1, 1));
        Assert.Equal([("not covered by any policy", 1)], Told(1, 2));

        IEnumerable<(string, int)> Told(int row, int column) => matrix.Rows[row][column].Outcomes.Select(outcome => (outcome.Decision.InShort, outcome.Nodes)).OrderBy(outcome => outcome.InShort, StringComparer.Ordinal);
    }

    private static Node NodeAt(int number, params string[] tags) => Given.Node(tags) with { Id = InstanceId.Parse($"i-{number:x8}"), Name = $"node-{number}" };

    private PolicyEvaluator Evaluator(PolicySet set) => new(new PolicySetVersion(1, set), engine.Cedar);

    private ImpactReport Run(PolicySet before, PolicySet after, Node[]? nodes = null)
    {
        (PolicyEvaluator one, PolicyEvaluator other) = (Evaluator(before), Evaluator(after));
        return ImpactAnalysis.Run(one, other, People, nodes ?? Nodes, ImpactTimes.Sample(one, other, Given.Now), null, CancellationToken.None);
    }

    private sealed class Told(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }
}
