using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies;

/// <summary>Statements that an identical one before them makes idle.</summary>
internal static class CedarRepetitions
{
    private const string Field = nameof(DenyAccessPolicy.Cedar);

    public static IEnumerable<(Policy Policy, PolicyProblem Problem)> In(PolicySet policies, CedarEngine engine) =>
        In([.. PolicySet.Ordered(policies.DenyAccess).Where(policy => policy.Enabled)], policy => policy.Cedar, (policy, cedar) => policy with { Cedar = cedar }, policy => policy.Effect == DenyEffect.Refuse, engine)
            .Concat(In([.. PolicySet.Ordered(policies.AutoApproval).Where(policy => policy.Enabled)], policy => policy.Cedar, (policy, cedar) => policy with { Cedar = cedar }, _ => true, engine));

    /// <param name="policies">Policies of one kind, in the order that decides.</param>
    /// <param name="cedar">A policy's text.</param>
    /// <param name="with">A policy with another text.</param>
    /// <param name="isStrong">Whether a policy's match does all that any other policy's match of this kind does.</param>
    /// <param name="engine">Parses the texts.</param>
    private static IEnumerable<(Policy Policy, PolicyProblem Problem)> In<T>(T[] policies, Func<T, string> cedar, Func<T, string, T> with, Func<T, bool> isStrong, CedarEngine engine) where T : Policy
    {
        Dictionary<(Statement Statement, bool IsStrong), (T Policy, int Number)> seen = [];
        foreach (T policy in policies)
        {
            IReadOnlyList<PolicyStatement> statements = StatementsOf(cedar(policy), engine);
            for (int index = 0; index < statements.Count; index++)
            {
                Statement statement = statements[index].Syntax;
                bool isStrongHere = isStrong(policy);
                if (!seen.TryGetValue((statement, true), out (T Policy, int Number) first) && (isStrongHere || !seen.TryGetValue((statement, false), out first)))
                {
                    seen[(statement, isStrongHere)] = (policy, index + 1);
                    continue;
                }
                SourceSpan span = statements[index].Span;
                string message = first.Policy == policy
                    ? $"Shadowed: statement {index + 1} says the same as statement {first.Number}. Remove it."
                    : $"Shadowed: statement {index + 1} says the same as statement {first.Number} of “{first.Policy.Name}”, which stands before it. Remove it, or turn the policy off.";
                yield return (policy, new PolicyProblem(Field, message, IsWarning: true, span.Line, span.Column)
                {
                    Length = span.End - span.Start,
                    Mend = statements.Count == 1
                        ? new PolicyMend("Turn the policy off", policy with { Enabled = false })
                        : new PolicyMend("Remove the statement", with(policy, cedar(policy).Remove(span.Start, span.End - span.Start).Trim())),
                });
            }
        }
    }

    private static IReadOnlyList<PolicyStatement> StatementsOf(string text, CedarEngine engine)
    {
        try
        {
            return engine.Parse(text).Statements;
        }
        catch (CedarEngineException)
        {
            // What the engine cannot read is an error of the policy itself, which its rules tell; it is no repetition.
            return [];
        }
    }
}
