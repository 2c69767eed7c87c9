using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

public sealed class PolicyEvaluatorTests(SharedEngine engine)
{
    private const string Unguarded = "resource.getTag(\"missing\") == \"x\"";

    [Theory]
    [InlineData(null, null, false, DecisionOutcome.NotCovered)]
    [InlineData(null, null, true, DecisionOutcome.NeedsApproval)]
    [InlineData(null, "true", false, DecisionOutcome.Automatic)]
    [InlineData(null, "true", true, DecisionOutcome.Automatic)]
    [InlineData(null, "false", true, DecisionOutcome.NeedsApproval)]
    [InlineData(null, "false", false, DecisionOutcome.NotCovered)]
    [InlineData(null, Unguarded, true, DecisionOutcome.NeedsApproval)]
    [InlineData(null, Unguarded, false, DecisionOutcome.NotCovered)]
    [InlineData("true", null, false, DecisionOutcome.NotCovered)]
    [InlineData("true", null, true, DecisionOutcome.NeedsApproval)]
    [InlineData("true", "true", false, DecisionOutcome.NotCovered)]
    [InlineData("true", "true", true, DecisionOutcome.NeedsApproval)]
    [InlineData("false", "true", false, DecisionOutcome.Automatic)]
    [InlineData("false", "true", true, DecisionOutcome.Automatic)]
    [InlineData(Unguarded, "true", false, DecisionOutcome.NotCovered)]
    [InlineData(Unguarded, "true", true, DecisionOutcome.NeedsApproval)]
    public void Decide_DenyThenAutoThenManual_ComesOutAsTheTableSays(string? deny, string? auto, bool manual, DecisionOutcome expected)
    {
        List<Policy> policies = [];
        if (deny is not null) policies.Add(Given.Deny(Given.Forbid(deny)));
        if (auto is not null) policies.Add(Given.Auto(Given.Permit(auto)));
        if (manual) policies.Add(Given.AllNodes());

        Assert.Equal(expected, Decide([.. policies]).Outcome);
    }

    [Theory]
    [InlineData("true", "statement 1 matches")]
    [InlineData(Unguarded, "could not be evaluated, which counts as a match")]
    public void Decide_ARefusingDenyMatches_RefusesNamingThePolicy(string condition, string because)
    {
        DenyAccessPolicy freeze = Given.Deny(Given.Forbid(condition), "Freeze", DenyEffect.Refuse);

        Decision decision = Decide(freeze, Given.Auto(Given.Permit("true")), Given.AllNodes());

        Assert.Equal(DecisionOutcome.Refused, decision.Outcome);
        Assert.StartsWith("Refused by “Freeze”: ", decision.Sentence, StringComparison.Ordinal);
        Assert.Contains(because, decision.Sentence, StringComparison.Ordinal);
        Assert.Equal((freeze.Id, "Freeze"), (decision.DecidedBy, decision.DecidedByName));
        Assert.Equal([PolicyVerdict.Refuses, PolicyVerdict.WouldApproveButBlocked, PolicyVerdict.MatchesNotUsed], Verdicts(decision));
        Assert.False(decision.CanBeRequested);
    }

    [Fact]
    public void Decide_NothingApplies_SaysSoWithTheNodesTags()
    {
        Decision decision = Decide(Given.Question(node: Given.Node("Name=demo-linux", "env=batch")), Given.Deny(Given.Forbid("true")));

        Assert.Equal("No policy applies to demo-linux (env=batch), so access cannot be requested. Ask an admin of JitAccess to cover it.", decision.Sentence);
        Assert.Null(decision.DecidedBy);
        Assert.Equal("not covered by any policy", decision.InShort);
    }

    [Fact]
    public void Decide_AutoApprovalMatches_NamesItsPolicyAndHours()
    {
        Decision decision = Decide(Given.Auto(Given.Permit("true"), "Demo", 3));

        Assert.Equal("Approved automatically by “Demo” for 3 h.", decision.Sentence);
        Assert.Equal(("Demo", 3, "automatic, 3 h"), (decision.DecidedByName, decision.MaximumHours, decision.InShort));
        Assert.Empty(decision.Levels);
        Assert.Null(decision.PendingTimeout);
    }

