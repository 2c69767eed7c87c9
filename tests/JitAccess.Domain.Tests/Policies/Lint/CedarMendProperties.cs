using CsCheck;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies.Lint;

/// <summary>What holds of the mends of any condition.</summary>
public sealed class CedarMendProperties(SharedEngine engine)
{
    private static readonly string[] Tests =
    [
        "resource.getTag(\"env\") == \"prod\"", "resource.getTag(\"env\") != \"dev\"", "resource.getTag(\"k\") like \"a*\"", "[\"a\", \"b\"].contains(resource.getTag(\"k\"))", "resource.hasTag(\"env\")",
        "principal has division", "principal.division == \"Finance\"", "principal.division != \"Finance\"", "principal.costCenter == resource.getTag(\"k\")", "resource.region == \"a\"", "resource.region == \"b\"",
        "resource.hasTag(\"team:red\")", "context.request.clock.getTag(\"UTC\").minute < 480", "true",
    ];

    private static readonly Gen<string> Test = Gen.Int[0, Tests.Length - 1].Select(index => Tests[index]);

    private static readonly Gen<string> Condition = Gen.Recursive<string>((depth, inner) => depth > 2 ? Test : Gen.OneOf(
        Test,
        Gen.Select(inner, inner, (left, right) => $"{left} && {right}"),
        Gen.Select(inner, inner, (left, right) => $"({left} || {right})"),
        inner.Select(of => $"!({of})"),
        inner.Select(of => $"({of})")));

    /// <summary>Presses every mend until none is left: errors do not come up and every press leaves one problem less, or the text gets better for good.</summary>
    [Fact]
    public void ProblemsOf_AnyCondition_CanBeMendedToTheEnd() => Gen.Select(Condition, Gen.Bool, Gen.Bool).Sample((condition, isForbid, isUnless) =>
    {
        string clause = isUnless ? "unless" : "when";
        Policy policy = isForbid ? Given.Deny($"forbid (principal, action, resource) {clause} {{ {condition} }};") : Given.Auto($"permit (principal, action, resource) {clause} {{ {condition} }};");
        PolicyProblem[] problems = Problems(policy);
        for (int presses = 0; problems.FirstOrDefault(problem => problem.Mend is not null) is { } problem; presses++)
        {
            Assert.True(presses < 60, $"No end of mending: {problem.Message}");
            policy = problem.Mend!.Mended;
            PolicyProblem[] after = Problems(policy);
            // What the engine could tell to be true or false before may have hidden another mistake.
            if (problem.Mend.Label != "Ask for key and value") Assert.DoesNotContain(after, other => !other.IsWarning && problems.All(before => before.Message != other.Message));
            Assert.True(after.Count(other => other.Message == problem.Message) < problems.Count(other => other.Message == problem.Message), $"{problem.Message} is still there: {policy}");
            problems = after;
        }
        Assert.DoesNotContain(problems, problem => !problem.IsWarning);
    }, iter: 300);

    private PolicyProblem[] Problems(Policy policy) => [.. PolicyRules.ProblemsOf(policy, engine.Cedar)];
}
