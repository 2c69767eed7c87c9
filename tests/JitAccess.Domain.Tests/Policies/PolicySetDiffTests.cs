using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

public sealed class PolicySetDiffTests
{
    private static readonly ManualPolicy Production = Given.ByTags("Production", "env=prod") with
    {
        MaximumHours = 8,
        Levels = [Given.Level(1, Given.Group("leads")), Given.Level(1, Given.Person("ann"), Given.Role("arn:aws:iam::111111111111:role/jit-approver"))],
    };

    private static readonly DenyAccessPolicy Deny = Given.Deny(Given.Forbid("true"), "Restricted");

    private static readonly AutoApprovalPolicy Auto = Given.Auto(Given.Permit("true"), "Open", hours: 1);

    public static TheoryData<string, Policy, Policy, string[]> Changes => new()
    {
        { "name", Production, Production with { Name = "Live" }, ["Renamed from “Production”."] },
        { "off", Auto, Auto with { Enabled = false }, ["Turned off."] },
        { "on", Auto with { Enabled = false }, Auto, ["Turned on."] },
        { "description added", Deny, Deny with { Description = "Why." }, ["Description added: “Why.”."] },
        { "description removed", Deny with { Description = "Why." }, Deny, ["Description removed: “Why.”."] },
        { "description", Deny with { Description = "Why." }, Deny with { Description = "Because." }, ["Description changed from “Why.” to “Because.”."] },
        { "effect", Deny, Deny with { Effect = DenyEffect.Refuse }, ["A match now refuses the request; before, it only kept it from automatic approval."] },
        { "effect back", Deny with { Effect = DenyEffect.Refuse }, Deny, ["A match now only keeps a request from automatic approval; before, it refused the request."] },
        { "cedar", Deny, Deny with { Cedar = Given.Forbid("false") }, ["The Cedar text changed."] },
        { "auto hours", Auto, Auto with { MaximumHours = 4 }, ["Maximum access raised from 1 h to 4 h."] },
        { "hours", Production, Production with { MaximumHours = 4 }, ["Maximum access lowered from 8 h to 4 h."] },
        { "pending", Production, Production with { PendingTimeout = new TimeSpan(1, 2, 30, 0) }, ["Pending requests now time out after 1 day 2 h 30 min; before: 7 days."] },
        { "pending by ticks", Production with { PendingTimeout = TimeSpan.FromSeconds(300) }, Production with { PendingTimeout = TimeSpan.FromSeconds(300.5) }, ["Pending requests now time out after 5 min 0.5 s; before: 5 min."] },
        { "target", Given.AllNodes("Production") with { Id = Production.Id, MaximumHours = 8, Levels = Production.Levels }, Production with { Target = Production.Target with { Tags = [new("env", "prod"), new("env", "stage")] } }, ["Now for nodes with env=prod or env=stage; before: all nodes."] },
        { "filters", Production, Production with { Target = new NodeTarget { Accounts = ["111111111111", "222222222222"], Regions = ["eu-west-1"], Platforms = ["Linux"] } }, ["Now for all nodes, in account 111111111111 or 222222222222, in Region eu-west-1, on Linux; before: nodes with env=prod."] },
        { "tags in another order", Given.ByTags("T", "a=1", "b=2") with { Id = Guid.Empty }, Given.ByTags("T", "b=2", "a=1") with { Id = Guid.Empty }, ["Still for the same nodes, written in another way: nodes with b=2 or a=1."] },
        { "approvals", Production, Levels(Given.Level(2, Given.Group("leads")), Production.Levels[1]), ["Approvals at level 1 raised from 1 to 2."] },
        { "approvals fewer", Levels(Given.Level(2, Given.Group("leads"))), Levels(Given.Level(1, Given.Group("leads"))), ["Approvals at level 1 lowered from 2 to 1."] },
        { "approver added", Levels(Production.Levels[0], Given.Level(1, Given.Person("ann"))), Levels(Production.Levels[0], Given.Level(1, Given.Person("ann"), Given.Group("platform-leads"))), ["Approver added at level 2: group platform-leads."] },
        { "role by ARN is not the role by name", Production, Levels(Production.Levels[0], Given.Level(1, Given.Person("ann"), Given.Role("jit-approver"))), ["Approver added at level 2: role jit-approver.", "Approver removed at level 2: role arn:aws:iam::111111111111:role/jit-approver."] },
        { "approvers in another order", Levels(Given.Level(1, Given.Person("ann"), Given.Person("bob"))), Levels(Given.Level(1, Given.Person("bob"), Given.Person("ann"))), ["Still the same approvers at level 1, written in another way: person bob, person ann."] },
        { "level added behind", Levels(Production.Levels[0]), Production, ["Level 2 added: any 1 of person ann, role arn:aws:iam::111111111111:role/jit-approver."] },
        { "level added in front", Levels(Production.Levels[1]), Production, ["Level 1 added: any 1 of group leads."] },
        { "level removed in front", Production, Levels(Production.Levels[1]), ["Level 1 removed: any 1 of group leads."] },
        { "several", Production, Production with { Name = "Live", Enabled = false, MaximumHours = 24 }, ["Renamed from “Production”.", "Turned off.", "Maximum access raised from 8 h to 24 h."] },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void Between_OnePolicyDiffers_SaysHow(string what, Policy before, Policy after, string[] sentences)
    {
        PolicyChange change = Assert.Single(PolicySetDiff.Between(Given.Set(before), Given.Set(after)));

        Assert.NotEmpty(what);
        Assert.Equal((PolicyChangeKind.Changed, after.Id, after.Kind, after.Name), (change.Kind, change.PolicyId, change.PolicyKind!.Value, change.Name));
        Assert.Equal(sentences, change.Sentences);
    }

    [Fact]
    public void Between_CedarDiffers_KeepsBothTexts()
    {
        PolicyChange change = Assert.Single(PolicySetDiff.Between(Given.Set(Deny), Given.Set(Deny with { Cedar = Given.Forbid("false") })));
        PolicyChange other = Assert.Single(PolicySetDiff.Between(Given.Set(Deny), Given.Set(Deny with { Name = "Other" })));

        Assert.Equal((Given.Forbid("true"), Given.Forbid("false")), (change.CedarBefore, change.CedarAfter));
        Assert.Equal((null, null), (other.CedarBefore, other.CedarAfter));
    }

    [Fact]
    public void Between_SecondAdminRule_IsAChangeOfTheWholeSet()
    {
        PolicyChange on = Assert.Single(PolicySetDiff.Between(PolicySet.Empty, PolicySet.Empty with { PublishNeedsSecondAdmin = true }));
        PolicyChange off = Assert.Single(PolicySetDiff.Between(PolicySet.Empty with { PublishNeedsSecondAdmin = true }, PolicySet.Empty));

        Assert.Equal((null, null), (on.PolicyId, on.PolicyKind));
        Assert.Equal("From now on, a version must be published by an admin who did not edit it.", Assert.Single(on.Sentences));
        Assert.Equal("An admin may again publish what they edited themselves; before, a second admin was needed.", Assert.Single(off.Sentences));
    }

    [Fact]
    public void Between_PoliciesAdded_AreDescribedByWhatTheyDo()
    {
        PolicySet before = Given.Set(Production with { Order = 2 });
        ManualPolicy stage = Given.ByTags("Stage", "env=stage") with { Order = 1, Description = "For tests.", Enabled = false };

        PolicyChange[] changes = [.. PolicySetDiff.Between(before, before.With(stage).With(Auto).With(Deny).With(Deny with { Id = Guid.NewGuid(), Name = "Never", Effect = DenyEffect.Refuse, Order = 1 }))];

        Assert.All(changes, change => Assert.Equal(PolicyChangeKind.Added, change.Kind));
        Assert.Equal(["Restricted", "Never", "Open", "Stage"], changes.Select(change => change.Name));
        Assert.Equal(["It keeps from automatic approval what its Cedar text matches.", "It stands before “Never”."], changes[0].Sentences);
        Assert.Equal(["It refuses what its Cedar text matches."], changes[1].Sentences);
        Assert.Equal(["It approves at once what its Cedar text matches, for at most 1 h."], changes[2].Sentences);
        Assert.Equal(
            ["It is turned off.", "It is for nodes with env=stage.", "Maximum access is 24 h.", "Pending requests time out after 7 days.", "Level 1 asks for any 1 of role jit-approver.", "Its description is “For tests.”.", "It stands before “Production”."],
            changes[3].Sentences);
        Assert.Equal((null, Auto.Cedar), (changes[2].CedarBefore, changes[2].CedarAfter));
    }

    [Fact]
    public void Between_PoliciesRemoved_AreToldWhereTheyStood()
    {
        ManualPolicy[] manual = [.. "ABC".Select((name, index) => Given.ByTags(name.ToString(), "env=prod") with { Order = index })];

        PolicyChange[] changes = [.. PolicySetDiff.Between(Given.Set([Deny, Auto, .. manual]), Given.Set(manual[0] with { MaximumHours = 1 }, manual[2] with { MaximumHours = 1 }))];

        Assert.Equal(
            [(PolicyChangeKind.Removed, "Restricted"), (PolicyChangeKind.Removed, "Open"), (PolicyChangeKind.Changed, "A"), (PolicyChangeKind.Removed, "B"), (PolicyChangeKind.Changed, "C")],
            changes.Select(change => (change.Kind, change.Name)));
        Assert.Equal(["It kept from automatic approval what its Cedar text matched."], changes[0].Sentences);
        Assert.Equal(["It approved at once what its Cedar text matched, for at most 1 h."], changes[1].Sentences);
        Assert.Equal(["It was for nodes with env=prod.", "Maximum access was 24 h.", "Pending requests timed out after 7 days.", "Level 1 asked for any 1 of role jit-approver."], changes[3].Sentences);
        Assert.Equal((Deny.Cedar, null), (changes[0].CedarBefore, changes[0].CedarAfter));
    }

    [Theory]
    [InlineData("ABCDE", "EABCD", "E: Moved before “A”.")]
    [InlineData("ABCDE", "BCDEA", "A: Moved behind “E”.")]
    [InlineData("ABCDE", "ADBCE", "D: Moved before “B”.")]
    [InlineData("ABCDE", "ACDBE", "B: Moved behind “D”.")]
    [InlineData("ABCDE", "DEABC", "D: Moved before “A”.|E: Moved before “A”.")]
    [InlineData("ABCDE", "ABXCDE", "")]
    [InlineData("ABCDE", "ACE", "")]
    public void Between_OrderDiffers_NamesOnlyWhatMoved(string before, string after, string moves)
    {
        Dictionary<char, ManualPolicy> policies = "ABCDEX".ToDictionary(name => name, name => Given.ByTags(name.ToString(), "env=prod"));

        IEnumerable<PolicyChange> changes = PolicySetDiff.Between(InOrder(before), InOrder(after)).Where(change => change.Kind is PolicyChangeKind.Moved or PolicyChangeKind.Changed);

        Assert.Equal(moves, string.Join('|', changes.Select(change => $"{change.Name}: {Assert.Single(change.Sentences)}")));

        PolicySet InOrder(string names) => Given.Set([.. names.Select((name, index) => policies[name] with { Order = index })]);
    }

    [Fact]
    public void Between_MovedAndChanged_IsOneChange()
    {
        ManualPolicy first = Given.ByTags("A", "env=prod") with { Order = 1 };
        ManualPolicy second = Given.ByTags("B", "env=prod") with { Order = 2 };
        ManualPolicy third = Given.ByTags("C", "env=prod") with { Order = 3 };

        PolicyChange change = Assert.Single(PolicySetDiff.Between(Given.Set(first, second, third), Given.Set(first, second, third with { Order = 0, MaximumHours = 48 })));

        Assert.Equal(PolicyChangeKind.Changed, change.Kind);
        Assert.Equal(["Maximum access raised from 24 h to 48 h.", "Moved before “A”."], change.Sentences);
    }

    [Fact]
    public void Between_SameIdOfAnotherKind_IsAnotherPolicy() => Assert.Equal(
        [PolicyChangeKind.Removed, PolicyChangeKind.Added],
        PolicySetDiff.Between(Given.Set(Deny), Given.Set(Auto with { Id = Deny.Id })).Select(change => change.Kind));

    private static ManualPolicy Levels(params ApprovalLevel[] levels) => Production with { Levels = [.. levels] };
}