    [Fact]
    public void Decide_ManualPolicyMatches_PinsItsLevelsHoursAndTimeout()
    {
        ManualPolicy policy = Given.AllNodes("Two eyes, then two more", Given.Level(1, Given.Group("leads")), Given.Level(2, Given.Role("jit-approver"))) with { PendingTimeout = TimeSpan.FromHours(5) };

        Decision decision = Decide(policy);

        Assert.Equal("“Two eyes, then two more” asks for 3 approvals in 2 levels, up to 24 h.", decision.Sentence);
        Assert.Equal((3, 24, TimeSpan.FromHours(5), 7), (decision.RequiredApprovals, decision.MaximumHours, decision.PendingTimeout, decision.PolicySetVersion));
        Assert.Equal(policy.Levels.AsEnumerable(), decision.Levels);
    }

    [Fact]
    public void Decide_TagAndAllNodesMatch_TagWinsAndTheyNeverAddUp()
    {
        ManualPolicy production = Given.ByTags("Production", "env=prod") with { Order = 9, Levels = [Given.Level(2, Given.Group("leads"))] };

        Decision decision = Decide(Given.Question(node: Given.Node("env=prod")), Given.AllNodes() with { Order = 0 }, production);

        Assert.Equal("Production", decision.DecidedByName);
        Assert.Equal(production.Levels.AsEnumerable(), decision.Levels);
        Assert.Empty(decision.Warnings);
        Assert.Equal([("Production", PolicyVerdict.Decides, "tag env=prod"), ("All nodes", PolicyVerdict.MatchesNotUsed, "“Production” targets tags and wins")], Explained(decision));
    }

    [Theory]
    [InlineData("env=prod", true, null)]
    [InlineData("app=shop", true, null)]
    [InlineData("env=Prod", false, "env is Prod, there is no app")]
    [InlineData("Env=prod", false, "there is no env, there is no app")]
    [InlineData("env=production", false, "env is production, there is no app")]
    [InlineData("app=prod", false, "there is no env, app is prod")]
    public void Decide_SeveralTagsInOnePolicy_AnyOfThemMatchesCaseSensitively(string tag, bool matches, string? found)
    {
        Decision decision = Decide(Given.Question(node: Given.Node(tag)), Given.ByTags("Shop", "env=prod", "app=shop"));

        Assert.Equal(matches ? DecisionOutcome.NeedsApproval : DecisionOutcome.NotCovered, decision.Outcome);
        Assert.Equal(matches ? $"tag {tag}" : $"takes env=prod or app=shop, and {found}", Assert.Single(decision.Answers).Because);
    }

    [Fact]
    public void Decide_SeveralTagPoliciesMatch_LowestOrderDecidesAndTheOverlapIsAWarning()
    {
        Decision decision = Decide(Given.Question(node: Given.Node("env=prod", "app=shop")),
            Given.ByTags("Third", "env=prod") with { Order = 3 },
            Given.ByTags("First", "app=shop") with { Order = 1 },
            Given.ByTags("Second", "env=prod") with { Order = 2 },
            Given.ByTags("Elsewhere", "env=test") with { Order = 0 });

        Assert.Equal("First", decision.DecidedByName);
        Assert.Equal("“Second”, “Third” would match by tag too; “First” stands first and decides.", Assert.Single(decision.Warnings));
        Assert.Equal(
        [
            ("Elsewhere", PolicyVerdict.DoesNotMatch, "takes env=test, and env is prod"),
            ("First", PolicyVerdict.Decides, "tag app=shop"),
            ("Second", PolicyVerdict.OverlapsNotUsed, "“First” stands before it; tag env=prod"),
            ("Third", PolicyVerdict.OverlapsNotUsed, "“First” stands before it; tag env=prod"),
        ], Explained(decision));
    }

