using System.Collections.Immutable;
using System.Diagnostics;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Domain.Tests.Policies;

public sealed class ReasonRuleTests(SharedEngine engine)
{
    private static readonly ReasonRule Ticket = new() { TicketPattern = @"OPS-\d{1,6}", TicketHint = "OPS-1234" };

    private static readonly ReasonRule Form = new() { Pattern = "(fix|look at) .+", PatternHint = "fix or look at, then what" };

    [Theory]
    [InlineData(0, "x", null)]
    [InlineData(5, "12345", null)]
    [InlineData(5, "  1234  ", "“Production” asks for a reason of at least 5 characters; this one has 4. Say more.")]
    [InlineData(1, "x", null)]
    [InlineData(256, null, null)]
    public void MinimumLength_AnyReason_CountsWithoutBlanksAroundIt(int minimum, string? reason, string? message) =>
        Assert.Equal(message, CanSubmit(new ReasonRule { MinimumLength = minimum }, reason ?? new string('x', 256)).Message);

    [Fact]
    public void MinimumLength_Of256_LeavesExactlyOneLength()
    {
        ReasonRule rule = new() { MinimumLength = 256 };

        Assert.StartsWith("“Production” asks for a reason of at least 256 characters; this one has 255.", CanSubmit(rule, new string('x', 255)).Message, StringComparison.Ordinal);
        Assert.True(CanSubmit(rule, new string('x', 256)).IsAllowed);
        Assert.StartsWith("The reason has 257 characters; at most 256 are allowed.", CanSubmit(rule, new string('x', 257)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Say why you need access", CanSubmit(rule, " ").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fix the queue", null)]
    [InlineData(" look at it ", null)]
    [InlineData("please fix the queue", "“Production” asks for a reason of this form: fix or look at, then what.")]
    [InlineData("fix", "“Production” asks for a reason of this form: fix or look at, then what.")]
    [InlineData("fix a\nb", "“Production” asks for a reason of this form: fix or look at, then what.")]
    public void Pattern_AnyReason_MustMatchItWhole(string reason, string? message) => Assert.Equal(message, CanSubmit(Form, reason).Message);

    [Theory]
    [InlineData("OPS-1", null)]
    [InlineData(" OPS-123456 ", null)]
    [InlineData(null, "“Production” asks for a ticket such as OPS-1234.")]
    [InlineData("  ", "“Production” asks for a ticket such as OPS-1234.")]
    [InlineData("OPS-1234567", "“Production” asks for a ticket such as OPS-1234; “OPS-1234567” is none.")]
    [InlineData("ops-1", "“Production” asks for a ticket such as OPS-1234; “ops-1” is none.")]
    [InlineData("see OPS-1", "“Production” asks for a ticket such as OPS-1234; “see OPS-1” is none.")]
    [InlineData("OPS-1\nOPS-2", "The ticket has a character that no ticket number has, such as a line break. Write its number alone.")]
    public void TicketPattern_AnyTicket_MustMatchItWhole(string? ticket, string? message) => Assert.Equal(message, CanSubmit(Ticket, "look", ticket).Message);

    [Fact]
    public void NoHints_Refusals_ShowThePatterns()
    {
        Assert.Equal("“Production” asks for a reason of another form: it must match a+.", CanSubmit(new ReasonRule { Pattern = "a+" }, "b").Message);
        Assert.Equal("“Production” asks for a ticket that matches a+.", CanSubmit(new ReasonRule { TicketPattern = "a+" }, "b").Message);
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, "The ticket has 65 characters; at most 64 are allowed. Write its number alone.")]
    public void Ticket_WithoutARule_HasAtMost64Characters(int length, string? message) => Assert.Equal(message, CanSubmit(null, "look", new string('1', length)).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(0x1B)]
    [InlineData(0x85)]
    [InlineData(0xD800)]
    public void Ticket_WithACharacterThatCannotBeSeen_IsRefused(int character) => Assert.Equal(RefusalKind.Invalid, CanSubmit(null, "look", $"a{(char)character}b").Kind);

