using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Components.Policies.Impact;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Tests.Components;

/// <summary>Before: production needs two approvals and staging one. After: production needs three, and staging is covered by nothing.</summary>
public sealed class ImpactFilterTests(ImpactFilterTests.Analysed analysed) : IClassFixture<ImpactFilterTests.Analysed>
{
    [Fact]
    public void Of_NoFilter_HasEveryPairOfEveryMove()
    {
        IReadOnlyList<ImpactMatch> matches = new ImpactFilter().Of(analysed.Report);

        Assert.Equal([ImpactMoveKind.AccessLost, ImpactMoveKind.MoreSteps], matches.Select(match => match.Move.Kind));
        Assert.Equal(3 * 3, matches.Sum(match => match.Pairs));
        Assert.All(matches, match => Assert.Equal(match.Pairs, match.EveryPair.LongCount()));
    }

    [Fact]
    public void Of_AKind_HasItsMovesOnly() =>
        Assert.Equal("staging", Assert.Single(Only("AccessLost", null, null)).Move.Cause?.Name);

    [Fact]
    public void Of_ACell_HasTheMovesBetweenItsOutcomesOnly()
    {
        string cell = ImpactFilter.InAddress(DecisionOutcome.NeedsApproval, DecisionOutcome.NeedsApproval);

        Assert.Equal(ImpactMoveKind.MoreSteps, Assert.Single(Only(null, cell, null)).Move.Kind);
    }

    [Theory]
    [InlineData("ADA", 3, 1, 3)]
    [InlineData("env=prod", 6, 3, 2)]
    [InlineData("prod-1", 3, 3, 1)]
    [InlineData("nobody", 0, 0, 0)]
    public void Of_AText_HasThePairsOfThePeopleAndNodesThatHoldIt(string text, int pairs, int people, int nodes)
    {
        IReadOnlyList<ImpactMatch> matches = Only(null, null, text);

        Assert.Equal(pairs, matches.Sum(match => match.Pairs));
        Assert.Equal(pairs, matches.Sum(match => match.EveryPair.LongCount()));
        Assert.Equal(people, matches.SelectMany(match => match.People).Distinct().Count());
        Assert.Equal(nodes, matches.SelectMany(match => match.Nodes).Distinct().Count());
    }

    [Fact]
    public void Of_ANameOfAPolicy_HasAllThatItMoves() => Assert.Equal(6, Only(null, null, "Product").Sum(match => match.Pairs));

    [Theory]
    [InlineData("Nonsense", "Automatic")]
    [InlineData("None", "Automatic-Nonsense")]
    [InlineData("17", "1-2-3")]
    public void Read_WhatCannotBeRead_IsLeftOut(string kind, string cell) => Assert.True(ImpactFilter.Read(kind, cell, " ").IsEmpty);

    private IReadOnlyList<ImpactMatch> Only(string? kind, string? cell, string? text) => ImpactFilter.Read(kind, cell, text).Of(analysed.Report);

    /// <summary>One analysis for all tests.</summary>
    public sealed class Analysed
    {
        public ImpactReport Report { get; } = Analyse();

        private static ImpactReport Analyse()
        {
            CedarEngine engine = new();
            ManualPolicy production = Manual("Production", "prod", 2);
            return ImpactAnalysis.Run(
                new PolicyEvaluator(new PolicySetVersion(1, PolicySet.Empty with { Manual = [production, Manual("staging", "staging", 1)] }), engine),
                new PolicyEvaluator(new PolicySetVersion(2, PolicySet.Empty with { Manual = [production with { Levels = Levels(3) }] }), engine),
                [Somebody("Ada"), Somebody("Bob"), Somebody("Cem")], [Server("prod-1", "prod"), Server("prod-2", "prod"), Server("stage-1", "staging")],
                [DateTimeOffset.UnixEpoch], progress: null, CancellationToken.None);
        }

        private static ManualPolicy Manual(string name, string env, int approvals) => new()
        {
            Id = Guid.NewGuid(),
            Order = 1,
            Name = name,
            MaximumHours = 4,
            PendingTimeout = TimeSpan.FromDays(1),
            Target = new NodeTarget { Tags = [new TagPair("env", env)] },
            Levels = Levels(approvals),
        };

        private static ImmutableArray<ApprovalLevel> Levels(int approvals) => [new ApprovalLevel([new Approver(ApproverKind.Role, "approver")], approvals)];

        private static Actor Somebody(string name) => new()
        {
            Person = new Person(name.ToLowerInvariant(), name, null, [], new PersonAttributes()),
            Identity = new ProvenIdentity.Role(RoleArn.Parse("arn:aws:iam::111111111111:role/requester")),
        };

        private static Node Server(string name, string env) => new()
        {
            Id = InstanceId.Parse($"i-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))[..17]}"),
            Account = AccountId.Parse("111111111111"),
            Region = "eu-west-1",
            Name = name,
            Platform = "Linux",
            PingStatus = PingStatus.Online,
            Tags = Node.NoTags.Add("env", env),
        };
    }
}
