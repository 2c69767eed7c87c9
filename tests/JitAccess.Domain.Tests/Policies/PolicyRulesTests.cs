using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

public sealed class PolicyRulesTests(SharedEngine engine)
{
    private const string Matches = "forbid (principal, action, resource);";

    [Fact]
    public void ProblemsOf_GoodPolicies_AreNone()
    {
        Assert.Empty(Problems(Given.Deny(Matches)));
        Assert.Empty(Problems(Given.Auto(Given.Permit("resource.hasTag(\"access\")"))));
        Assert.Empty(Problems(Given.AllNodes("Pair", Given.Level(2, Given.Person("ann"), Given.Person("bob")))));
    }

    [Theory]
    [InlineData(0, "Give the policy a name.")]
    [InlineData(1, null)]
    [InlineData(100, null)]
    [InlineData(101, "The name has 101 characters; at most 100 are allowed.")]
    public void ProblemsOf_NameLength_IsOneTo100(int length, string? problem) =>
        Assert.Equal(problem, Single(Given.Deny(Matches, new string('n', length)), nameof(Policy.Name)));

    [Fact]
    public void ProblemsOf_NameOfBlanks_IsNone() => Assert.Equal("Give the policy a name.", Single(Given.Deny(Matches, " \t"), nameof(Policy.Name)));

    [Theory]
    [InlineData(0, null)]
    [InlineData(500, null)]
    [InlineData(501, "The description has 501 characters; at most 500 are allowed.")]
    public void ProblemsOf_DescriptionLength_IsUpTo500(int length, string? problem) =>
        Assert.Equal(problem, Single(Given.Deny(Matches) with { Description = new string('d', length) }, nameof(Policy.Description)));