    [Fact]
    public void Submit_Ticket_IsKeptWithoutBlanksAndEmptyIsNone()
    {
        Assert.Equal("OPS-7", AccessRequest.Submit(Ask("look", " OPS-7 "), Decided(Ticket)).Ticket);
        Assert.Null(AccessRequest.Submit(Ask("look", " "), Decided(null)).Ticket);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decide_PolicyThatGrants_PinsItsRule(bool isAutomatic)
    {
        Policy policy = isAutomatic ? Given.Auto(Given.Permit("true")) with { ReasonRule = Ticket } : Given.AllNodes() with { ReasonRule = Ticket };
        PolicyEvaluator evaluator = new(new PolicySetVersion(3, Given.Set(policy)), engine.Cedar);
        AccessQuestion question = Ask("look", null);

        Decision decision = evaluator.Decide(question);

        Assert.Equal(Ticket, decision.ReasonRule);
        Assert.Equal(policy.Name, decision.DecidedByName);
        Assert.Equal($"“{policy.Name}” asks for a ticket such as OPS-1234.", AccessRequest.CanSubmit(question, decision).Message);
        RefusedException refusal = Assert.Throws<RefusedException>(() => AccessRequest.Submit(question, decision));
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
    }

    [Theory]
    [InlineData(@"OPS-\d+", null)]
    [InlineData("a)|(b", "is no regular expression: a bracket ) was never opened at character 2")]
    [InlineData("(a", "is no regular expression: a bracket ( is not closed at character 2")]
    [InlineData("[a", "is no regular expression: a set [ is not closed at character 2")]
    [InlineData("*a", "is no regular expression: there is nothing to repeat at character 1")]
    [InlineData("(?=a)a", "uses a look-ahead (?=…), which could make it slow and is not supported; write it without")]
    [InlineData("(?!a).", "uses a negative look-ahead (?!…), which could make it slow and is not supported; write it without")]
    [InlineData("a(?<=a)", "uses a look-behind (?<=…), which could make it slow and is not supported; write it without")]
    [InlineData("a(?<!b)", "uses a negative look-behind (?<!…), which could make it slow and is not supported; write it without")]
    [InlineData("(?>a+)", "uses an atomic group (?>…), which could make it slow and is not supported; write it without")]
    [InlineData("(a)?(?(1)b|c)", "uses a condition (?(…)…), which could make it slow and is not supported; write it without")]
    [InlineData(@"(a)\1", "uses a back-reference \\1, which could make it slow and is not supported; write it without")]
    [InlineData("(a{0,256}){0,256}", "repeats too much, which could make it slow; ask for fewer repetitions")]
    [InlineData(@"(?<x>a)\k<x>", "uses a back-reference \\k<…>, which could make it slow and is not supported; write it without")]
    [InlineData("(?x)a # b", "is no regular expression: a bracket ( is not closed at character 9")]
    public void WhyNot_AnyPattern_SaysItInWords(string pattern, string? why) => Assert.Equal(why, ReasonRule.WhyNot(pattern));

    [Theory]
    [InlineData(200, null)]
    [InlineData(201, "has 201 characters; at most 200 are allowed")]
    public void WhyNot_Length_IsUpTo200(int length, string? why) => Assert.Equal(why, ReasonRule.WhyNot(new string('a', length)));

    [Fact]
    public void Matches_PatternThatCannotBeRead_MatchesNothing() => Assert.False(ReasonRule.Matches("(a", "(a"));

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|a)*b")]
    [InlineData("(a|aa)+c")]
    [InlineData("(.*)*x")]
    [InlineData("([a-z]+)*[0-9]")]
    [InlineData("(a*)*(a*)*(a*)*(a*)*(a*)*b")]
    [InlineData("((a{1,99}){1,99}){1,99}b")]
    [InlineData("(a{0,256}){0,256}b")]
    [InlineData("(.{0,200}a.{0,200}){1,200}b")]
    [InlineData("(?:(?:(?:a?){50}){50}){50}b")]
    public void Matches_PatternMadeToBeSlow_IsAnsweredAtOnceOrRefused(string pattern)
    {
        string[] texts = [new string('a', 255) + "!", new string('a', 256), string.Concat(Enumerable.Repeat("ab", 128))];
        Stopwatch watch = Stopwatch.StartNew();

        bool isUsable = ReasonRule.WhyNot(pattern) is null;
        foreach (string text in texts.Where(_ => isUsable)) _ = ReasonRule.Matches(pattern, text);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{pattern}: {watch.Elapsed.TotalMilliseconds:0} ms, usable: {isUsable}");
    }

