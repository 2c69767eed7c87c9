using System.Collections.Immutable;
using CsCheck;
using JitAccess.Domain.Policies;

namespace JitAccess.Domain.Tests.Policies;

public sealed class SessionRulesTests(SharedEngine engine)
{
    private static readonly SessionRules Strict = new() { IdleTimeout = TimeSpan.FromMinutes(15), NeedsObserver = true, RecordingDays = 365 };

    [Fact]
    public void Default_SaysWhatHoldsUnlessAPolicySaysOtherwise()
    {
        SessionRules rules = SessionRules.Default;

        Assert.Equal((null, false, true, null, false), (rules.IdleTimeout, rules.NeedsObserver, rules.TellsWhenWatched, rules.RecordingDays, rules.AllowsCredentials));
        Assert.Equal("have no rules of their own", rules.ToString());
    }

    [Fact]
    public void ToString_AnyRules_SaysWhatDiffersFromTheDefaults()
    {
        (SessionRules Rules, string Words)[] cases =
        [
            (new() { IdleTimeout = TimeSpan.FromMinutes(90) }, "end after 1 h 30 min idle"),
            (new() { NeedsObserver = true }, "need a second person who watches"),
            (new() { TellsWhenWatched = false }, "do not show that they are watched"),
            (new() { RecordingDays = 1 }, "are kept as recordings for 1 day"),
            (new() { AllowsCredentials = true }, "may be opened past JitAccess with temporary credentials, unrecorded"),
            (Strict, "end after 15 min idle; need a second person who watches; are kept as recordings for 365 days"),
        ];
        Assert.All(cases, one => Assert.Equal(one.Words, one.Rules.ToString()));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(15, null, 15)]
    [InlineData(15, 5, 5)]
    [InlineData(5, 15, 5)]
    public void Tightened_IdleTimeout_IsTheShorter(int? one, int? other, int? both) => Assert.Equal(Idle(both), Idle(one).Tightened(Idle(other)));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(30, null, 30)]
    [InlineData(30, 90, 90)]
    [InlineData(90, 30, 90)]
    public void Tightened_RecordingDays_IsTheLonger(int? one, int? other, int? both) =>
        Assert.Equal(both, new SessionRules { RecordingDays = one }.Tightened(new SessionRules { RecordingDays = other }).RecordingDays);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Tightened_Switches_AreTheStricter(bool one, bool other)
    {
        SessionRules both = All(one).Tightened(All(other));

        Assert.Equal((one || other, one || other, one && other), (both.NeedsObserver, both.TellsWhenWatched, both.AllowsCredentials));
    }

    [Fact]
    public void Tightened_AnyRules_GivesTheSameInAnyOrderAndNeverLoosens() => Gen.Select(RandomPolicies.Sessions, RandomPolicies.Sessions, RandomPolicies.Sessions).Sample((one, two, three) =>
    {
        SessionRules both = one.Tightened(two);
        Assert.Equal(both, two.Tightened(one));
        Assert.Equal(both.Tightened(three), one.Tightened(two.Tightened(three)));
        Assert.Equal(one, one.Tightened(one));
        Assert.Equal(both, both.Tightened(one));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decide_PolicyThatGrants_PinsItsRules(bool isAutomatic)
    {
        foreach ((SessionRules? given, SessionRules pinned) in new[] { (Strict, Strict), (null, SessionRules.Default) })
        {
            Policy policy = isAutomatic ? Given.Auto(Given.Permit("true")) with { SessionRules = given } : Given.ByTags("Production", "env=prod") with { SessionRules = given };
            ManualPolicy unused = Given.AllNodes() with { SessionRules = new SessionRules { AllowsCredentials = true } };

            Decision decision = new PolicyEvaluator(new PolicySetVersion(3, Given.Set(policy, unused)), engine.Cedar).Decide(Given.Question(node: Given.Node("env=prod")));

            Assert.Equal((policy.Name, pinned), (decision.DecidedByName, decision.SessionRules));
        }
    }

    [Fact]
    public void Decide_AccessCannotBeHad_HasTheDefaults()
    {
        DenyAccessPolicy refusing = Given.Deny(Given.Forbid("true"), effect: DenyEffect.Refuse);

        Decision decision = new PolicyEvaluator(new PolicySetVersion(3, Given.Set(refusing, Given.AllNodes() with { SessionRules = new SessionRules { AllowsCredentials = true } })), engine.Cedar).Decide(Given.Question());

        Assert.Equal((DecisionOutcome.Refused, SessionRules.Default), (decision.Outcome, decision.SessionRules));
    }

    [Fact]
    public void Policy_DefaultsWrittenOut_AreNone()
    {
        Assert.Null((Given.AllNodes() with { SessionRules = new SessionRules { TellsWhenWatched = true } }).SessionRules);
        Assert.Null((Given.Auto(Given.Permit("true")) with { SessionRules = new SessionRules() }).SessionRules);
    }

    [Fact]
    public void ProblemsOf_Rules_NamesEachField()
    {
        const string Idle = "The idle time-out is 1 to 1440 whole minutes; this is ";
        (SessionRules Rules, string? Problem, bool IsWarning)[] cases =
        [
            (Strict with { IdleTimeout = TimeSpan.FromMinutes(1), RecordingDays = 1 }, null, false),
            (Strict with { IdleTimeout = TimeSpan.FromDays(1), RecordingDays = 3650 }, null, false),
            (new() { AllowsCredentials = true, TellsWhenWatched = false }, null, false),
            (new() { IdleTimeout = TimeSpan.Zero }, Idle + "0 s.", false),
            (new() { IdleTimeout = TimeSpan.FromMinutes(-5) }, Idle + "minus 5 min.", false),
            (new() { IdleTimeout = TimeSpan.FromSeconds(59) }, Idle + "59 s.", false),
            (new() { IdleTimeout = TimeSpan.FromSeconds(90) }, Idle + "1 min 30 s.", false),
            (new() { IdleTimeout = TimeSpan.FromMinutes(1441) }, Idle + "1 day 1 min.", false),
            (new() { RecordingDays = 0 }, "Recordings are kept for 1 to 3650 days; this is 0 days.", false),
            (new() { RecordingDays = 3651 }, "Recordings are kept for 1 to 3650 days; this is 3651 days.", false),
            (new() { RecordingDays = -1 }, "Recordings are kept for 1 to 3650 days; this is -1 days.", false),
            (Strict with { AllowsCredentials = true }, "With temporary credentials nobody need be present: what is done with them is not seen here. Allow no credentials, or ask for no second person.", true),
            (Strict with { TellsWhenWatched = false }, "A second person must be present, so whoever is in the session knows that they are watched, whether it is shown or not.", true),
        ];
        foreach ((SessionRules rules, string? message, bool isWarning) in cases)
        {
            foreach (Policy policy in new Policy[] { Given.Auto(Given.Permit("resource.hasTag(\"access\")")) with { SessionRules = rules }, Given.AllNodes("Pair", Given.Level(1, Given.Person("ann"), Given.Person("bob"))) with { SessionRules = rules } })
            {
                PolicyProblem? problem = PolicyRules.ProblemsOf(policy, engine.Cedar).SingleOrDefault();
                Assert.Equal((message, isWarning, message is null ? null : "SessionRules"), (problem?.Message, problem?.IsWarning ?? false, problem?.Field));
            }
        }
        Assert.Equal(2, PolicyRules.ProblemsOf(Given.Auto(Given.Permit("resource.hasTag(\"access\")")) with { SessionRules = new() { IdleTimeout = TimeSpan.Zero, RecordingDays = 0 } }, engine.Cedar).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Diff_RulesChanged_SaysBothInWords(bool isAutomatic)
    {
        Policy plain = isAutomatic ? Given.Auto(Given.Permit("true")) : Given.AllNodes(), strict = With(plain, Strict);

        Assert.Equal([$"Rules for sessions, now: they {Strict}. Before: they have no rules of their own."], Sentences(plain, strict));
        Assert.Equal([$"Rules for sessions, now: they have no rules of their own. Before: they {Strict}."], Sentences(strict, plain));
        Assert.Empty(PolicySetDiff.Between(Given.Set(plain), Given.Set(With(plain, new SessionRules()))));
        Assert.Contains($"The rules for its sessions are: they {Strict}.", Assert.Single(PolicySetDiff.Between(PolicySet.Empty, Given.Set(strict))).Sentences);
        Assert.Contains($"The rules for its sessions were: they {Strict}.", Assert.Single(PolicySetDiff.Between(Given.Set(strict), PolicySet.Empty)).Sentences);
    }

    private static Policy With(Policy policy, SessionRules rules) => policy switch
    {
        AutoApprovalPolicy auto => auto with { SessionRules = rules },
        ManualPolicy manual => manual with { SessionRules = rules },
        _ => throw new ArgumentOutOfRangeException(nameof(policy)),
    };

    private static SessionRules Idle(int? minutes) => new() { IdleTimeout = minutes is { } given ? TimeSpan.FromMinutes(given) : null };

    private static SessionRules All(bool on) => new() { NeedsObserver = on, TellsWhenWatched = on, AllowsCredentials = on };

    private static ImmutableArray<string> Sentences(Policy before, Policy after) => Assert.Single(PolicySetDiff.Between(Given.Set(before), Given.Set(after))).Sentences;
}
