using System.Collections.Immutable;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

public sealed class PolicySetWarningsTests(SharedEngine engine)
{
    private static readonly Node[] Nodes = [Node(1, "env=prod", "app=shop"), Node(2, "env=prod"), Node(3, "env=stage"), Node(4, "app=shop")];

    private static readonly ApproverDirectory Everybody = new([Person("ann", "leads"), Person("bob", "leads", "ops"), Person("cat", "ops") with { Roles = [Given.ApproverRole] }], IsComplete: true);

    [Fact]
    public void Of_PoliciesThatDivideTheNodes_IsNone() => Assert.Empty(Warnings(Nodes, ByTags("Shop", 1, "app=shop") with { Target = Tags("app=shop") }, Given.AllNodes("Rest", Given.Level(1, Given.Group("leads")))));

    [Theory]
    [InlineData("env=test", "Dead: no node has env=test. Tag keys and values are case-sensitive. Check them, or turn the policy off.", null)]
    [InlineData("env=Prod", "Dead: no node has env=Prod. Tag keys and values are case-sensitive. There are nodes with env=prod.", "env=prod")]
    public void Of_NoNodeMatches_IsDead(string tag, string message, string? mended)
    {
        PolicyProblem warning = Assert.Single(Warnings(Nodes, ByTags("Dead", 1, tag)));

        Assert.Equal((message, true, nameof(ManualPolicy.Target)), (warning.Message, warning.IsWarning, warning.Field));
        Assert.Equal(mended, warning.Mend is null ? null : Assert.Single(((ManualPolicy)warning.Mend.Mended).Target.Tags).ToString());
    }

    [Fact]
    public void Of_FiltersLeaveNoNode_SaysWhich()
    {
        ManualPolicy tokyo = Given.AllNodes("Tokyo", Given.Level(1, Given.Group("leads"))) with { Target = new NodeTarget { Regions = ["ap-northeast-1"] } };

        Assert.Equal("Dead: no node is within its filters (Region ap-northeast-1). Change the filters, or turn the policy off.", Assert.Single(Warnings(Nodes, tokyo)).Message);
        Assert.Equal("Dead: no node has env=prod and is within its filters (Region ap-northeast-1). Change the filters, or turn the policy off.",
            Assert.Single(Warnings(Nodes, tokyo with { Target = tokyo.Target with { Tags = [new TagPair("env", "prod")] } })).Message);
    }

    [Fact]
    public void Of_TagPoliciesOverlap_CountsTheNodesAndNamesBoth()
    {
        ManualPolicy shop = ByTags("Shop", 2, "app=shop");

        (Guid policy, PolicyProblem warning) = Assert.Single(PolicySetWarnings.Of(Given.Set(ByTags("Production", 1, "env=prod"), shop), Nodes, ApproverDirectory.Unknown, engine.Cedar), one => one.Problem.Field == nameof(ManualPolicy.Target));

        Assert.Equal(shop.Id, policy);
        Assert.Equal("Overlap: 1 of its 2 nodes are decided by “Production”, which stands before it. Move “Shop” before it if it should decide there.", warning.Message);
        Assert.Null(warning.Mend);
    }

    [Fact]
    public void Of_EarlierPoliciesDecideAllItsNodes_IsShadowed()
    {
        ManualPolicy both = ByTags("Both", 3, "env=prod", "env=stage");

        Assert.Equal("Shadowed: all its 3 nodes are decided by “Production” and “Stage”, which stand before it, so it never decides. Move “Both” before them, or remove it.",
            Assert.Single(Warnings(Nodes, ByTags("Production", 1, "env=prod"), ByTags("Stage", 2, "env=stage"), both)).Message);
        Assert.Empty(Warnings(Nodes, ByTags("Production", 1, "env=prod") with { Enabled = false }, ByTags("Stage", 2, "env=stage") with { Order = 4 }, both with { Target = Tags("env=prod") }));
    }

    [Fact]
    public void Of_AllItsNodesHaveTagPolicies_IsShadowedWhateverTheOrder() => Assert.Equal(
        "Shadowed: its only node is decided by “Production”, which stands before it, so it never decides. A policy for tags always comes before one for all nodes. Remove one of them, or change their nodes.",
        Assert.Single(Warnings([Nodes[0]], Given.AllNodes("All", Given.Level(1, Given.Group("leads"))) with { Order = -5 }, ByTags("Production", 1, "env=prod"))).Message);