    [Fact]
    public void Decide_EqualPlaces_TheLowerIdDecides()
    {
        ManualPolicy one = Given.AllNodes("One") with { Id = new Guid("00000000-0000-0000-0000-000000000001") };
        ManualPolicy two = Given.AllNodes("Two") with { Id = new Guid("00000000-0000-0000-0000-000000000002") };

        Assert.Equal("One", Decide(two, one).DecidedByName);
        Assert.Equal("One", Decide(one, two).DecidedByName);
    }

    [Theory]
    [InlineData("111111111111", "eu-west-1", "Linux", true)]
    [InlineData("111111111111", "", "", true)]
    [InlineData("", "eu-west-1", "", true)]
    [InlineData("", "", "Linux", true)]
    [InlineData("222222222222", "eu-west-1", "Linux", false)]
    [InlineData("111111111111", "ap-northeast-1", "Linux", false)]
    [InlineData("111111111111", "eu-west-1", "Windows", false)]
    public void Decide_TargetIsNarrowed_EveryFilterMustAdmitTheNode(string account, string region, string platform, bool matches)
    {
        NodeTarget filters = new() { Accounts = Filter(account), Regions = Filter(region), Platforms = Filter(platform) };

        Decision forAll = Decide(Given.AllNodes() with { Target = filters });
        Decision byTag = Decide(Given.Question(node: Given.Node("env=prod")), Given.ByTags("Production") with { Target = filters with { Tags = [Given.Tag("env=prod")] } });

        DecisionOutcome expected = matches ? DecisionOutcome.NeedsApproval : DecisionOutcome.NotCovered;
        Assert.Equal((expected, expected), (forAll.Outcome, byTag.Outcome));
        if (!matches) Assert.StartsWith("only for ", Assert.Single(byTag.Answers).Because, StringComparison.Ordinal);

        static System.Collections.Immutable.ImmutableArray<string> Filter(string value) => value == "" ? [] : ["elsewhere", value];
    }

    [Fact]
    public void Decide_DisabledPolicies_DecideNothing()
    {
        Decision decision = Decide(
            Given.Deny(Given.Forbid("true"), effect: DenyEffect.Refuse) with { Enabled = false },
            Given.Auto(Given.Permit("true")) with { Enabled = false },
            Given.ByTags("Tags", "env=prod") with { Enabled = false },
            Given.AllNodes() with { Enabled = false });

        Assert.Equal(DecisionOutcome.NotCovered, decision.Outcome);
        Assert.Empty(decision.Answers);
    }

    [Fact]
    public void Decide_SeveralAutoPoliciesMatch_FirstInOrderDecides()
    {
        Decision decision = Decide(
            Given.Auto(Given.Permit("true"), "Later", 8) with { Order = 2 },
            Given.Auto(Given.Permit("true"), "Sooner", 2) with { Order = 1 },
            Given.Auto(Given.Permit(Unguarded), "Broken") with { Order = 3 });

        Assert.Equal(("Sooner", 2), (decision.DecidedByName, decision.MaximumHours));
        Assert.Equal([PolicyVerdict.ApprovesAutomatically, PolicyVerdict.MatchesNotUsed, PolicyVerdict.DoesNotMatch], Verdicts(decision));
        Assert.Contains("could not be evaluated, so it does not match", decision.Answers[2].Because, StringComparison.Ordinal);
        Assert.Equal(Given.Permit(Unguarded), decision.Answers[2].Statement);
    }

