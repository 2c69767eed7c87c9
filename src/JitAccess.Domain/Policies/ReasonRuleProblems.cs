using JitAccess.Domain.Policies.Lint;

namespace JitAccess.Domain.Policies;

/// <summary>What is wrong with a rule for reasons and tickets, and what should be looked at.</summary>
internal static class ReasonRuleProblems
{
    private const string Field = nameof(ManualPolicy.ReasonRule);

    public static IEnumerable<PolicyProblem> In(ReasonRule? rule)
    {
        if (rule is null) return [];
        return
        [
            .. Length(rule.MinimumLength),
            .. Pattern("The reason pattern", rule.Pattern, rule.PatternHint),
            .. Pattern("The ticket pattern", rule.TicketPattern, rule.TicketHint),
            .. Words("The reason pattern in words", rule.PatternHint),
            .. Words("The example of a ticket", rule.TicketHint),
            .. Example(rule),
        ];
    }

    private static IEnumerable<PolicyProblem> Length(int minimum)
    {
        if (minimum is < 0 or > AccessQuestion.MaximumReasonLength)
            yield return new(Field, $"The minimum length of a reason is 0 to {AccessQuestion.MaximumReasonLength} characters, because no reason can be longer.");
    }

    private static IEnumerable<PolicyProblem> Pattern(string what, string? pattern, string? hint)
    {
        if (pattern is null)
        {
            if (hint is not null) yield return new(Field, $"{what} is missing, but there are words for it: “{Short(hint)}”. Write the pattern, or remove the words.");
        }
        else if (string.IsNullOrWhiteSpace(pattern)) yield return new(Field, $"{what} is empty. Write one, or leave it out.");
        else if (pattern.Any(char.IsControl)) yield return new(Field, $"{what} has a line break or another control character. Remove it.");
        else if (ReasonRule.WhyNot(pattern) is { } why) yield return new(Field, $"{what} {why}.");
        else
        {
            if (CedarCharacters.LooksOtherThanItIs(pattern)) yield return new(Field, $"{what} has a character that cannot be seen or turns the direction of writing. Remove it.", IsWarning: true);
            if (hint is null) yield return new(Field, $"{what} has no words, so people are shown {pattern}. Say what is wanted.", IsWarning: true);
        }
    }

    private static IEnumerable<PolicyProblem> Words(string what, string? words)
    {
        if (words is null) yield break;
        if (string.IsNullOrWhiteSpace(words)) yield return new(Field, $"{what} is empty. Write it, or leave it out.");
        else if (words.Length > ReasonRule.MaximumTextLength) yield return new(Field, $"{what} has {words.Length} characters; at most {ReasonRule.MaximumTextLength} are allowed.");
        else if (words.Any(char.IsControl)) yield return new(Field, $"{what} has a line break or another control character. Remove it.");
        else if (CedarCharacters.LooksOtherThanItIs(words)) yield return new(Field, $"{what} has a character that cannot be seen or turns the direction of writing. Remove it.", IsWarning: true);
    }

    private static IEnumerable<PolicyProblem> Example(ReasonRule rule)
    {
        if (rule is { TicketPattern: { } pattern, TicketHint: { } hint } && ReasonRule.WhyNot(pattern) is null && !string.IsNullOrWhiteSpace(hint) && !ReasonRule.Matches(pattern, hint))
            yield return new(Field, $"The example of a ticket, “{Short(hint)}”, does not match the ticket pattern: whoever writes a ticket like it is refused.", IsWarning: true);
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
