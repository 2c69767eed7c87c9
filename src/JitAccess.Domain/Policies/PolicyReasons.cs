using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Policies;

/// <summary>Puts into words what each policy said, why, and what would have to be true for it to help. Speaks of the requester and the node only.</summary>
internal static class PolicyReasons
{
    /// <summary>What a deny-access policy said.</summary>
    public static PolicyAnswer Of(DenyAccessPolicy policy, CedarPolicies.Answer answer, bool matches) =>
        new(policy.Id, policy.Name, policy.Kind, (matches, policy.Effect) switch
        {
            (false, _) => PolicyVerdict.DoesNotMatch,
            (_, DenyEffect.Refuse) => PolicyVerdict.Refuses,
            (_, DenyEffect.BlockAutoApproval) => PolicyVerdict.BlocksAutomaticApproval,
        }, Because(answer), answer.Text)
        {
            Statements = answer.Statements,
            WouldNeed = matches ? IsUnreadable(answer) ? [Mended] : answer.NotToMatch : [],
        };

    /// <summary>What an auto-approval policy said.</summary>
    public static PolicyAnswer Of(AutoApprovalPolicy policy, CedarPolicies.Answer answer, bool matches, List<DenyAccessPolicy> denying, AutoApprovalPolicy? automatic) =>
        new(policy.Id, policy.Name, policy.Kind, (matches, denying.Count > 0) switch
        {
            (false, _) => PolicyVerdict.DoesNotMatch,
            (_, true) => PolicyVerdict.WouldApproveButBlocked,
            _ when policy == automatic => PolicyVerdict.ApprovesAutomatically,
            _ => PolicyVerdict.MatchesNotUsed,
        }, matches || answer.Error is null ? Because(answer with { Error = null }) : $"{Failed(answer)}, so it does not match ({answer.Error})", answer.Text)
        {
            Statements = answer.Statements,
            WouldNeed = (matches, denying) switch
            {
                (false, _) => IsUnreadable(answer) ? [Mended] : answer.ToMatch,
                (true, { Count: > 0 }) => [$"{string.Join(", ", denying.Select(deny => $"“{deny.Name}”"))} would not stand against it."],
                _ => [],
            },
        };

    /// <summary>What a manual policy said.</summary>
    public static PolicyAnswer Of(ManualPolicy policy, AccessQuestion question, List<ManualPolicy> matching, ManualPolicy? deciding, bool canAsk, DecisionOutcome outcome)
    {
        ManualPolicy? winner = matching.FirstOrDefault();
        string target = policy.Target.IsByTags
            ? $"tag {string.Join(", ", policy.Target.MatchingTags(question.Node))}"
            : "it is for all nodes";
        (PolicyVerdict verdict, string because) = policy switch
        {
            _ when policy == deciding => (PolicyVerdict.Decides, target),
            _ when !policy.Target.Matches(question.Node) => (PolicyVerdict.DoesNotMatch, WhyNoMatch(policy.Target, question.Node)),
            _ when deciding is null => (PolicyVerdict.MatchesNotUsed, canAsk ? "an earlier kind of policy decides" : "the request is refused before policies are asked"),
            { Target.IsByTags: true } => (PolicyVerdict.OverlapsNotUsed, $"“{winner!.Name}” stands before it; {target}"),
            _ when winner!.Target.IsByTags => (PolicyVerdict.MatchesNotUsed, $"“{winner.Name}” targets tags and wins"),
            _ => (PolicyVerdict.MatchesNotUsed, $"“{winner!.Name}” stands before it"),
        };
        return new PolicyAnswer(policy.Id, policy.Name, policy.Kind, verdict, because)
        {
            WouldNeed = verdict switch
            {
                PolicyVerdict.DoesNotMatch => [ToMatch(policy.Target, question.Node)],
                PolicyVerdict.Decides when outcome == DecisionOutcome.Refused => [$"Enough people who are not the requester could approve at every level: {string.Join(", then ", policy.Levels.Select(level => level.Described))}."],
                _ => [],
            },
        };
    }

    /// <summary>Why a policy with statements said what it said.</summary>
    public static string Because(CedarPolicies.Answer answer)
    {
        switch (answer)
        {
            case { Error: { } error, MatchedStatement: null }:
                return $"{Failed(answer)}, which counts as a match ({error})";
            case { MatchedStatement: { } number }:
                string[] found = [.. answer.Explained.Where(one => one.Statement.Number == number).SelectMany(one => one.Statement.Reasons(one.Explained, ExplainedOutcome.Held))];
                return found.Length == 0 ? $"statement {number} matches" : $"statement {number} matches, because {string.Join(" and ", found)}";
            default:
                // With several statements there is a reason for each, told beside the statement.
                string[] missing = answer.Explained is [var only] ? [.. only.Statement.Reasons(only.Explained, ExplainedOutcome.DidNotHold)] : [];
                return missing.Length == 0 ? "no statement matches" : $"no statement matches: {string.Join(", ", missing)}";
        }
    }

    private const string Mended = "An admin of JitAccess would mend the policy, which cannot be read.";

    private static bool IsUnreadable(CedarPolicies.Answer answer) => answer is { Error: not null, Statements: [] };

    private static string Failed(CedarPolicies.Answer answer) => IsUnreadable(answer) ? "the policy cannot be read" : "a statement could not be evaluated";

    private static string WhyNoMatch(NodeTarget target, Node node)
    {
        if (!target.WithinFilters(node)) return $"only for {target.DescribedFilters}, and the node is in account {node.Account}, Region {node.Region}, on {node.Platform}";
        return $"takes {string.Join(" or ", target.Tags)}, and {string.Join(", ", target.Tags.Select(tag => tag.Key).Distinct(StringComparer.Ordinal)
            .Select(key => node.Tags.TryGetValue(key, out string? value) ? $"{key} is {value}" : $"there is no {key}"))}";
    }

    private static string ToMatch(NodeTarget target, Node node)
    {
        List<string> demands = [];
        if (target.IsByTags && !target.MatchingTags(node).Any()) demands.Add($"have tag {string.Join(" or ", target.Tags)}");
        if (!Admits(target.Accounts, node.Account.Value)) demands.Add($"be in account {string.Join(" or ", target.Accounts)}");
        if (!Admits(target.Regions, node.Region)) demands.Add($"be in Region {string.Join(" or ", target.Regions)}");
        if (!Admits(target.Platforms, node.Platform)) demands.Add($"run on {string.Join(" or ", target.Platforms)}");
        return $"The node would {string.Join(" and ", demands)}.";

        static bool Admits(ImmutableArray<string> filter, string value) => filter.IsEmpty || filter.Contains(value);
    }
}