    [Fact]
    public void Decide_DenyBlocks_EveryPolicyStillAnswers()
    {
        Decision decision = Decide(
            Given.Deny(Given.Forbid("true"), "Restricted") with { Order = 2 },
            Given.Deny(Given.Forbid("false"), "Elsewhere") with { Order = 1 },
            Given.Auto(Given.Permit("true"), "Demo"),
            Given.Auto(Given.Permit("false"), "Never"),
            Given.AllNodes());

        Assert.Equal(5, decision.Answers.Length);
        Assert.Equal(PolicyVerdict.DoesNotMatch, Verdict(decision, "Elsewhere"));
        Assert.Equal(PolicyVerdict.BlocksAutomaticApproval, Verdict(decision, "Restricted"));
        Assert.Equal(PolicyVerdict.WouldApproveButBlocked, Verdict(decision, "Demo"));
        Assert.Equal(PolicyVerdict.DoesNotMatch, Verdict(decision, "Never"));
        Assert.Equal(PolicyVerdict.Decides, Verdict(decision, "All nodes"));
        Assert.Equal([PolicyKind.DenyAccess, PolicyKind.DenyAccess, PolicyKind.AutoApproval, PolicyKind.AutoApproval, PolicyKind.Manual], decision.Answers.Select(answer => answer.Kind));
        Assert.Equal("Elsewhere", decision.Answers[0].PolicyName);
    }

    [Fact]
    public void Decide_AutomaticDecides_ManualPoliciesAreNotUsed()
    {
        Decision decision = Decide(Given.Question(node: Given.Node("env=prod")), Given.Auto(Given.Permit("true")), Given.ByTags("Tags", "env=prod"), Given.AllNodes());

        Assert.Equal([PolicyVerdict.ApprovesAutomatically, PolicyVerdict.MatchesNotUsed, PolicyVerdict.MatchesNotUsed], Verdicts(decision));
        Assert.Equal("an earlier kind of policy decides", decision.Answers[1].Because);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(11)]
    public void Decide_SeveralStatements_NamesTheFirstThatMatches(int first)
    {
        string[] statements = [.. Enumerable.Range(1, 12).Select(number => Given.Forbid(number < first ? "false" : $"true || resource.hasTag(\"{number}\")"))];

        PolicyAnswer answer = Assert.Single(Decide(Given.Deny(string.Join("\n", statements))).Answers);

        Assert.Equal($"statement {first} matches", answer.Because);
        Assert.Equal(statements[first - 1], answer.Statement);
    }

    [Fact]
    public void Decide_OneStatementErrsAndALaterOneMatches_NamesTheMatch()
    {
        string cedar = Given.Permit(Unguarded) + Given.Permit("true");

        PolicyAnswer answer = Assert.Single(Decide(Given.Auto(cedar)).Answers);

        Assert.Equal((PolicyVerdict.ApprovesAutomatically, "statement 2 matches", Given.Permit("true")), (answer.Verdict, answer.Because, answer.Statement));
    }

    [Fact]
    public void Decide_AForbidThatErrs_SaysWhichTagIsMissing()
    {
        PolicyAnswer answer = Assert.Single(Decide(Given.Deny(Given.Forbid(Unguarded))).Answers);

        Assert.Equal(PolicyVerdict.BlocksAutomaticApproval, answer.Verdict);
        Assert.Contains("`missing`", answer.Because, StringComparison.Ordinal);
        Assert.Equal(Given.Forbid(Unguarded), answer.Statement);
    }

    [Theory]
    [InlineData("permit (principal", DecisionOutcome.NeedsApproval)]
    [InlineData("forbid (principal, action, resource);", DecisionOutcome.NeedsApproval)]
    [InlineData("permit (principal, action, resource); forbid (principal, action, resource);", DecisionOutcome.NeedsApproval)]
    public void Decide_AnAutoPolicyThatNoFormWouldSave_HelpsNobody(string cedar, DecisionOutcome expected) =>
        Assert.Equal(expected, Decide(Given.Auto(cedar), Given.AllNodes()).Outcome);

    [Theory]
    [InlineData("forbid (principal")]
    [InlineData("permit (principal, action, resource) when { false };")]
    public void Decide_ADenyPolicyThatNoFormWouldSave_CountsAsAMatch(string cedar) =>
        Assert.Equal(DecisionOutcome.NotCovered, Decide(Given.Deny(cedar), Given.Auto(Given.Permit("true"))).Outcome);

