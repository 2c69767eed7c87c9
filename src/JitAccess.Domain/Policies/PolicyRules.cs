using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Domain.Policies.Lint;

namespace JitAccess.Domain.Policies;

/// <summary>What a policy must be to be published. A policy set with a problem that is no warning is never published.</summary>
public static class PolicyRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaximumNameLength = 100;

    /// <summary>The longest description, in characters.</summary>
    public const int MaximumDescriptionLength = 500;

    /// <summary>The longest Cedar text of one policy, in characters.</summary>
    public const int MaximumCedarLength = 64 * 1024;

    /// <summary>
    /// How deep one Cedar statement may be nested (<see cref="PolicyStatement.Depth"/>): about 200 terms in a chain. The engine validates deeper ones,
    /// but from about 580 on its stack can overflow when it decides, and then no policy of the kind would decide anything.
    /// </summary>
    public const int MaximumCedarDepth = 400;

    /// <summary>The longest grant, in hours (14 days, as in AWS).</summary>
    public const int MaximumHours = 336;

    /// <summary>How many levels a manual policy may have.</summary>
    public const int MaximumLevels = 5;

    /// <summary>How many approver entries a level may have, and how many approvals it may ask for.</summary>
    public const int MaximumApprovers = 5;

    /// <summary>The shortest time for which a request may stay pending.</summary>
    public static readonly TimeSpan ShortestPendingTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The longest time for which a request may stay pending.</summary>
    public static readonly TimeSpan LongestPendingTimeout = TimeSpan.FromDays(30);

    /// <summary>Everything that is wrong with a policy, and what should be looked at. Cedar text is parsed and validated strictly by the engine.</summary>
    public static ImmutableArray<PolicyProblem> ProblemsOf(Policy policy, CedarEngine engine) =>
    [
        .. Details(policy),
        .. policy switch
        {
            DenyAccessPolicy deny => CedarRules.ProblemsOf(deny, deny.Cedar, Effect.Forbid, engine),
            AutoApprovalPolicy auto => [.. Hours(auto.MaximumHours), .. ReasonRuleProblems.In(auto.ReasonRule), .. SessionRulesProblems.In(auto.SessionRules), .. CedarRules.ProblemsOf(auto, auto.Cedar, Effect.Permit, engine)],
            ManualPolicy manual => [.. Hours(manual.MaximumHours), .. Pending(manual), .. Target(manual.Target), .. ReasonRuleProblems.In(manual.ReasonRule), .. SessionRulesProblems.In(manual.SessionRules), .. BreakGlass(manual.BreakGlass), .. Levels(manual.Levels)],
            _ => throw new ArgumentOutOfRangeException(nameof(policy)),
        },
    ];

    /// <summary>What is wrong with the names of a set: each is used once, so that a refusal can name its policy.</summary>
    public static IEnumerable<PolicyProblem> NameConflicts(PolicySet policies) =>
        policies.InOrderOfEvaluation.GroupBy(policy => policy.Name.Trim(), StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1)
            .Select(group => new PolicyProblem(nameof(Policy.Name), $"Another policy is named “{group.Key}”. Choose another name."));

    private static IEnumerable<PolicyProblem> Details(Policy policy)
    {
        if (string.IsNullOrWhiteSpace(policy.Name)) yield return new(nameof(Policy.Name), "Give the policy a name.");
        else if (policy.Name.Length > MaximumNameLength) yield return new(nameof(Policy.Name), $"The name has {policy.Name.Length} characters; at most {MaximumNameLength} are allowed.");
        foreach (PolicyProblem problem in Characters(nameof(Policy.Name), "The name", policy.Name).Concat(Characters(nameof(Policy.Description), "The description", policy.Description))) yield return problem;
        if (policy.Description.Length > MaximumDescriptionLength) yield return new(nameof(Policy.Description), $"The description has {policy.Description.Length} characters; at most {MaximumDescriptionLength} are allowed.");
    }

    private static IEnumerable<PolicyProblem> Characters(string field, string what, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal)) yield return new(field, $"{what} has a NUL character, which nothing can show. Remove it.");
        else if (CedarCharacters.LooksOtherThanItIs(text)) yield return new(field, $"{what} has a character that cannot be seen or turns the direction of writing, so that it looks other than it is. Remove it.", IsWarning: true);
    }

    private static IEnumerable<PolicyProblem> Hours(int hours)
    {
        if (hours is < 1 or > MaximumHours) yield return new(nameof(ManualPolicy.MaximumHours), $"The access duration is 1 to {MaximumHours} hours.");
    }

    private static IEnumerable<PolicyProblem> Pending(ManualPolicy policy)
    {
        if (policy.PendingTimeout < ShortestPendingTimeout || policy.PendingTimeout > LongestPendingTimeout)
            yield return new(nameof(ManualPolicy.PendingTimeout), "A request may stay pending for 5 minutes to 30 days.");
    }

    private static IEnumerable<PolicyProblem> Target(NodeTarget target)
    {
        foreach (TagPair tag in target.Tags)
        {
            if (string.IsNullOrEmpty(tag.Key)) yield return new(nameof(ManualPolicy.Target), "A tag needs a key.");
            else if (tag.Key.Length > 128 || tag.Value.Length > 256) yield return new(nameof(ManualPolicy.Target), $"The tag {tag.Key[..Math.Min(40, tag.Key.Length)]} is too long: a key has at most 128 characters, a value at most 256.");
        }
        foreach (IGrouping<TagPair, TagPair> twice in target.Tags.GroupBy(tag => tag).Where(group => group.Count() > 1))
            yield return new(nameof(ManualPolicy.Target), $"The tag {twice.Key} is there twice. Remove one.");
        foreach (string text in target.Tags.SelectMany(tag => new[] { tag.Key, tag.Value }).Concat(target.Regions).Concat(target.Platforms))
        {
            foreach (PolicyProblem problem in Characters(nameof(ManualPolicy.Target), $"“{text.Replace('\0', ' ')}”", text)) yield return problem;
        }
        foreach (string account in target.Accounts.Where(account => !Nodes.AccountId.TryParse(account, out _)))
            yield return new(nameof(ManualPolicy.Target), $"“{account}” is not an AWS account id: twelve digits.");
    }

    private static IEnumerable<PolicyProblem> BreakGlass(BreakGlassRule? rule)
    {
        const string field = nameof(ManualPolicy.BreakGlass);
        if (rule is null) yield break;
        if (rule.Groups.Length is < 1 or > BreakGlassRule.MaximumGroups) yield return new(field, $"Name 1 to {BreakGlassRule.MaximumGroups} groups that may break glass.");
        if (rule.Groups.Any(string.IsNullOrWhiteSpace)) yield return new(field, "A group that may break glass has no name. Write it, or remove it.");
        if (rule.Groups.Distinct(StringComparer.Ordinal).Count() != rule.Groups.Length) yield return new(field, "Two of the groups that may break glass are the same. Remove one.");
        foreach (PolicyProblem problem in rule.Groups.SelectMany(group => Characters(field, $"The group “{group.Replace('\0', ' ')}”", group))) yield return problem;
        if (rule.MaximumHours is < 1 or > BreakGlassRule.MostHours) yield return new(field, $"Break-glass opens access for 1 to {BreakGlassRule.MostHours} hours.");
    }

    private static IEnumerable<PolicyProblem> Levels(ImmutableArray<ApprovalLevel> levels)
    {
        const string field = nameof(ManualPolicy.Levels);
        if (levels.Length is < 1 or > MaximumLevels) yield return new(field, $"A policy has 1 to {MaximumLevels} levels.");
        for (int index = 0; index < levels.Length; index++)
        {
            ApprovalLevel level = levels[index];
            if (level.Approvers.Length is < 1 or > MaximumApprovers) yield return new(field, $"Level {index + 1} has 1 to {MaximumApprovers} approvers.");
            if (level.Approvers.Any(approver => string.IsNullOrWhiteSpace(approver.Id))) yield return new(field, $"Level {index + 1} has an approver without a name.");
            foreach (PolicyProblem problem in level.Approvers.SelectMany(approver => Characters(field, $"Level {index + 1}: the approver “{approver.Id.Replace('\0', ' ')}”", approver.Id))) yield return problem;
            if (level.Approvers.Distinct().Count() != level.Approvers.Length) yield return new(field, $"Level {index + 1} names the same approver twice. Remove one.");
            if (level.RequiredApprovals is < 1 or > MaximumApprovers) yield return new(field, $"Level {index + 1} needs 1 to {MaximumApprovers} approvals.");
        }
        if (ApproverSupply.FirstLevelThatCannotBeMet(levels, requester: null) is { } unmet)
            yield return new(field, $"Level {unmet} asks for more approvals than its people can give: one person gives one review per request.");
        else
            foreach (string unknown in ApproverSupply.UnknownMemberships(levels)) yield return new(field, unknown, IsWarning: true);
    }
}
