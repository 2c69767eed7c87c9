using System.Diagnostics;
using CsCheck;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies.Lint;

/// <summary>Whatever somebody types or pastes, there is an answer, soon, and the process lives on.</summary>
public sealed class CedarBadInputTests(SharedEngine engine)
{
    /// <summary>The engine's own limit is about two seconds for a call, and this machine may be busy.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string> Texts => new()
    {
        { "a megabyte", Given.Permit("true") + new string(' ', 1024 * 1024) },
        { "a megabyte of statements", string.Concat(Enumerable.Repeat(Given.Permit("true"), 20_000)) },
        { "10,000 parentheses", Given.Permit(new string('(', 10_000) + "true" + new string(')', 10_000)) },
        { "10,000 open parentheses", Given.Permit(new string('(', 10_000)) },
        { "10,000 sets", Given.Permit(new string('[', 10_000) + new string(']', 10_000) + " == 1") },
        { "10,000 negations", Given.Permit(new string('!', 10_000) + "true") },
        { "10,000 choices", Given.Permit(string.Concat(Enumerable.Repeat("if true then ", 4_000)) + "true" + string.Concat(Enumerable.Repeat(" else true", 4_000))) },
        { "a long chain", Given.Permit(string.Join(" && ", Enumerable.Repeat("true", 8_000))) },
        { "a long pattern", Given.Permit($"resource.region like \"{string.Concat(Enumerable.Repeat("*a", 25_000))}\"") },
        { "quotes", new string('"', 60_000) },
        { "an open quote", Given.Permit("resource.hasTag(\"" + new string('a', 60_000)) },
        { "backslashes", Given.Permit("resource.hasTag(\"" + new string('\\', 60_001) + "\")") },
        { "slashes", new string('/', 60_000) },
        { "words", string.Concat(Enumerable.Repeat("permit ", 9_000)) },
        { "dots", Given.Permit("principal" + string.Concat(Enumerable.Repeat(".exists(", 8_000))) },
        { "direction marks", string.Concat(Enumerable.Repeat("\u202E", 60_000)) },
        { "NUL", new string('\0', 60_000) },
        { "half characters", Given.Permit("resource.hasTag(\"\uD800\")") },
        { "emoji", string.Concat(Enumerable.Repeat("👩‍💻", 5_000)) },
        { "template", "permit (principal == ?principal, action, resource);" },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void ProblemsOf_BadText_IsRefusedSoon(string what, string cedar)
    {
        Stopwatch watch = Stopwatch.StartNew();
        PolicyProblem[] problems = [.. PolicyRules.ProblemsOf(Given.Auto(cedar), engine.Cedar)];

        Assert.True(watch.Elapsed < Soon, $"{what} took {watch.Elapsed}.");
        Assert.Contains(problems, problem => !problem.IsWarning);
        Assert.All(problems, problem => Assert.InRange(problem.Message.Length, 10, 2_000));
    }

    [Fact]
    public void ProblemsOf_ManyStatementsWithProblems_AreAllToldSoon()
    {
        string cedar = string.Join('\n', Enumerable.Range(0, 300).Select(number => Given.Forbid($"principal has division && principal.division != \"{number}\" && resource.getTag(\"t{number}\") == \"x\"")));
        Stopwatch watch = Stopwatch.StartNew();

        PolicyProblem[] problems = [.. PolicyRules.ProblemsOf(Given.Deny(cedar), engine.Cedar)];

        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");
        Assert.Equal(600, problems.Length);
        Assert.All(problems, problem => Assert.NotNull(problem.Mend));
    }

    /// <summary>Pieces of Cedar in any order: each mend that is offered can be made, and is about a text that changes.</summary>
    [Fact]
    public void ProblemsOf_AnyPiecesOfCedar_NeverFails()
    {
        string[] pieces =
        [
            "permit (principal, action, resource)", "forbid (principal, action, resource)", "when", "unless", "{", "}", "(", ")", ";", "&&", "||", "!", "==", "!=", "=", "like", "in", "has", "if", "then", "else",
            "principal", "resource", "context.request.clock", ".getTag(\"env\")", ".hasTag(\"a:b\")", ".division", "principal has division", "principal.division", "resource.getTag(\"k\") == \"v\"", "\"x\"", "\"", "// c\n", "\n", "@id(\"a\")",
            "AWS::SSM::getTokenForInstanceAccess", "true", "false", "[", "]", ",", ".", "1", "\u202E", "é",
        ];
        Gen.Int[0, pieces.Length - 1].Array[0, 25].Sample(chosen =>
        {
            string cedar = string.Join(' ', chosen.Select(index => pieces[index]));
            foreach (PolicyProblem problem in PolicyRules.ProblemsOf(Given.Deny(cedar), engine.Cedar))
            {
                Assert.NotEmpty(problem.Message);
                if (problem.Mend is { } mend) Assert.NotEqual(cedar, ((DenyAccessPolicy)mend.Mended).Cedar);
            }
        }, iter: 2_000);
    }
}