    public static TheoryData<ProvenIdentity, string> IdentitiesThatCannotAsk => new()
    {
        { new ProvenIdentity.IamUser("arn:aws:iam::111111111111:user/ops/alice"), "You are signed in as the IAM user alice. Requests and approvals are made with a role. Assume one of: jit-requester, jit-approver. Then sign in again." },
        { new ProvenIdentity.AccountRoot("arn:aws:iam::111111111111:root"), "You are signed in as the root user of an AWS account. Requests and approvals are made with a role. Assume one of: jit-requester, jit-approver. Then sign in again." },
        { new ProvenIdentity.Unmapped(), "Your sign-in maps to no IAM role. Requests and approvals are made with a role. Ask an admin of JitAccess to map one of your groups to a role." },
    };

    [Theory]
    [MemberData(nameof(IdentitiesThatCannotAsk))]
    public void Decide_ActorIsNotUnderARole_RefusesWithWhatToDo(ProvenIdentity identity, string sentence)
    {
        Actor actor = Given.Requester with { Identity = identity, SuggestedRoles = [Given.RequesterRole, Given.ApproverRole] };

        Decision decision = Decide(Given.Question(actor), Given.Auto(Given.Permit("true")), Given.AllNodes());

        Assert.Equal((DecisionOutcome.Refused, sentence), (decision.Outcome, decision.Sentence));
        Assert.Null(decision.DecidedBy);
        Assert.Equal([PolicyVerdict.MatchesNotUsed, PolicyVerdict.MatchesNotUsed], Verdicts(decision));
    }

    [Theory]
    [InlineData(PingStatus.ConnectionLost)]
    [InlineData(PingStatus.Inactive)]
    public void Decide_NodeIsOffline_RefusesWithWhatToDo(PingStatus status)
    {
        Node node = Given.Node() with { PingStatus = status, LastPingAt = Given.Now.AddHours(-3) };

        Decision decision = Decide(Given.Question(node: node), Given.Auto(Given.Permit("true")));
        Decision neverSeen = Decide(Given.Question(node: node with { LastPingAt = null }), Given.Auto(Given.Permit("true")));

        Assert.Equal((DecisionOutcome.Refused, "demo-linux cannot be reached: its agent is offline since 2026-11-24 05:30 UTC. Start the agent, refresh the nodes, then try again."), (decision.Outcome, decision.Sentence));
        Assert.Equal("demo-linux cannot be reached: its agent is offline. Start the agent, refresh the nodes, then try again.", neverSeen.Sentence);
    }

    [Fact]
    public void Decide_LevelCannotBeMetWithoutTheRequester_RefusesNamingTheLevel()
    {
        ManualPolicy policy = Given.AllNodes("Pair", Given.Level(1, Given.Group("leads")), Given.Level(2, Given.Person("requester"), Given.Person("ann")));

        Decision own = Decide(Given.Question(Given.Requester), policy);
        Decision others = Decide(Given.Question(Given.Actor("bob")), policy);

        Assert.Equal(DecisionOutcome.Refused, own.Outcome);
        Assert.Equal("“Pair” cannot be met: level 2 needs any 2 of requester, ann, and without you too few people are left. Ask an admin of JitAccess to add an approver.", own.Sentence);
        Assert.Empty(own.Levels);
        Assert.Equal(DecisionOutcome.NeedsApproval, others.Outcome);
    }

    private Decision Decide(params Policy[] policies) => Decide(Given.Question(), policies);

    private Decision Decide(AccessQuestion question, params Policy[] policies) =>
        new PolicyEvaluator(new PolicySetVersion(7, Given.Set(policies)), engine.Cedar).Decide(question);

    private static IEnumerable<PolicyVerdict> Verdicts(Decision decision) => decision.Answers.Select(answer => answer.Verdict);

    private static PolicyVerdict Verdict(Decision decision, string name) => decision.Answers.Single(answer => answer.PolicyName == name).Verdict;

    private static IEnumerable<(string, PolicyVerdict, string)> Explained(Decision decision) =>
        decision.Answers.Select(answer => (answer.PolicyName, answer.Verdict, answer.Because));
}
