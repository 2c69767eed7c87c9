using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies.Lint;

/// <summary>What people get wrong in Cedar, what they are told, and that one press mends it.</summary>
public sealed class CedarMendTests(SharedEngine engine)
{
    private const string Action = "AWS::SSM::Action::\"getTokenForInstanceAccess\"";

    private const string Head = "(principal, action == " + Action + ", resource)";

    public static TheoryData<string, string, string, string, string> Mends => new()
    {
        // Tags and attributes read without asking.
        {
            Permit("resource.getTag(\"env\") == \"prod\""), "resource.getTag(\"env\")", "This fails for nodes without the tag \"env\": the tag is read without asking whether it is there. Put resource.hasTag(\"env\") && in front.",
            "Ask hasTag first", Permit("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\"")
        },
        {
            Forbid("resource.region == \"a\" || resource.getTag(\"env\") == \"prod\" || resource.getTag(\"env\") == \"stage\""), "resource.getTag(\"env\")", "This fails for nodes without the tag \"env\"",
            "Ask hasTag first", Forbid("resource.region == \"a\" || resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\" || resource.hasTag(\"env\") && resource.getTag(\"env\") == \"stage\"")
        },
        {
            Permit("[\"a\", \"b\"].contains(resource.getTag(\"k\")) && (resource.getTag(\"k\") != \"b\" || !(resource.getTag(\"k\") == \"c\"))"), "resource.getTag(\"k\")", "This fails for nodes without the tag \"k\"",
            "Ask hasTag first", Permit("resource.hasTag(\"k\") && [\"a\", \"b\"].contains(resource.getTag(\"k\")) && (resource.getTag(\"k\") != \"b\" || !(resource.getTag(\"k\") == \"c\"))")
        },
        // Asked inside the negation, a permit would cover every node without the tag.
        {
            Permit("resource.region == \"a\" && !(resource.getTag(\"env\") == \"prod\")"), "resource.getTag(\"env\")", "This fails for nodes without the tag \"env\"",
            "Ask hasTag first", Permit("resource.region == \"a\" && resource.hasTag(\"env\") && !(resource.getTag(\"env\") == \"prod\")")
        },
        {
            $"permit {Head} unless {{ resource.getTag(\"env\") == \"prod\" }};", "resource.getTag(\"env\")", "This fails for nodes without the tag \"env\"",
            "Ask hasTag first", $"permit {Head} when {{\n    resource.hasTag(\"env\")\n}}\nunless {{ resource.getTag(\"env\") == \"prod\" }};"
        },
        {
            Permit("![\"a\", \"b\"].contains(resource.getTag(\"k\"))"), "resource.getTag(\"k\")", "This fails for nodes without the tag \"k\"",
            "Ask hasTag first", Permit("resource.hasTag(\"k\") && ![\"a\", \"b\"].contains(resource.getTag(\"k\"))")
        },
        {
            Forbid("![\"a\", \"b\"].contains(resource.getTag(\"k\"))"), "resource.getTag(\"k\")", "This fails for nodes without the tag \"k\"",
            "Ask hasTag first", Forbid("!(resource.hasTag(\"k\") && [\"a\", \"b\"].contains(resource.getTag(\"k\")))")
        },
        // A forbid for all but one value goes on covering what has none.
        {
            Forbid("resource.getTag(\"env\") != \"dev\""), "resource.getTag(\"env\")", "This fails for nodes without the tag \"env\"",
            "Ask hasTag first", Forbid("!(resource.hasTag(\"env\") && resource.getTag(\"env\") == \"dev\")")
        },
        {
            Permit("context.request.clock.getTag(\"UTC\").minute < 480"), "context.request.clock.getTag(\"UTC\").minute", "This fails where there is no clock of \"UTC\"",
            "Ask hasTag first", Permit("context.request.clock.hasTag(\"UTC\") && context.request.clock.getTag(\"UTC\").minute < 480")
        },
        {
            Permit("context.iam.principalTags.getTag(\"team\") == \"x\""), "context.iam.principalTags.getTag(\"team\")", "This fails for people whose IAM session has no tag \"team\"",
            "Ask hasTag first", Permit("context.iam.principalTags.hasTag(\"team\") && context.iam.principalTags.getTag(\"team\") == \"x\"")
        },
        {
            Permit("principal.division == \"Finance\""), "principal.division", "This fails for people without division: it is read without asking whether it is there. Put principal has division && in front.",
            "Ask has division first", Permit("principal has division && principal.division == \"Finance\"")
        },
        {
            Forbid("!(principal[\"division\"] like \"F*\")"), "principal[\"division\"]", "This fails for people without division",
            "Ask has division first", Forbid("!(principal has division && principal[\"division\"] like \"F*\")")
        },

        // A forbid that lets through whoever lacks what it asks for.
        {
            Forbid("principal has division && principal.division != \"Finance\" && resource.hasTag(\"data\") && resource.getTag(\"data\") == \"Financial\""), "principal has division",
            "People without division are let through by this: where it is missing, the forbid does not match.",
            "Cover people without division too", Forbid("!(principal has division && principal.division == \"Finance\") && resource.hasTag(\"data\") && resource.getTag(\"data\") == \"Financial\"")
        },
        {
            Forbid("principal has employeeNumber && principal.employeeNumber like \"TEMP-*\""), "principal has employeeNumber", "People without employeeNumber are let through by this",
            "Cover people without employeeNumber too", Forbid("!(principal has employeeNumber && !(principal.employeeNumber like \"TEMP-*\"))")
        },
        {
            Forbid("resource.hasTag(\"env\") && // Why.\n resource.getTag(\"env\") != \"dev\""), "resource.hasTag(\"env\")", "Nodes without the tag env are let through by this",
            "Cover nodes without the tag env too", Forbid("// Why.\n !(resource.hasTag(\"env\") && resource.getTag(\"env\") == \"dev\")")
        },
        {
            Forbid("resource.region == \"a\" || (principal has division && !(principal.division == \"a\" || principal.division like \"b*\"))"), "principal has division", "People without division are let through by this",
            "Cover people without division too", Forbid("resource.region == \"a\" || (!(principal has division && (principal.division == \"a\" || principal.division like \"b*\")))")
        },

        // Keys with values.
        {
            Permit("resource.hasTag(\"Environment:Production\")"), "\"Environment:Production\"", "This asks for a tag whose key is \"Environment:Production\", and no value is looked at: it never matches a tag Environment with the value Production.",
            "Ask for key and value", Permit("resource.hasTag(\"Environment\") && resource.getTag(\"Environment\") == \"Production\"")
        },
        {
            Forbid("!resource.hasTag(\"Environment:Production\")"), "\"Environment:Production\"", "This asks for a tag whose key is",
            "Ask for key and value", Forbid("!(resource.hasTag(\"Environment\") && resource.getTag(\"Environment\") == \"Production\")")
        },

        // Contradictions.
        {
            Permit("resource.region == \"a\" && resource.account == \"1\" && (resource.region == \"b\")"), "resource.region == \"b\"",
            "This can never be true: resource.region cannot be \"a\" and \"b\" at once. If either will do, write [\"a\", \"b\"].contains(resource.region).", "", ""
        },
        {
            Permit("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"a\" && [\"b\", \"c\"].contains(resource.getTag(\"env\"))"), "[\"b\", \"c\"].contains(resource.getTag(\"env\"))",
            "This can never be true: resource.getTag(\"env\") cannot be \"a\" and \"b\" or \"c\" at once.", "Take either value", Permit("resource.hasTag(\"env\") && [\"a\", \"b\", \"c\"].contains(resource.getTag(\"env\"))")
        },
        { Permit("resource.hasTag(\"a\") && false"), "false", "The statement can never match: it asks for false.", "", "" },
        { Permit("principal has team"), "principal has team", "The statement can never match: nobody has an attribute team.", "", "" },
        { Permit("resource is AWS::EC2::Instance && resource is AWS::SSM::ManagedInstance"), "*", "The statement can never match: whoever asks and whatever the node", "", "" },

        // The mistakes of AWS's documentation, and others that do not parse.
        { "permit (principal, action == AWS::SSM::getTokenForInstanceAccess, resource);", "AWS::SSM::getTokenForInstanceAccess", "An action is written with its type and its name in quotes: " + Action + ".", "Write the action", $"permit {Head};" },
        { "permit (principal, action == \"getTokenForInstanceAccess\", resource);", "\"getTokenForInstanceAccess\"", "An action is written with its type", "Write the action", $"permit {Head};" },
        { "permit (principal, action == AWS::SSM::Action::\"getTokenForInstanceAcces\", resource);", "AWS::SSM::Action::\"getTokenForInstanceAcces\"", "unrecognized action", "Write the action", $"permit {Head};" },
        { "permit (principal in AWS::IdentityStore::Group::leads, action, resource);", "AWS::IdentityStore::Group::leads", "An entity is written with its type and its id in quotes: AWS::IdentityStore::Group::\"leads\".", "Put the id in quotes", "permit (principal in AWS::IdentityStore::Group::\"leads\", action, resource);" },
        { "permit (principal in AWS::IdentityStore::Groop::\"leads\", action, resource);", "AWS::IdentityStore::Groop", "unrecognized entity type", "Write AWS::IdentityStore::Group", "permit (principal in AWS::IdentityStore::Group::\"leads\", action, resource);" },
        { Permit("true").TrimEnd(';'), "", "A statement ends with a semicolon. Add it here.", "Add the semicolon", Permit("true") },
        { Permit("true").TrimEnd(';') + " // The end.\n", "", "A statement ends with a semicolon.", "Add the semicolon", Permit("true") + " // The end.\n" },
        { $"permit {Head}\n\npermit {Head};", "", "A statement ends with a semicolon.", "Add the semicolon", $"permit {Head};\n\npermit {Head};" },
        { $"{Permit("true").TrimEnd(';')}\n@id(\"b\")\npermit {Head};", "", "A statement ends with a semicolon.", "Add the semicolon", $"{Permit("true")}\n@id(\"b\")\npermit {Head};" },
        { Permit("resource.tags.exists(t, t.key == \"env\")"), "exists", "Cedar has no .exists().", "", "" },
        { Permit("resource.region = \"a\""), "=", "Texts are compared with ==.", "Write ==", Permit("resource.region == \"a\"") },
        { Permit("resource.region == 'a'"), "'", "Texts stand in straight double quotes", "Write straight quotes", Permit("resource.region == \"a\"") },
        { Permit("resource.region == “a”"), "“", "Texts stand in straight double quotes", "Write straight quotes", Permit("resource.region == \"a\"") },
        { Permit("resоurce.hasTag(\"a\")"), "о", "“о” (U+043E) is no character of Cedar outside of quotes.", "", "" },

        // Clocks.
        { Permit(Clock("europe/berlin")), "\"europe/berlin\"", "“europe/berlin” is no time zone that is known here.", "Write Europe/Berlin", Permit(Clock("Europe/Berlin")) },
        { Permit(Clock("Mars/Phobos")), "\"Mars/Phobos\"", "“Mars/Phobos” is no time zone that is known here. Use an IANA name such as Europe/Berlin; capital letters count.", "", "" },
        { Permit("context.request.clock.hasTag(resource.region)"), "*", "A clock is asked for by the name of a time zone in quotes", "", "" },

        // Characters.
        { Permit("resource.hasTag(\"a\0b\")"), "\0", "The text holds a NUL character (U+0000)", "Remove it", Permit("resource.hasTag(\"ab\")") },
        { Permit("resource.hasTag(\"\u202Eabc\u202C\")"), "\u202E", "This character (U+202E) turns the direction of writing, so that the text looks other than it is. There are 1 more such characters.", "Remove them", Permit("resource.hasTag(\"abc\")") },
        { Permit("resource.hasTag(\"pr\u200Bod\")"), "\u200B", "This character (U+200B) cannot be seen, so that the text looks other than it is.", "Remove it", Permit("resource.hasTag(\"prod\")") },
    };