    [Fact]
    public void Of_NoNodesKnown_SaysNothingOfThem() => Assert.Empty(Warnings([], ByTags("Production", 1, "env=prod")));

    [Fact]
    public void Of_PolicyTurnedOff_IsNotLookedAt() => Assert.Empty(Warnings(Nodes, ByTags("Dead", 1, "env=test") with { Enabled = false, Levels = [Given.Level(1, Given.Group("nobody"))] }));

    public static TheoryData<ApprovalLevel[], string[]> Complete => new()
    {
        { [Given.Level(1, Given.Group("leads"))], [] },
        { [Given.Level(2, Given.Group("leads"), Given.Group("ops"))], [] },
        { [Given.Level(1, Given.Role("jit-approver"), Given.Person("ann"))], [] },
        { [Given.Level(1, Given.Person("ann"))], ["When Ann asks, only Ann could approve level 1: nobody decides about themselves, so that request could never be approved. Add an approver."] },
        { [Given.Level(1, Given.Role(Given.ApproverRole.Value))], ["When Cat asks, only Cat could approve level 1: nobody decides about themselves, so that request could never be approved. Add an approver."] },
        { [Given.Level(2, Given.Group("leads"))], ["When Ann or Bob asks, too few others are left to approve level 1: nobody decides about themselves, so that request could never be approved. Add an approver."] },
        { [Given.Level(3, Given.Group("leads"))], ["Level 1 needs 3 approvals, but only Ann and Bob could give one: no request can be approved. Add approvers."] },
        { [Given.Level(1, Given.Group("nobody"))], ["Level 1 has an approver that the directory does not know: nobody is in the group nobody. Correct or remove it.", "Level 1 needs 1 approval, but nobody is known who could give one: no request can be approved. Add approvers."] },
        { [Given.Level(1, Given.Person("ann")), Given.Level(1, Given.Person("ann"))], ["Level 2 needs 1 approval, but Ann is needed at another level too, and one person gives one review per request: no request can be approved. Add approvers."] },
        { [Given.Level(1, Given.Group("leads")), Given.Level(1, Given.Group("leads"))], ["When Ann or Bob asks, too few others are left to approve level 2: nobody decides about themselves, so that request could never be approved. Add an approver."] },
        { [Given.Level(1, Given.Group("leads"), Given.Role("jit-aprover"), Given.Person("dan"))], [
            "Level 1 has an approver that the directory does not know: nobody may act under the role jit-aprover. Correct or remove it.",
            "Level 1 has an approver that the directory does not know: there is no person dan. Correct or remove it."] },
    };

    [Theory]
    [MemberData(nameof(Complete), DisableDiscoveryEnumeration = true)]
    public void Of_EverybodyKnown_TellsWhatCannotBeMet(ApprovalLevel[] levels, string[] messages) =>
        Assert.Equal(messages, Warnings([], Everybody, Given.AllNodes("All", levels)).Select(warning => warning.Message));

    [Fact]
    public void Of_NotEverybodyKnown_DoesNotTakeThatForNobody()
    {
        ApproverDirectory some = Everybody with { IsComplete = false };

        Assert.Empty(Warnings([], some, Given.AllNodes("All", Given.Level(5, Given.Group("leads")))));
        Assert.Equal(["Level 1 has an approver that the directory does not know: nobody seen here so far is in the group Leads. Check that it is written as the identity provider writes it."],
            Warnings([], some, Given.AllNodes("All", Given.Level(1, Given.Group("Leads")))).Select(warning => warning.Message));
        Assert.Equal(["When Ann asks, only Ann could approve level 1: nobody decides about themselves, so that request could never be approved. Add an approver."],
            Warnings([], some, Given.AllNodes("All", Given.Level(1, Given.Person("ann")))).Select(warning => warning.Message));
    }

    [Fact]
    public void Of_ManyPeople_IsToldSoon()
    {
        ApproverDirectory many = new([.. Enumerable.Range(0, 2_000).Select(number => Person($"p{number}", "all"))], IsComplete: true);

        Assert.Empty(Warnings([], many, Given.AllNodes("All", Given.Level(5, Given.Group("all")), Given.Level(5, Given.Group("all")))));
    }

