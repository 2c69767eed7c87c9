using AngleSharp.Dom;
using Bunit;
using JitAccess.Cedar;
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

    [Fact]
    public async Task PolicyAnswers_PolicyIsOpened_SaysOfEveryClauseWhatBecameOfItAndWhatItSaw()
    {
        IRenderedComponent<PolicyAnswers> table = Shown(Answer("On-call", PolicyKind.AutoApproval, PolicyVerdict.DoesNotMatch) with
        {
            Statements =
            [
                new StatementAnswer(1, "permit (principal, action, resource) when { … };", ExplainedOutcome.DidNotHold,
                [
                    new ClauseExplanation("principal in Group::\"ops\"", ExplainedOutcome.Held, [], null),
                    new ClauseExplanation("resource.getTag(\"env\") == \"dev\"", ExplainedOutcome.DidNotHold, [new SeenValue("resource.getTag(\"env\")", "\"prod\"")], null),
                    new ClauseExplanation("context.iam.principalTags.getTag(\"x\") == \"y\"", ExplainedOutcome.Failed, [], "the tag does not exist"),
                    new ClauseExplanation("true", ExplainedOutcome.NotReached, [], null),
                ]) { Words = ["in group ops", "tag env is prod, not dev", "", "not looked at"] },
            ],
        });

        IElement opens = table.Find("button[aria-expanded]");
        Assert.Equal("false", opens.GetAttribute("aria-expanded"));
        await opens.ClickAsync();

        Assert.Equal("true", table.Find("button[aria-expanded]").GetAttribute("aria-expanded"));
        Assert.Equal(["held", "did not hold", "could not be evaluated", "not looked at"], table.FindAll(".clauses .st").Select(status => status.TextContent.Trim()));
        Assert.All(table.FindAll(".clauses .st"), status => Assert.NotNull(status.QuerySelector("svg")));
        Assert.Contains("tag env is prod, not dev", table.Markup, StringComparison.Ordinal);
        Assert.Equal("\"prod\"", table.Find(".seen .value").TextContent);
        Assert.Contains("the tag does not exist", table.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void PolicyAnswers_AccessCannotBeHad_SaysWhatWouldHelpWithoutBeingOpened()
    {
        PolicyAnswer answer = Answer("On-call", PolicyKind.AutoApproval, PolicyVerdict.DoesNotMatch) with { WouldNeed = ["Be in group ops."] };

        Assert.Contains("Be in group ops.", Shown(isRefusal: true, answer).Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Be in group ops.", Shown(answer).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void PolicyAnswers_NothingIsKnownBeyondTheAnswer_OffersNothingToOpen() =>
        Assert.Empty(Shown(Answer("All nodes", PolicyKind.Manual, PolicyVerdict.Decides)).FindAll("button"));

    [Fact]
    public async Task PolicyAnswers_ManyPoliciesDoNotMatch_FoldsThemAwayBehindTheirNumber()
    {
        PolicyAnswer[] answers = [.. Enumerable.Range(1, 200).Select(number => Answer($"Policy {number}", PolicyKind.Manual, number == 150 ? PolicyVerdict.Decides : PolicyVerdict.DoesNotMatch))];
        IRenderedComponent<PolicyAnswers> table = Shown(answers);
        Assert.Equal("Policy 150", Assert.Single(table.FindAll("td.head b")).TextContent);

        IElement more = table.Find("button[aria-expanded]");
        Assert.Equal("Show 199 more that do not match", more.TextContent);
        await more.ClickAsync();

        Assert.Equal(answers.Select(answer => answer.PolicyName), table.FindAll("td.head b").Select(cell => cell.TextContent));
    }

    public static TheoryData<PolicyVerdict> Verdicts() => [.. Enum.GetValues<PolicyVerdict>()];

    private static PolicyAnswer Answer(string name, PolicyKind kind, PolicyVerdict verdict, string because = "because") => new(Guid.NewGuid(), name, kind, verdict, because);

    private IRenderedComponent<PolicyAnswers> Shown(params PolicyAnswer[] answers) => Shown(isRefusal: false, answers);

    private IRenderedComponent<PolicyAnswers> Shown(bool isRefusal, params PolicyAnswer[] answers) => Render<PolicyAnswers>(parameters => parameters
        .Add(table => table.For, "node-1")
        .Add(table => table.IsRefusal, isRefusal)
        .Add(table => table.Answers, answers));
}