    [Theory]
    [MemberData(nameof(Mends), DisableDiscoveryEnumeration = true)]
    public void ProblemsOf_CommonMistake_IsToldWhereItIsAndMended(string cedar, string place, string message, string label, string mended)
    {
        Policy policy = cedar.StartsWith("forbid", StringComparison.Ordinal) ? Given.Deny(cedar) : Given.Auto(cedar);
        PolicyProblem[] problems = Problems(policy);
        PolicyProblem? problem = problems.FirstOrDefault(one => one.Message.StartsWith(message, StringComparison.Ordinal));

        Assert.True(problem is not null, string.Join("\n", problems.Select(one => one.Message)));
        if (place != "*") Assert.Equal(place, Marked(cedar, problem));
        Assert.Equal(label, problem.Mend?.Label ?? "");
        if (problem.Mend is null) return;

        Policy after = problem.Mend.Mended;
        Assert.Equal(mended, after is DenyAccessPolicy deny ? deny.Cedar : ((AutoApprovalPolicy)after).Cedar);
        Assert.Equal((policy.Id, policy.Name), (after.Id, after.Name));
        Assert.Empty(Problems(after));
    }

    [Theory]
    [InlineData("resource.hasTag(\"aws:cloudformation:stack-name\")")]
    [InlineData("resource.hasTag(\"aws:owner\")")]
    [InlineData("resource.hasTag(\"team:owner\") && resource.getTag(\"team:owner\") == \"x\"")]
    [InlineData("resource.hasTag(\":x\")")]
    [InlineData("resource.hasTag(\"env\") && resource.getTag(\"env\") == \"Production\"")]
    [InlineData("principal has division")]
    [InlineData("!(principal has division && principal.division == \"Finance\")")]
    [InlineData("resource.region == \"a\" || resource.region == \"b\"")]
    [InlineData("[\"a\", \"b\"].contains(resource.region) && [\"b\", \"c\"].contains(resource.region)")]
    [InlineData("resource.hasTag(\"größe\") && resource.getTag(\"größe\") == \"日本\"")]
    public void ProblemsOf_WhatIsMeantSo_IsNone(string condition) => Assert.Empty(Problems(Given.Deny(Forbid(condition))));