    [Theory]
    [InlineData(int.MinValue, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(336, true)]
    [InlineData(337, false)]
    public void ProblemsOf_Hours_AreOneTo336(int hours, bool valid)
    {
        string? expected = valid ? null : "The access duration is 1 to 336 hours.";
        Assert.Equal(expected, Single(Given.Auto(Given.Permit("true"), hours: hours), nameof(ManualPolicy.MaximumHours)));
        Assert.Equal(expected, Single(Manual() with { MaximumHours = hours }, nameof(ManualPolicy.MaximumHours)));
    }

    [Theory]
    [InlineData(299, false)]
    [InlineData(300, true)]
    [InlineData(30 * 24 * 3600, true)]
    [InlineData(30 * 24 * 3600 + 1, false)]
    public void ProblemsOf_PendingTimeout_IsFiveMinutesTo30Days(int seconds, bool valid) =>
        Assert.Equal(valid ? null : "A request may stay pending for 5 minutes to 30 days.", Single(Manual() with { PendingTimeout = TimeSpan.FromSeconds(seconds) }, nameof(ManualPolicy.PendingTimeout)));

    [Theory]
    [InlineData(0, 1, "A tag needs a key.")]
    [InlineData(1, 0, null)]
    [InlineData(128, 256, null)]
    [InlineData(129, 1, "The tag kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk is too long: a key has at most 128 characters, a value at most 256.")]
    [InlineData(3, 257, "The tag kkk is too long: a key has at most 128 characters, a value at most 256.")]
    public void ProblemsOf_TagLengths_AreAwsLimits(int key, int value, string? problem) =>
        Assert.Equal(problem, Single(Manual(new NodeTarget { Tags = [new TagPair(new string('k', key), new string('v', value))] }), nameof(ManualPolicy.Target)));

    [Fact]
    public void ProblemsOf_SameTagTwice_IsOne()
    {
        Assert.Equal("The tag env=prod is there twice. Remove one.", Single(Given.ByTags("Tags", "env=prod", "env=prod"), nameof(ManualPolicy.Target)));
        Assert.Null(Single(Given.ByTags("Tags", "env=prod", "env=Prod", "Env=prod"), nameof(ManualPolicy.Target)));
    }

    [Theory]
    [InlineData("111111111111", true)]
    [InlineData("11111111111", false)]
    [InlineData("1111111111111", false)]
    [InlineData("sandbox-main", false)]
    public void ProblemsOf_AccountFilter_IsTwelveDigits(string account, bool valid) =>
        Assert.Equal(valid ? null : $"“{account}” is not an AWS account id: twelve digits.", Single(Manual(new NodeTarget { Accounts = [account] }), nameof(ManualPolicy.Target)));

    [Theory]
    [InlineData(0, "A policy has 1 to 5 levels.")]
    [InlineData(1, null)]
    [InlineData(5, null)]
    [InlineData(6, "A policy has 1 to 5 levels.")]
    public void ProblemsOf_Levels_AreOneToFive(int count, string? problem) => Assert.Equal(problem,
        Single(Manual() with { Levels = [.. Enumerable.Range(0, count).Select(number => Given.Level(1, Given.Person($"p{number}")))] }, nameof(ManualPolicy.Levels)));

    [Theory]
    [InlineData(1, null)]
    [InlineData(5, null)]
    [InlineData(6, "Level 1 has 1 to 5 approvers.")]
    public void ProblemsOf_Approvers_AreOneToFive(int count, string? problem) => Assert.Equal(problem,
        Single(Given.AllNodes("Many", Given.Level(1, [.. Enumerable.Range(0, count).Select(number => Given.Person($"p{number}"))])), nameof(ManualPolicy.Levels)));

    [Fact]
    public void ProblemsOf_LevelWithoutApprovers_SaysSo() => Assert.Equal(
        ["Level 1 has 1 to 5 approvers.", "Level 1 asks for more approvals than its people can give: one person gives one review per request."],
        Problems(Given.AllNodes("Nobody", Given.Level(1))).Select(problem => problem.Message));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void ProblemsOf_RequiredApprovals_AreOneToFive(int required, bool valid) => Assert.Equal(valid ? null : "Level 2 needs 1 to 5 approvals.",
        Single(Given.AllNodes("Leads", Given.Level(1, Given.Person("ann")), Given.Level(required, Given.Group("leads"))), nameof(ManualPolicy.Levels)));

    [Theory]
    [InlineData("", "Level 1 has an approver without a name.")]
    [InlineData("  ", "Level 1 has an approver without a name.")]
    [InlineData("ann", "Level 1 names the same approver twice. Remove one.")]
    [InlineData("Ann", null)]
    public void ProblemsOf_SecondApprover_MustBeNamedAndAnother(string id, string? problem) =>
        Assert.Equal(problem, Single(Given.AllNodes("Two", Given.Level(1, Given.Person("ann"), Given.Person(id))), nameof(ManualPolicy.Levels)));

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(3, null, false)]
    public void ProblemsOf_MoreApprovalsThanPeople_NamesTheLevel(int required, int? secondLevel, bool valid)
    {
        ManualPolicy policy = Given.AllNodes("People", [Given.Level(required, Given.Person("ann"), Given.Person("bob")), .. secondLevel is { } more ? [Given.Level(more, Given.Person("cat"))] : Array.Empty<ApprovalLevel>()]);

        Assert.Equal(valid ? null : "Level 1 asks for more approvals than its people can give: one person gives one review per request.", Single(policy, nameof(ManualPolicy.Levels)));
    }

    [Fact]
    public void ProblemsOf_OnePersonNeededAtTwoLevels_NamesTheSecond() => Assert.StartsWith("Level 2 asks for more approvals",
        Single(Given.AllNodes("Ann twice", Given.Level(1, Given.Person("ann")), Given.Level(1, Given.Person("ann"))), nameof(ManualPolicy.Levels)), StringComparison.Ordinal);