    [Fact]
    public void ProblemsOf_Rule_NamesEachField()
    {
        (ReasonRule Rule, string? Problem, bool IsWarning)[] cases =
        [
            (Ticket, null, false),
            (Form with { MinimumLength = 256 }, null, false),
            (new ReasonRule { MinimumLength = 257 }, "The minimum length of a reason is 0 to 256 characters, because no reason can be longer.", false),
            (new ReasonRule { MinimumLength = -1 }, "The minimum length of a reason is 0 to 256 characters, because no reason can be longer.", false),
            (Form with { Pattern = "(a" }, "The reason pattern is no regular expression: a bracket ( is not closed at character 2.", false),
            (Form with { Pattern = " " }, "The reason pattern is empty. Write one, or leave it out.", false),
            (Form with { Pattern = "a\nb" }, "The reason pattern has a line break or another control character. Remove it.", false),
            (Form with { Pattern = null }, "The reason pattern is missing, but there are words for it: “fix or look at, then what”. Write the pattern, or remove the words.", false),
            (Form with { PatternHint = null }, "The reason pattern has no words, so people are shown (fix|look at) .+. Say what is wanted.", true),
            (Form with { PatternHint = new string('x', 201) }, "The reason pattern in words has 201 characters; at most 200 are allowed.", false),
            (Ticket with { TicketPattern = "(?=a)a" }, "The ticket pattern uses a look-ahead (?=…), which could make it slow and is not supported; write it without.", false),
            (Ticket with { TicketHint = "INC-1" }, "The example of a ticket, “INC-1”, does not match the ticket pattern: whoever writes a ticket like it is refused.", true),
        ];
        foreach ((ReasonRule rule, string? message, bool isWarning) in cases)
        {
            foreach (Policy policy in new Policy[] { Given.Auto(Given.Permit("resource.hasTag(\"access\")")) with { ReasonRule = rule }, Given.AllNodes("Pair", Given.Level(1, Given.Person("ann"), Given.Person("bob"))) with { ReasonRule = rule } })
            {
                PolicyProblem? problem = PolicyRules.ProblemsOf(policy, engine.Cedar).SingleOrDefault();
                Assert.Equal((message, isWarning, message is null ? null : "ReasonRule"), (problem?.Message, problem?.IsWarning ?? false, problem?.Field));
            }
        }
    }

    [Fact]
    public void Diff_RuleChanged_SaysBothInWords()
    {
        ManualPolicy plain = Given.AllNodes("Production");

        Assert.Equal(["Now asks for a ticket that matches OPS-\\d{1,6} (“OPS-1234”); before: no more than a reason."], Sentences(plain, plain with { ReasonRule = Ticket }));
        Assert.Equal(["Now asks for no more than a reason; before: a reason of at least 1 character, and a ticket that matches OPS-\\d{1,6} (“OPS-1234”)."], Sentences(plain with { ReasonRule = Ticket with { MinimumLength = 1 } }, plain));
        Assert.Contains("It asks for a reason of at least 20 characters.", Assert.Single(PolicySetDiff.Between(PolicySet.Empty, Given.Set(plain with { ReasonRule = new ReasonRule { MinimumLength = 20 } }))).Sentences);
    }

    private static ImmutableArray<string> Sentences(Policy before, Policy after) => Assert.Single(PolicySetDiff.Between(Given.Set(before), Given.Set(after))).Sentences;

    private static Ruling CanSubmit(ReasonRule? rule, string reason, string? ticket = null) => AccessRequest.CanSubmit(Ask(reason, ticket), Decided(rule));

    private static Decision Decided(ReasonRule? rule) => Given.Automatic() with { DecidedByName = "Production", ReasonRule = rule };

    private static AccessQuestion Ask(string reason, string? ticket) => Given.Question(Given.Requester, Given.Node(), reason) with { Ticket = ticket };
}