    [Fact]
    public void ProblemsOf_PermitForPeopleWithAnAttribute_IsNone() => Assert.Empty(Problems(Given.Auto(Permit("principal has division && principal.division != \"Finance\""))));

    [Fact]
    public void ProblemsOf_ReadInsideAChoice_HasNoMend()
    {
        PolicyProblem problem = Assert.Single(Problems(Given.Auto(Permit("if resource.region == \"a\" then resource.getTag(\"env\") == \"x\" else true"))));

        Assert.StartsWith("This fails for nodes without the tag \"env\"", problem.Message, StringComparison.Ordinal);
        Assert.Null(problem.Mend);
    }

    [Fact]
    public void ProblemsOf_SeveralStatements_MendsTheOneInQuestion()
    {
        string cedar = $"// One.\n{Permit("resource.hasTag(\"a\")")}\n\n// Two.\n{Permit("resource.getTag(\"b\") == \"x\"")}\n";

        PolicyProblem problem = Assert.Single(Problems(Given.Auto(cedar)));

        Assert.Equal((5, "resource.getTag(\"b\")"), (problem.Line, Marked(cedar, problem)));
        Assert.Equal(cedar.Replace("resource.getTag(\"b\")", "resource.hasTag(\"b\") && resource.getTag(\"b\")", StringComparison.Ordinal), ((AutoApprovalPolicy)problem.Mend!.Mended).Cedar);
    }

    private static string Permit(string condition) => $"permit {Head} when {{ {condition} }};";

    private static string Forbid(string condition) => $"forbid {Head} when {{ {condition} }};";

    private static string Clock(string zone) => $"context.request.clock.hasTag(\"{zone}\") && context.request.clock.getTag(\"{zone}\").minute < 480";

    private static string Marked(string cedar, PolicyProblem problem)
    {
        int start = cedar.Split('\n').Take(problem.Line!.Value - 1).Sum(line => line.Length + 1) + problem.Column!.Value - 1;
        return cedar.Substring(start, problem.Length);
    }

    private PolicyProblem[] Problems(Policy policy) => [.. PolicyRules.ProblemsOf(policy, engine.Cedar)];
}
