using AngleSharp.Dom;
using Bunit;
using JitAccess.Domain.Policies;
using JitAccess.Web.Components.Shared;

namespace JitAccess.Web.Tests.Components;

public sealed class PolicyAnswersTests : BunitContext
{
    [Fact]
    public void PolicyAnswers_SeveralPolicies_ShowsAllInOrderAndMarksTheOneThatDecides()
    {
        IRenderedComponent<PolicyAnswers> table = Shown(
            Answer("No automatic access", PolicyKind.DenyAccess, PolicyVerdict.BlocksAutomaticApproval),
            Answer("On-call", PolicyKind.AutoApproval, PolicyVerdict.WouldApproveButBlocked),
            Answer("Production", PolicyKind.Manual, PolicyVerdict.Decides),
            Answer("All nodes", PolicyKind.Manual, PolicyVerdict.MatchesNotUsed));

        Assert.Equal(["No automatic access", "On-call", "Production", "All nodes"], table.FindAll("td.head b").Select(cell => cell.TextContent));
        Assert.Equal("Production", Assert.Single(table.FindAll("tr.on td.head b")).TextContent);
    }

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void PolicyAnswers_AnyVerdict_SaysItWithAnIconAndWords(PolicyVerdict verdict)
    {
        IRenderedComponent<PolicyAnswers> table = Shown(Answer("One", PolicyKind.Manual, verdict));

        IElement status = table.Find(".st");
        Assert.NotEmpty(status.TextContent.Trim());
        Assert.NotNull(status.QuerySelector("svg"));
    }

    [Fact]
    public void PolicyAnswers_ReasonNamesATag_ShowsItAsATag()
    {
        IRenderedComponent<PolicyAnswers> table = Shown(Answer("One", PolicyKind.Manual, PolicyVerdict.Decides, "tags win over all nodes: env=prod, app=web"));

        Assert.Equal(["env=prod", "app=web"], table.FindAll(".tag").Select(tag => tag.TextContent));
        Assert.Contains("tags win over all nodes:", table.Find("td p").TextContent, StringComparison.Ordinal);
    }

    public static TheoryData<PolicyVerdict> Verdicts() => [.. Enum.GetValues<PolicyVerdict>()];

    private static PolicyAnswer Answer(string name, PolicyKind kind, PolicyVerdict verdict, string because = "because") => new(Guid.NewGuid(), name, kind, verdict, because);

    private IRenderedComponent<PolicyAnswers> Shown(params PolicyAnswer[] answers) => Render<PolicyAnswers>(parameters => parameters
        .Add(table => table.For, "node-1")
        .Add(table => table.Answers, answers));
}
