using System.Collections.Immutable;
using JitAccess.Cedar;

namespace JitAccess.Domain.Policies;

/// <summary>
/// Decides by one version of the policy set. The one place where preview, submit and every later explanation get their answer,
/// so that a screen never promises what the submit refuses. Safe for use by many threads.
/// </summary>
public sealed class PolicyEvaluator
{
    private readonly PolicySetVersion _version;
    private readonly CedarPolicies<DenyAccessPolicy> _denyAccess;
    private readonly CedarPolicies<AutoApprovalPolicy> _autoApproval;
    private readonly ImmutableArray<ManualPolicy> _manual;

    /// <summary>Prepares a version of the policy set for deciding.</summary>
    public PolicyEvaluator(PolicySetVersion version, CedarEngine engine)
    {
        _version = version;
        _denyAccess = new CedarPolicies<DenyAccessPolicy>(version.Policies.DenyAccess, policy => policy.Cedar, engine);
        _autoApproval = new CedarPolicies<AutoApprovalPolicy>(version.Policies.AutoApproval, policy => policy.Cedar, engine);
        _manual = [.. version.Policies.InOrderOfEvaluation.OfType<ManualPolicy>().Where(policy => policy.Enabled)];
    }

    /// <summary>The version that decides.</summary>
    public PolicySetVersion Version => _version;

    /// <summary>
    /// Decides: preconditions, then deny-access, then auto-approval, then manual approval, where a policy by tags beats one for all nodes
    /// and the first in order wins among several. Every policy is asked, whatever the ones before it said, because somebody will ask why.
    /// </summary>
    public Decision Decide(AccessQuestion question)
    {
        Dictionary<Guid, CedarPolicies<DenyAccessPolicy>.Answer> denied = _denyAccess.Ask(question);
        Dictionary<Guid, CedarPolicies<AutoApprovalPolicy>.Answer> permitted = _autoApproval.Ask(question);

        // A forbid that cannot be evaluated counts as a match: a missing signal never helps the requester.
        List<DenyAccessPolicy> denying = [.. _denyAccess.InOrder.Where(policy => denied[policy.Id] is { MatchedStatement: not null } or { Error: not null })];
        List<AutoApprovalPolicy> permitting = [.. _autoApproval.InOrder.Where(policy => permitted[policy.Id].MatchedStatement is not null)];
        List<ManualPolicy> manual = [.. _manual.Where(policy => policy.Target.Matches(question.Node))];

        DenyAccessPolicy? refusing = denying.FirstOrDefault(policy => policy.Effect == DenyEffect.Refuse);
        AutoApprovalPolicy? automatic = denying.Count == 0 ? permitting.FirstOrDefault() : null;
        // Tag policies stand before those for all nodes in the order of evaluation, so the first match decides.
        ManualPolicy? deciding = refusing is null && automatic is null ? manual.FirstOrDefault() : null;

        Decision decision = (CanAsk(question), refusing, automatic, deciding) switch
        {
            ({ IsAllowed: false } ruling, _, _, _) => Outcome(DecisionOutcome.Refused, ruling.Message!),
            (_, { } policy, _, _) => By(policy, DecisionOutcome.Refused, $"Refused by “{policy.Name}”: {Because(denied[policy.Id])}."),
            (_, _, { } policy, _) => By(policy, DecisionOutcome.Automatic, $"Approved automatically by “{policy.Name}” for {policy.MaximumHours} h.") with { MaximumHours = policy.MaximumHours },
            (_, _, _, { } policy) => NeedsApproval(question, policy),
            _ => Outcome(DecisionOutcome.NotCovered, $"No policy applies to {question.Node.Described}, so access cannot be requested. Ask an admin of JitAccess to cover it."),
        };
        return decision with
        {
            Answers =
            [
                .. _denyAccess.InOrder.Select(policy => AnswerOf(policy, denied[policy.Id], denying.Contains(policy))),
                .. _autoApproval.InOrder.Select(policy => AnswerOf(policy, permitted[policy.Id], permitting.Contains(policy), denying.Count > 0, automatic)),
                .. _manual.Select(policy => AnswerOf(policy, question, manual, deciding)),
            ],
            Warnings = [.. Overlaps(manual, deciding)],
        };
    }

    private static Ruling CanAsk(AccessQuestion question)
    {
        Ruling identity = question.Actor.CanAct();
        return identity.IsAllowed ? question.Node.CanBeReached() : identity;
    }

