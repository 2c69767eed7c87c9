using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CsCheck;
using JitAccess.Cedar;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Conditions;

namespace JitAccess.Domain.Tests.Policies.Conditions;

/// <summary>What holds of all rows that the condition builder can make.</summary>
public sealed class PolicyConditionsProperties(SharedEngine engine)
{
    [Fact]
    public void ToCedar_AnyRows_IsValidByTheSchemaAndLaidOut() => Gen.Select(RandomConditions.Any, RandomConditions.Effect).Sample((conditions, effect) =>
    {
        string cedar = conditions.ToCedar(effect);
        ParseResult parsed = engine.Cedar.Parse(cedar);

        Assert.Empty(parsed.Errors);
        Assert.Equal(conditions.ToStatement(effect), Assert.Single(parsed.Statements).Syntax);
        Assert.Empty(engine.Cedar.Validate(parsed.ToPolicySet(), NodeAccessCedar.Schema).Errors);
    }, iter: 150);

    [Fact]
    public void ToCedar_AnyRowsAndQuestion_MeansWhatTheRowsMean() => Gen.Select(RandomConditions.Any, RandomConditions.Effect, RandomConditions.Question).Sample((conditions, effect, question) =>
    {
        AuthorizationResult result = engine.Cedar.Authorize(
            new Cedar.PolicySet([KeyValuePair.Create("policy", conditions.ToCedar(effect))]),
            NodeAccessCedar.EntitiesFor(question, conditions.When.Select(row => Zone(row.Zone)).DistinctBy(zone => zone.Name)),
            NodeAccessCedar.RequestFor(question));

        Assert.Empty(result.Errors);
        Assert.Equal(Holds(conditions, effect, question), result.Reasons.Contains("policy"));
    }, iter: 500);

    [Fact]
    public void TryRead_WhatToCedarWrote_MeansTheSameAndStaysAsItIs() => Gen.Select(RandomConditions.Any, RandomConditions.Effect, RandomConditions.Question).Sample((conditions, effect, question) =>
    {
        PolicyConditions? read = PolicyConditions.TryRead([conditions.ToStatement(effect)], effect);

        Assert.NotNull(read);
        Assert.Equal(Holds(conditions, effect, question), Holds(read, effect, question));
        Assert.Equal(read, PolicyConditions.TryRead([read.ToStatement(effect)], effect));
    }, iter: 20_000);

    [Fact]
    public void TryRead_WhatToCedarWroteOfTidyRows_IsEqual() => Gen.Select(RandomConditions.Tidy, RandomConditions.Effect).Sample((conditions, effect) =>
        Assert.Equal(conditions, PolicyConditions.TryRead([conditions.ToStatement(effect)], effect)), iter: 20_000);

    [Fact]
    public void TryRead_Formatted_IsTheSame() => Gen.Select(RandomConditions.Tidy, RandomConditions.Effect).Sample((conditions, effect) =>
        Assert.Equal(conditions, PolicyConditions.TryRead(engine.Cedar.Format(conditions.ToCedar(effect)).Text!, effect, engine.Cedar)), iter: 100);

    private static ClockZone Zone(string name) => ClockZone.TryFind(name, out ClockZone? zone) ? zone : throw new InvalidOperationException(name);

    /// <summary>What rows mean, without Cedar.</summary>
    private static bool Holds(PolicyConditions conditions, Effect effect, AccessQuestion question)
    {
        Person person = question.Actor.Person;
        Node node = question.Node;
        return conditions.Who.All(row => row switch
            {
                PersonCondition.MemberOf of => of.Groups.Any(person.Groups.Contains) != of.IsNot,
                PersonCondition.Attribute attribute => Passes(attribute.Test, attribute.Values, attribute.Name switch
                {
                    PersonAttribute.EmployeeNumber => person.Attributes.EmployeeNumber,
                    PersonAttribute.CostCenter => person.Attributes.CostCenter,
                    PersonAttribute.Organization => person.Attributes.Organization,
                    PersonAttribute.Division => person.Attributes.Division,
                }),
                _ => false,
            })
            && conditions.Nodes.All(row => row switch
            {
                NodeCondition.Tag tag => Passes(tag.Test, tag.Values, node.Tags.GetValueOrDefault(tag.Key)),
                NodeCondition.Property property => Passes(property.Test, property.Values, property.Name switch
                {
                    NodeProperty.Account => node.Account.Value,
                    NodeProperty.Region => node.Region,
                    NodeProperty.Platform => node.Platform,
                }),
                _ => false,
            })
            && conditions.When.All(row => IsInWindow(row, question.At) != row.IsOutside);

        bool Passes(TextTest test, ImmutableArray<string> values, string? text) => test switch
        {
            TextTest.Present => text is not null,
            TextTest.Absent => text is null,
            TextTest.OneOf => text is not null && values.Contains(text),
            TextTest.Like => text is not null && values.Any(pattern => IsLike(text, pattern)),
            TextTest.NotOneOf => text is null ? effect == Effect.Forbid : !values.Contains(text),
            TextTest.NotLike => text is null ? effect == Effect.Forbid : !values.Any(pattern => IsLike(text, pattern)),
        };
    }

    private static bool IsLike(string text, string pattern)
    {
        string regex = Regex.Replace(pattern, @"\\[*\\]|\*|[^*\\]+|\\", piece => piece.Value switch
        {
            "*" => ".*",
            @"\*" => @"\*",
            @"\\" => @"\\",
            var other => Regex.Escape(other),
        });
        return Regex.IsMatch(text, $@"\A{regex}\z", RegexOptions.Singleline);
    }

    /// <summary>Walks back to the day on which the window would have begun.</summary>
    private static bool IsInWindow(TimeCondition row, DateTimeOffset at)
    {
        LocalTime now = Zone(row.Zone).At(at);
        int today = Array.FindIndex([.. TimeCondition.EveryDay], day => day.ToString().StartsWith(now.Weekday, StringComparison.Ordinal));
        int from = row.From.Hour * 60 + row.From.Minute;
        int to = row.To.Hour * 60 + row.To.Minute;
        int end = to > from ? to : to + 1440;
        return Began(today, now.Minute) || Began((today + 6) % 7, now.Minute + 1440);

        bool Began(int day, int minute) => row.Days.Contains(TimeCondition.EveryDay[day]) && minute >= from && minute < end;
    }
}
