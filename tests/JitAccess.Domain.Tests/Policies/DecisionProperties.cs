using System.Text.Json;
using CsCheck;
using JitAccess.Cedar;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using Decision = JitAccess.Domain.Policies.Decision;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Domain.Tests.Policies;

/// <summary>What holds for every policy set, person and node.</summary>
public sealed class DecisionProperties(SharedEngine engine)
{
    private static readonly Gen<(PolicySet Set, AccessQuestion Question)> Cases = Gen.Select(RandomPolicies.Set, RandomPolicies.Question);

    [Fact]
    public void Decide_StoredInAnyOrder_DecidesTheSame() => Gen.Select(Cases, Gen.Int).Sample((one, seed) =>
        Assert.Equal(JsonSerializer.Serialize(Decide(one.Set, one.Question)), JsonSerializer.Serialize(Decide(RandomPolicies.Shuffled(one.Set, seed), one.Question))), iter: 150);

    [Fact]
    public void Decide_AnyDenyMatchesOrErrs_IsNeverAutomatic() => Cases.Sample(one =>
    {
        bool denied = one.Set.DenyAccess.Any(policy => Denies(policy, one.Question));
        Decision decision = Decide(one.Set, one.Question);
        Assert.False(denied && decision.Outcome == DecisionOutcome.Automatic);
        // Deny is final for automatic access only: with no policy that refuses, people are asked as if no auto-approval existed.
        if (denied && !one.Set.DenyAccess.Any(policy => policy.Effect == DenyEffect.Refuse && Denies(policy, one.Question)))
            Assert.Equal(Decide(new PolicySet { Manual = one.Set.Manual }, one.Question).Sentence, decision.Sentence);
    }, iter: 150);

    [Fact]
    public void Decide_AnySetAndQuestion_ComesOutAsTheRulesReadAloud() => Cases.Sample(one =>
    {
        Decision decision = Decide(one.Set, one.Question);
        (DecisionOutcome outcome, Guid? by) = Expected(one.Set, one.Question);
        Assert.Equal((outcome, by), (decision.Outcome, decision.DecidedBy));
    }, iter: 300);

    [Fact]
    public void Decide_WithoutAutoPolicies_IsNeverAutomatic() => Cases.Sample(one =>
        Assert.NotEqual(DecisionOutcome.Automatic, Decide(one.Set with { AutoApproval = [] }, one.Question).Outcome), iter: 100);

    [Fact]
    public void Decide_NotUnderARole_IsAlwaysRefused() => Gen.Select(Cases, RandomPolicies.OtherIdentity).Sample((one, identity) =>
    {
        Actor actor = one.Question.Actor with { Identity = identity };
        Decision decision = Decide(one.Set, one.Question with { Actor = actor });
        Assert.Equal((DecisionOutcome.Refused, actor.CanAct().Message), (decision.Outcome, decision.Sentence));
        Assert.Empty(decision.Levels);
    }, iter: 100);

    [Fact]
    public void Decide_AnySetAndQuestion_EveryEnabledPolicyAnswersOnceAndAtMostOneDecides() => Cases.Sample(one =>
    {
        Decision decision = Decide(one.Set, one.Question);
        Assert.Equal(one.Set.InOrderOfEvaluation.Where(policy => policy.Enabled).Select(policy => policy.Id), decision.Answers.Select(answer => answer.PolicyId));
        PolicyAnswer[] decided = [.. decision.Answers.Where(answer => answer.Verdict is PolicyVerdict.ApprovesAutomatically or PolicyVerdict.Decides)];
        if (decision.Outcome is DecisionOutcome.Automatic or DecisionOutcome.NeedsApproval) Assert.Equal(decision.DecidedBy, Assert.Single(decided).PolicyId);
        else Assert.All(decided, answer => Assert.Equal(decision.DecidedBy, answer.PolicyId));
        if (decision.DecidedBy is { } by) Assert.Contains(decision.Answers, answer => answer.PolicyId == by && answer.Verdict is PolicyVerdict.ApprovesAutomatically or PolicyVerdict.Decides or PolicyVerdict.Refuses);
    }, iter: 150);

    [Fact]
    public void Decide_AskedTwice_AnswersTheSame() => Cases.Sample(one =>
    {
        PolicyEvaluator evaluator = new(new PolicySetVersion(1, one.Set), engine.Cedar);
        Assert.Equal(JsonSerializer.Serialize(evaluator.Decide(one.Question)), JsonSerializer.Serialize(evaluator.Decide(one.Question)));
    }, iter: 50);

