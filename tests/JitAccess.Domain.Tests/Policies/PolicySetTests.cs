using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

public sealed class PolicySetTests
{
    [Fact]
    public void InOrderOfEvaluation_AllKinds_IsDenyAutoTagsAllNodesEachByOrder()
    {
        PolicySet set = Given.Set(
            Given.AllNodes("all 2") with { Order = 2 }, Given.AllNodes("all 1") with { Order = 1 },
            Given.ByTags("tags 9", "a=b") with { Order = 9 }, Given.ByTags("tags 8", "a=b") with { Order = 8 },
            Given.Auto("", "auto 7") with { Order = 7 }, Given.Auto("", "auto 6") with { Order = 6 },
            Given.Deny("", "deny 5") with { Order = 5 }, Given.Deny("", "deny 4") with { Order = 4 });

        Assert.Equal(["deny 4", "deny 5", "auto 6", "auto 7", "tags 8", "tags 9", "all 1", "all 2"], set.InOrderOfEvaluation.Select(policy => policy.Name));
    }

    [Fact]
    public void With_SamePolicyAgain_PutsItInThePlaceOfTheOld()
    {
        ManualPolicy policy = Given.AllNodes("Old");

        PolicySet set = Given.Set(policy, Given.Deny("")).With(policy with { Name = "New" });

        Assert.Equal("New", Assert.Single(set.Manual).Name);
        Assert.Equal("New", set.Find(policy.Id)!.Name);
        Assert.Single(set.DenyAccess);
    }

    [Fact]
    public void Without_APolicy_LeavesTheOthers()
    {
        AutoApprovalPolicy policy = Given.Auto("");

        PolicySet set = Given.Set(policy, Given.Deny(""), Given.AllNodes()).Without(policy.Id);

        Assert.Null(set.Find(policy.Id));
        Assert.Equal([PolicyKind.DenyAccess, PolicyKind.Manual], set.InOrderOfEvaluation.Select(one => one.Kind));
    }
}