    private Decision NeedsApproval(AccessQuestion question, ManualPolicy policy)
    {
        if (ApproverSupply.FirstLevelThatCannotBeMet(policy.Levels, question.Actor.Subject) is { } level)
        {
            return By(policy, DecisionOutcome.Refused,
                $"“{policy.Name}” cannot be met: level {level} needs {policy.Levels[level - 1].Described}, and without you too few people are left. Ask an admin of JitAccess to add an approver.");
        }
        string approvals = policy.RequiredApprovals == 1 ? "1 approval" : $"{policy.RequiredApprovals} approvals";
        string levels = policy.Levels.Length == 1 ? "" : $" in {policy.Levels.Length} levels";
        return By(policy, DecisionOutcome.NeedsApproval, $"“{policy.Name}” asks for {approvals}{levels}, up to {policy.MaximumHours} h.") with
        {
            MaximumHours = policy.MaximumHours,
            PendingTimeout = policy.PendingTimeout,
            Levels = policy.Levels,
        };
    }

    private Decision By(Policy policy, DecisionOutcome outcome, string sentence) =>
        Outcome(outcome, sentence) with { DecidedBy = policy.Id, DecidedByName = policy.Name };

    private Decision Outcome(DecisionOutcome outcome, string sentence) =>
        new() { Outcome = outcome, Sentence = sentence, PolicySetVersion = _version.Number };

    private static PolicyAnswer AnswerOf(DenyAccessPolicy policy, CedarPolicies<DenyAccessPolicy>.Answer answer, bool matches) =>
        new(policy.Id, policy.Name, policy.Kind, (matches, policy.Effect) switch
        {
            (false, _) => PolicyVerdict.DoesNotMatch,
            (_, DenyEffect.Refuse) => PolicyVerdict.Refuses,
            (_, DenyEffect.BlockAutoApproval) => PolicyVerdict.BlocksAutomaticApproval,
        }, Because(answer), answer.Text);

    private static PolicyAnswer AnswerOf(AutoApprovalPolicy policy, CedarPolicies<AutoApprovalPolicy>.Answer answer, bool matches, bool blocked, AutoApprovalPolicy? automatic) =>
        new(policy.Id, policy.Name, policy.Kind, (matches, blocked) switch
        {
            (false, _) => PolicyVerdict.DoesNotMatch,
            (_, true) => PolicyVerdict.WouldApproveButBlocked,
            _ when policy == automatic => PolicyVerdict.ApprovesAutomatically,
            _ => PolicyVerdict.MatchesNotUsed,
        }, matches || answer.Error is null ? Because(answer with { Error = null }) : $"a statement could not be evaluated, so it does not match ({answer.Error})", answer.Text);

    private static PolicyAnswer AnswerOf(ManualPolicy policy, AccessQuestion question, List<ManualPolicy> matching, ManualPolicy? deciding)
    {
        ManualPolicy? winner = matching.FirstOrDefault();
        string target = policy.Target.IsByTags
            ? $"tag {string.Join(", ", policy.Target.MatchingTags(question.Node))}"
            : "it is for all nodes";
        (PolicyVerdict verdict, string because) = policy switch
        {
            _ when policy == deciding => (PolicyVerdict.Decides, target),
            _ when !policy.Target.Matches(question.Node) => (PolicyVerdict.DoesNotMatch, WhyNoMatch(policy.Target, question)),
            _ when deciding is null => (PolicyVerdict.MatchesNotUsed, "an earlier kind of policy decides"),
            { Target.IsByTags: true } => (PolicyVerdict.OverlapsNotUsed, $"“{winner!.Name}” stands before it; {target}"),
            _ when winner!.Target.IsByTags => (PolicyVerdict.MatchesNotUsed, $"“{winner.Name}” targets tags and wins"),
            _ => (PolicyVerdict.MatchesNotUsed, $"“{winner!.Name}” stands before it"),
        };
        return new PolicyAnswer(policy.Id, policy.Name, policy.Kind, verdict, because);
    }

    private static string WhyNoMatch(NodeTarget target, AccessQuestion question) => target.WithinFilters(question.Node)
        ? $"takes {string.Join(" or ", target.Tags)}"
        : $"only for {target.DescribedFilters}";

    private static string Because<T>(CedarPolicies<T>.Answer answer) where T : Policy => answer switch
    {
        { Error: { } error, MatchedStatement: null } => $"a statement could not be evaluated, which counts as a match ({error})",
        { MatchedStatement: { } number } => $"statement {number} matches",
        _ => "no statement matches",
    };

    private static IEnumerable<string> Overlaps(List<ManualPolicy> matching, ManualPolicy? deciding)
    {
        List<string> others = [.. matching.Where(policy => policy.Target.IsByTags && policy != deciding).Select(policy => $"“{policy.Name}”")];
        return deciding is { Target.IsByTags: true } && others.Count > 0
            ? [$"{string.Join(", ", others)} would match by tag too; “{deciding.Name}” stands first and decides."]
            : [];
    }
}
