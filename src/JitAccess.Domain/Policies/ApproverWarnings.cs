using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>Levels that the people who are known cannot meet, and approvers who are not known.</summary>
internal static class ApproverWarnings
{
    private const string Field = nameof(ManualPolicy.Levels);

    /// <summary>Somebody gives one approval a request, and no policy asks for more than this: a level with more people can always be met.</summary>
    private const int Enough = PolicyRules.MaximumLevels * PolicyRules.MaximumApprovers + 1;

    public static IEnumerable<(Policy Policy, PolicyProblem Problem)> In(PolicySet policies, ApproverDirectory directory) =>
        policies.Manual.Where(policy => policy.Enabled).SelectMany(policy => Unknown(policy, directory).Concat(Unmet(policy.Levels, directory)).Select(problem => ((Policy)policy, problem)));

    private static IEnumerable<PolicyProblem> Unknown(ManualPolicy policy, ApproverDirectory directory)
    {
        for (int level = 0; level < policy.Levels.Length; level++)
        {
            foreach (Approver approver in policy.Levels[level].Approvers.Where(approver => !directory.SubjectsOf(approver).Any()))
            {
                string who = (approver.Kind, directory.IsComplete) switch
                {
                    (ApproverKind.Person, true) => $"there is no person {approver.Id}",
                    (ApproverKind.Person, false) => $"the person {approver.Id} has not been seen here",
                    (ApproverKind.Group, true) => $"nobody is in the group {approver.Id}",
                    (ApproverKind.Group, false) => $"nobody seen here so far is in the group {approver.Id}",
                    (ApproverKind.Role, true) => $"nobody may act under the role {approver.Id}",
                    (ApproverKind.Role, false) => $"nobody seen here so far may act under the role {approver.Id}",
                    _ => throw new ArgumentOutOfRangeException(nameof(policy)),
                };
                string what = directory.IsComplete ? "Correct or remove it." : "Check that it is written as the identity provider writes it.";
                yield return new PolicyProblem(Field, $"Level {level + 1} has an approver that the directory does not know: {who}. {what}", IsWarning: true);
            }
        }
    }

    private static IEnumerable<PolicyProblem> Unmet(ImmutableArray<ApprovalLevel> levels, ApproverDirectory directory)
    {
        ApprovalLevel[] known = [.. levels.Select(level => AsPeople(level, directory))];
        if (ApproverSupply.FirstLevelThatCannotBeMet([.. known], requester: null) is { } unmet)
        {
            string[] able = [.. known[unmet - 1].Approvers.Select(approver => directory.NameOf(approver.Id))];
            string reason = able.Length switch
            {
                0 => "nobody is known who could give one",
                _ when able.Length >= known[unmet - 1].RequiredApprovals => $"{Names(able)} {(able.Length == 1 ? "is" : "are")} needed at another level too, and one person gives one review per request",
                _ => $"only {Names(able)} could give one",
            };
            yield return new PolicyProblem(Field, $"Level {unmet} needs {PolicyWords.Count(known[unmet - 1].RequiredApprovals, "approval")}, but {reason}: no request can be approved. Add approvers.", IsWarning: true);
            yield break;
        }

        // Nobody decides about themselves: who is needed to meet a level cannot have a request of their own approved.
        IEnumerable<string> few = known.Where(level => level.Approvers.Length < Enough && level.Approvers.All(approver => approver.Kind == ApproverKind.Person))
            .SelectMany(level => level.Approvers).Select(approver => approver.Id).Distinct(StringComparer.Ordinal);
        foreach (IGrouping<int, string> stuck in few.Select(person => (person, level: ApproverSupply.FirstLevelThatCannotBeMet([.. known], person))).Where(pair => pair.level is not null).GroupBy(pair => pair.level!.Value, pair => pair.person).OrderBy(group => group.Key))
        {
            string[] names = [.. stuck.Select(directory.NameOf)];
            bool isOnlyThey = names.Length == 1 && known[stuck.Key - 1].Approvers.Length == 1;
            string why = isOnlyThey
                ? $"When {names[0]} asks, only {names[0]} could approve level {stuck.Key}"
                : $"When {Names(names, "or")} asks, too few others are left to approve level {stuck.Key}";
            yield return new PolicyProblem(Field, $"{why}: nobody decides about themselves, so that request could never be approved. Add an approver.", IsWarning: true);
        }
    }

    /// <summary>The level with its groups and roles replaced by the people in them; as it is where who is in them is not fully known.</summary>
    private static ApprovalLevel AsPeople(ApprovalLevel level, ApproverDirectory directory)
    {
        if (!directory.IsComplete) return level;
        IEnumerable<string> subjects = level.Approvers.SelectMany(directory.SubjectsOf).Distinct(StringComparer.Ordinal).Take(Enough);
        return level with { Approvers = [.. subjects.Select(subject => new Approver(ApproverKind.Person, subject))] };
    }

    private static string Names(string[] names, string joined = "and") => names.Length <= 3
        ? string.Join($" {joined} ", names)
        : $"{string.Join(", ", names.Take(3))} {joined} {names.Length - 3} more";
}