    [Fact]
    public void Of_SameStatementAgain_IsShadowed()
    {
        AutoApprovalPolicy first = Given.Auto($"// One.\n{Given.Permit("resource.region == \"a\"")}", "First") with { Order = 1 };
        AutoApprovalPolicy second = Given.Auto("permit (principal,action,resource)\nwhen { resource.region\n== \"a\" };", "Second") with { Order = 2 };
        AutoApprovalPolicy third = Given.Auto($"{Given.Permit("true")}\n\n{Given.Permit("resource.region == \"a\"")}", "Third") with { Order = 3 };

        ImmutableArray<(Guid PolicyId, PolicyProblem Problem)> warnings = PolicySetWarnings.Of(Given.Set(third, second, first), [], ApproverDirectory.Unknown, engine.Cedar);

        Assert.Equal([second.Id, third.Id], warnings.Select(warning => warning.PolicyId));
        Assert.Equal("Shadowed: statement 1 says the same as statement 1 of “First”, which stands before it. Remove it, or turn the policy off.", warnings[0].Problem.Message);
        Assert.Equal(("Turn the policy off", false), (warnings[0].Problem.Mend!.Label, warnings[0].Problem.Mend!.Mended.Enabled));
        Assert.Equal((3, 1, "Remove the statement", Given.Permit("true")), (warnings[1].Problem.Line!.Value, warnings[1].Problem.Column!.Value, warnings[1].Problem.Mend!.Label, ((AutoApprovalPolicy)warnings[1].Problem.Mend!.Mended).Cedar));
        Assert.Empty(Warnings([], first with { Enabled = false }, second));
    }

    [Fact]
    public void Of_SameForbidWithAnotherEffect_IsShadowedByTheStrongerOnly()
    {
        DenyAccessPolicy block = Given.Deny(Given.Forbid("true"), "Block") with { Order = 1 };
        DenyAccessPolicy refuse = Given.Deny(Given.Forbid("true"), "Refuse", DenyEffect.Refuse) with { Order = 2 };

        Assert.Empty(Warnings([], block, refuse));
        Assert.StartsWith("Shadowed: statement 1 says the same as statement 1 of “Refuse”", Assert.Single(Warnings([], block with { Order = 3 }, refuse)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Shadowed", Assert.Single(Warnings([], block, block with { Id = Guid.NewGuid(), Name = "Again", Order = 2 })).Message, StringComparison.Ordinal);
        Assert.Empty(Warnings([], block with { Cedar = "forbid (" }, block with { Id = Guid.NewGuid(), Cedar = "forbid (" }));
    }

    [Fact]
    public void Of_SameStatementTwiceInOnePolicy_IsRemoved()
    {
        PolicyProblem warning = Assert.Single(Warnings([], Given.Deny($"{Given.Forbid("true")}\n{Given.Forbid("true")}")));

        Assert.Equal("Shadowed: statement 2 says the same as statement 1. Remove it.", warning.Message);
        Assert.Equal(Given.Forbid("true"), ((DenyAccessPolicy)warning.Mend!.Mended).Cedar);
    }

    private PolicyProblem[] Warnings(Node[] nodes, params Policy[] policies) => Warnings(nodes, Everybody, policies);

    private PolicyProblem[] Warnings(Node[] nodes, ApproverDirectory directory, params Policy[] policies) =>
        [.. PolicySetWarnings.Of(Given.Set(policies), nodes, directory, engine.Cedar).Select(warning => warning.Problem)];

    private static ManualPolicy ByTags(string name, int order, params string[] tags) =>
        Given.ByTags(name, tags) with { Order = order, Levels = [Given.Level(1, Given.Group("leads"))] };

    private static NodeTarget Tags(params string[] tags) => new() { Tags = [.. tags.Select(Given.Tag)] };

    private static Node Node(int number, params string[] tags) => Given.Node(tags) with { Id = InstanceId.Parse($"i-0000000{number}") };

    private static ApproverDirectory.KnownPerson Person(string subject, params string[] groups) =>
        new(subject, $"{char.ToUpperInvariant(subject[0])}{subject[1..]}", groups.ToImmutableSortedSet(StringComparer.Ordinal), []);
}
