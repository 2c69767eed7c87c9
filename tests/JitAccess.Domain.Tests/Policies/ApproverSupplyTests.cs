using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

public sealed class ApproverSupplyTests
{
    [Theory]
    [InlineData("1:ann", null)]
    [InlineData("1:requester", 1)]
    [InlineData("2:ann,bob", null)]
    [InlineData("2:ann,requester", 1)]
    [InlineData("3:ann,bob", 1)]
    [InlineData("2:ann,ann", 1)]
    [InlineData("1:ann|1:ann", 2)]
    [InlineData("1:ann|1:ann,bob", null)]
    [InlineData("1:ann,bob|1:ann", null)]
    [InlineData("1:ann,bob|1:bob,cat|1:ann", null)]
    [InlineData("1:ann,bob|1:ann,bob|1:ann,bob", 3)]
    [InlineData("1:ann,bob|1:ann,requester|1:bob", 3)]
    [InlineData("2:ann,bob,cat|1:ann|1:bob", 3)]
    [InlineData("2:ann,bob,cat,dan|1:ann|1:bob", null)]
    [InlineData("5:group:leads", null)]
    [InlineData("5:role:jit-approver", null)]
    [InlineData("5:ann,group:leads", null)]
    [InlineData("1:group:leads|1:requester", 2)]
    public void FirstLevelThatCannotBeMet_RequesterAsks_IsAsTheTableSays(string levels, int? unmet) =>
        Assert.Equal(unmet, ApproverSupply.FirstLevelThatCannotBeMet([.. levels.Split('|').Select(Level)], "requester"));

    [Fact]
    public void FirstLevelThatCannotBeMet_NobodyAsksYet_CountsEverybody() =>
        Assert.Null(ApproverSupply.FirstLevelThatCannotBeMet([Level("1:requester")], requester: null));

    [Fact]
    public void UnknownMemberships_GroupsAndRoles_AreNamedOnceEach() => Assert.Equal(
    [
        "Who is in the group leads is not known here, so nobody can promise that enough people can answer.",
        "Who may act under the role jit-approver is not known here, so nobody can promise that enough people can answer.",
    ], ApproverSupply.UnknownMemberships([Level("1:ann,group:leads"), Level($"1:role:{Given.ApproverRole}"), Level("2:group:leads")]));

    private static ApprovalLevel Level(string text) => new(
        [.. text[(text.IndexOf(':') + 1)..].Split(',').Select(id => id.Split(':', 2) switch
        {
            ["group", var group] => Given.Group(group),
            ["role", var role] => Given.Role(role),
            _ => Given.Person(id),
        })],
        int.Parse(text[..text.IndexOf(':')], System.Globalization.CultureInfo.InvariantCulture));
}