    [Fact]
    public void DecideBriefly_AnySetAndQuestion_SaysWhatDecideSays() => Cases.Sample(one =>
    {
        PolicyEvaluator evaluator = new(new PolicySetVersion(1, one.Set), engine.Cedar);
        Decision decision = evaluator.Decide(one.Question);
        BriefDecision brief = evaluator.DecideBriefly(one.Question);
        Assert.Equal((decision.Outcome, decision.DecidedBy, decision.MaximumHours, decision.InShort), (brief.Outcome, brief.By?.Id, brief.MaximumHours, brief.InShort));
        Assert.Equal(decision.Levels.AsEnumerable(), brief.Levels);
        // What stands in the way is told where something would otherwise be automatic.
        bool wouldBeAutomatic = decision.Answers.Any(answer => answer.Verdict == PolicyVerdict.WouldApproveButBlocked) && brief.By is not DenyAccessPolicy;
        Assert.Equal(wouldBeAutomatic ? decision.Answers.First(answer => answer.Verdict == PolicyVerdict.BlocksAutomaticApproval).PolicyId : null, brief.Blocking?.Id);
    }, iter: 150);

    /// <summary>The official engine is the judge of what every statement says.</summary>
    [Fact]
    public void Decide_AnySetAndQuestion_AgreesWithTheEngineOnEveryStatement() => Cases.Sample(one =>
    {
        PolicyEvaluator evaluator = new(new PolicySetVersion(1, one.Set), engine.Cedar);
        Decision decision = evaluator.Decide(one.Question);
        foreach (PolicyAnswer answer in decision.Answers.Where(answer => answer.Kind != PolicyKind.Manual))
        {
            Assert.Equal(answer.Statements.Length, answer.Statements.Select(statement => statement.Number).Distinct().Count());
            foreach (StatementAnswer statement in answer.Statements)
            {
                AuthorizationResult judged = engine.Cedar.Authorize(new Cedar.PolicySet([KeyValuePair.Create("it", statement.Text)]),
                    NodeAccessCedar.EntitiesFor(one.Question, evaluator.Zones), NodeAccessCedar.RequestFor(one.Question));
                ExplainedOutcome expected = judged.Errors.Count > 0 ? ExplainedOutcome.Failed : judged.Reasons.Count > 0 ? ExplainedOutcome.Held : ExplainedOutcome.DidNotHold;
                Assert.Equal(expected, statement.Outcome);
            }
        }
    }, iter: 100);

    private Decision Decide(PolicySet set, AccessQuestion question) => new PolicyEvaluator(new PolicySetVersion(1, set), engine.Cedar).Decide(question);

    private static bool Denies(DenyAccessPolicy policy, AccessQuestion question) =>
        policy.Enabled && RandomPolicies.Meanings(policy.Cedar, question).Any(holds => holds ?? true);

    /// <summary>The rules once more, without Cedar and without explanations.</summary>
    private static (DecisionOutcome, Guid?) Expected(PolicySet set, AccessQuestion question)
    {
        Policy[] inOrder = [.. set.InOrderOfEvaluation.Where(policy => policy.Enabled)];
        DenyAccessPolicy[] denying = [.. inOrder.OfType<DenyAccessPolicy>().Where(policy => Denies(policy, question))];
        if (denying.FirstOrDefault(policy => policy.Effect == DenyEffect.Refuse) is { } refusing) return (DecisionOutcome.Refused, refusing.Id);
        AutoApprovalPolicy? permitting = inOrder.OfType<AutoApprovalPolicy>()
            .FirstOrDefault(policy => RandomPolicies.Meanings(policy.Cedar, question).Any(holds => holds ?? false));
        if (permitting is not null && denying.Length == 0) return (DecisionOutcome.Automatic, permitting.Id);
        ManualPolicy[] manual = [.. inOrder.OfType<ManualPolicy>().Where(policy => policy.Target.Matches(question.Node))];
        ManualPolicy? deciding = manual.Where(policy => policy.Target.IsByTags).DefaultIfEmpty(manual.FirstOrDefault()).First();
        if (deciding is null) return (DecisionOutcome.NotCovered, null);
        return (CanBeMet(deciding, question.Actor.Subject) ? DecisionOutcome.NeedsApproval : DecisionOutcome.Refused, deciding.Id);
    }

    /// <summary>Whether some choice of people fills every level, each person once (Hall's condition over the levels of persons only).</summary>
    private static bool CanBeMet(ManualPolicy policy, string requester)
    {
        ApprovalLevel[] known = [.. policy.Levels.Where(level => level.Approvers.All(approver => approver.Kind == ApproverKind.Person))];
        return Enumerable.Range(1, (1 << known.Length) - 1).All(chosen =>
        {
            ApprovalLevel[] some = [.. known.Where((_, index) => (chosen >> index & 1) == 1)];
            return some.SelectMany(level => level.Approvers).Select(approver => approver.Id).Distinct().Count(id => id != requester) >= some.Sum(level => level.RequiredApprovals);
        });
    }
}