    [Fact]
    public void ProblemsOf_GroupAsApprover_IsAWarningOnly()
    {
        PolicyProblem warning = Assert.Single(Problems(Given.AllNodes("Leads", Given.Level(2, Given.Group("leads")))));

        Assert.True(warning.IsWarning);
        Assert.StartsWith("Who is in the group leads is not known here", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("// forbid (principal, action, resource);")]
    public void ProblemsOf_CedarWithoutStatements_AsksForOne(string cedar)
    {
        Assert.Equal("Write at least one forbid statement.", Single(Given.Deny(cedar), nameof(DenyAccessPolicy.Cedar)));
        Assert.Equal("Write at least one permit statement.", Single(Given.Auto(cedar), nameof(DenyAccessPolicy.Cedar)));
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData(64 * 1024 + 1, false)]
    public void ProblemsOf_CedarLength_IsLimited(int length, bool valid)
    {
        string cedar = Matches + new string(' ', length - Matches.Length);

        Assert.Equal(valid ? null : "The text has 65537 characters; at most 65536 are allowed. Split it into several policies.", Single(Given.Deny(cedar), nameof(DenyAccessPolicy.Cedar)));
    }

    [Fact]
    public void ProblemsOf_CedarThatDoesNotParse_PointsAtThePlace()
    {
        PolicyProblem problem = Assert.Single(Problems(Given.Deny("forbid (principal, action, resource);\nforbid (principal action, resource);")));

        Assert.Equal((2, 19, false), (problem.Line, problem.Column, problem.IsWarning));
        Assert.Contains("unexpected token `action`", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProblemsOf_SecondStatementIsInvalid_PointsIntoTheWholeText()
    {
        const string cedar = """
            // First the easy one.
            forbid (principal, action, resource); forbid (principal, action, resource) when { resource.getTag("a") == "x" };

              forbid (principal, action, resource)
                when { resource.getTag("b") == "x" };
            """;

        PolicyProblem[] problems = Problems(Given.Deny(cedar));

        Assert.Equal([(2, 83), (5, 12)], problems.Select(problem => (problem.Line!.Value, problem.Column!.Value)).Distinct());
        Assert.All(problems, problem => Assert.StartsWith("This fails for nodes without the tag", problem.Message, StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.Contains(".hasTag(", problem.Message, StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.False(problem.IsWarning));
    }

    [Theory]
    [InlineData("principal.division == \"x\"", "This fails for people without division")]
    [InlineData("principal has costCenter && principal.costcenter == \"1\"", "`costCenter`")]
    [InlineData("context.request.time > 5", "expected")]
    [InlineData("resource.region == 5", "the types Long and String are not compatible")]
    public void ProblemsOf_CedarAgainstTheSchema_IsRefused(string condition, string words) =>
        Assert.Contains(Problems(Given.Auto(Given.Permit(condition))), problem => !problem.IsWarning && problem.Message.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void ProblemsOf_StatementThatCanNeverMatch_IsAWarningOnly()
    {
        PolicyProblem warning = Assert.Single(Problems(Given.Auto(Given.Permit("true") + "\n" + Given.Permit("resource.hasTag(\"env\") && false"))));

        Assert.True(warning.IsWarning);
        Assert.Equal(2, warning.Line);
        Assert.Equal("The statement can never match: it asks for false.", warning.Message);
    }

    [Fact]
    public void ProblemsOf_StatementsOfTheOtherKind_AreRefusedWhereTheyStand()
    {
        PolicyProblem deny = Assert.Single(Problems(Given.Deny($"{Matches}\n  {Given.Permit("true")}")));
        PolicyProblem auto = Assert.Single(Problems(Given.Auto($"{Given.Permit("true")} {Matches}")));

        Assert.Equal(("This kind of policy takes forbid statements only.", 2, 3, false), (deny.Message, deny.Line, deny.Column, deny.IsWarning));
        Assert.Equal(("This kind of policy takes permit statements only.", 1), (auto.Message, auto.Line));
    }

    [Theory]
    [InlineData("principal", "")]
    [InlineData("principal in AWS::IdentityStore::Group::\"nobody\"", "")]
    [InlineData("principal", "resource.hasTag(\"rare\") && ")]
    public void ProblemsOf_AChainTooLongToDecideBy_IsRefusedWhateverHidesIt(string principal, string guard)
    {
        // The engine validates 500 terms and overflows when it decides, but only if it gets past the scope and the guard.
        string chain = string.Join(" || ", Enumerable.Range(0, 500).Select(number => $"resource.hasTag(\"t{number}\")"));

        PolicyProblem problem = Assert.Single(Problems(Given.Auto($"{Given.Permit("true")}\npermit ({principal}, action, resource) when {{ {guard}({chain}) }};")));

        Assert.Equal("The statement is too deeply nested or too long for the engine to evaluate. Split it into several statements.", problem.Message);
        Assert.Equal((2, 1, false), (problem.Line, problem.Column, problem.IsWarning));
    }

    [Theory]
    [InlineData("resource.hasTag(\"t\")", " || ", 195)]
    [InlineData("resource.hasTag(\"t\")", " && ", 195)]
    [InlineData("context.request.durationHours", " + ", 190)]
    public void ProblemsOf_TheLongestChainAllowed_CanBeDecidedBy(string term, string link, int terms)
    {
        string chain = string.Join(link, Enumerable.Repeat(term, terms));
        DenyAccessPolicy policy = Given.Deny(Given.Forbid(link == " + " ? $"{chain} > 0" : chain));

        Assert.DoesNotContain(Problems(policy), problem => !problem.IsWarning);
        Decision decision = new PolicyEvaluator(new PolicySetVersion(1, Given.Set(policy)), engine.Cedar).Decide(Given.Question(node: Given.Node("t=1")));
        Assert.Equal(PolicyVerdict.BlocksAutomaticApproval, Assert.Single(decision.Answers).Verdict);
        Assert.StartsWith("statement 1 matches", decision.Answers[0].Because, StringComparison.Ordinal);
    }

    [Fact]
    public void ProblemsOf_TextTheEngineCannotRead_IsAProblemAndNoFailure()
    {
        string nested = string.Concat(Enumerable.Repeat("(true && ", 2000)) + "true" + new string(')', 2000);

        PolicyProblem problem = Assert.Single(Problems(Given.Auto(Given.Permit(nested))));

        Assert.EndsWith("Shorten the text, or split it into several statements.", problem.Message, StringComparison.Ordinal);
        Assert.False(problem.IsWarning);
    }

    [Theory]
    [InlineData("Pro\0duction", "The name has a NUL character, which nothing can show. Remove it.", false)]
    [InlineData("Pro\u202Educt", "The name has a character that cannot be seen or turns the direction of writing, so that it looks other than it is. Remove it.", true)]
    [InlineData("מדיניות 日本 größe", null, false)]
    public void ProblemsOf_NameWithUnseenCharacters_SaysSo(string name, string? message, bool isWarning)
    {
        PolicyProblem? problem = Problems(Given.Deny(Matches, name)).SingleOrDefault();

        Assert.Equal((message, isWarning), (problem?.Message, problem?.IsWarning ?? false));
    }

    [Fact]
    public void ProblemsOf_NulInTagOrApprover_IsRefused()
    {
        PolicyProblem[] problems = Problems(Given.AllNodes("Nul", Given.Level(1, Given.Person("an\0n"))) with { Target = new NodeTarget { Tags = [new TagPair("env", "pro\0d")], Regions = ["eu\0"] } });

        Assert.Equal(["“pro d” has a NUL character, which nothing can show. Remove it.", "“eu ” has a NUL character, which nothing can show. Remove it.", "Level 1: the approver “an n” has a NUL character, which nothing can show. Remove it."],
            problems.Where(problem => !problem.IsWarning).Select(problem => problem.Message));
    }

    [Fact]
    public void NameConflicts_SameNameInOtherCase_IsOneEvenAcrossKinds()
    {
        PolicyProblem problem = Assert.Single(PolicyRules.NameConflicts(Given.Set(Given.Deny(Matches, "Production"), Given.AllNodes(" production "), Given.AllNodes("Other"))));

        Assert.Equal((nameof(Policy.Name), "Another policy is named “Production”. Choose another name."), (problem.Field, problem.Message));
        Assert.Empty(PolicyRules.NameConflicts(Given.Set(Given.Deny(Matches, "Production"), Given.AllNodes("Production 2"))));
    }

    private static ManualPolicy Manual(NodeTarget? target = null) =>
        Given.AllNodes("Manual", Given.Level(1, Given.Person("ann"))) with { Target = target ?? NodeTarget.AllNodes };

    private PolicyProblem[] Problems(Policy policy) => [.. PolicyRules.ProblemsOf(policy, engine.Cedar)];

    /// <summary>The message of the only problem that stands in the way, which must be of this field; null if there is none.</summary>
    private string? Single(Policy policy, string field)
    {
        PolicyProblem? problem = Problems(policy).SingleOrDefault(one => !one.IsWarning);
        Assert.Equal(problem is null ? null : field, problem?.Field);
        return problem?.Message;
    }
}
