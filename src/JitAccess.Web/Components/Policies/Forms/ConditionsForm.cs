using System.Collections.Immutable;
using JitAccess.Domain.Policies.Conditions;

namespace JitAccess.Web.Components.Policies.Forms;

/// <summary>The rows of the condition builder while they are written.</summary>
public sealed class ConditionsForm
{
    public List<PersonRow> Who { get; init; } = [];

    public List<NodeConditionRow> Nodes { get; init; } = [];

    public List<TimeRow> When { get; init; } = [];

    /// <summary>The rows of a policy that says nothing yet: one that must be filled in or removed, so that nobody writes “everybody, everywhere” by leaving the form as it was.</summary>
    public static ConditionsForm ForNew(bool isDeny) => isDeny ? new() { Nodes = [new()] } : new() { Who = [new()], Nodes = [new()] };

    /// <summary>The rows that say what the conditions say.</summary>
    public static ConditionsForm Of(PolicyConditions conditions) => new()
    {
        Who = [.. conditions.Who.Select(PersonRow.Of)],
        Nodes = [.. conditions.Nodes.Select(NodeConditionRow.Of)],
        When = [.. conditions.When.Select(TimeRow.Of)],
    };

    /// <summary>The conditions as entered.</summary>
    public PolicyConditions ToConditions() => new()
    {
        Who = [.. Who.Select(row => row.ToCondition())],
        Nodes = [.. Nodes.Select(row => row.ToCondition())],
        When = [.. When.Select(row => row.ToCondition())],
    };
}

/// <summary>A row of “who”: groups, or an attribute.</summary>
public sealed class PersonRow
{
    /// <summary>The attribute; null for groups.</summary>
    public PersonAttribute? Attribute { get; set; }

    /// <summary>The test. Groups know two: in any of them, in none of them.</summary>
    public TextTest Test { get; set; } = TextTest.OneOf;

    public List<string> Values { get; init; } = [];

    public static PersonRow Of(PersonCondition condition) => condition switch
    {
        PersonCondition.MemberOf of => new() { Test = of.IsNot ? TextTest.NotOneOf : TextTest.OneOf, Values = [.. of.Groups] },
        PersonCondition.Attribute attribute => new() { Attribute = attribute.Name, Test = attribute.Test, Values = [.. attribute.Values] },
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    /// <summary>Asks about something else; a test that makes no sense there becomes the plain one.</summary>
    public void About(PersonAttribute? attribute)
    {
        if (attribute != Attribute) Values.Clear();
        Attribute = attribute;
        if (attribute is null && Test is not (TextTest.OneOf or TextTest.NotOneOf)) Test = TextTest.OneOf;
    }

    public PersonCondition ToCondition() => Attribute is { } attribute
        ? new PersonCondition.Attribute(attribute, Test, Test.TakesValues() ? [.. Values] : [])
        : new PersonCondition.MemberOf([.. Values], Test == TextTest.NotOneOf);
}

/// <summary>A row of “which nodes”: a tag, or account, Region or platform.</summary>
public sealed class NodeConditionRow
{
    /// <summary>The property; null for a tag.</summary>
    public NodeProperty? Property { get; set; }

    /// <summary>The tag's key.</summary>
    public string Key { get; set; } = "";

    public TextTest Test { get; set; } = TextTest.OneOf;

    public List<string> Values { get; init; } = [];

    public static NodeConditionRow Of(NodeCondition condition) => condition switch
    {
        NodeCondition.Tag tag => new() { Key = tag.Key, Test = tag.Test, Values = [.. tag.Values] },
        NodeCondition.Property property => new() { Property = property.Name, Test = property.Test, Values = [.. property.Values] },
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    /// <summary>Asks about something else; a test that makes no sense there becomes the plain one.</summary>
    public void About(NodeProperty? property)
    {
        if (property != Property) Values.Clear();
        Property = property;
        if (property is not null && !Test.TakesValues()) Test = TextTest.OneOf;
    }

    public NodeCondition ToCondition()
    {
        ImmutableArray<string> values = Test.TakesValues() ? [.. Values] : [];
        return Property is { } property ? new NodeCondition.Property(property, Test, values) : new NodeCondition.Tag(Key.Trim(), Test, values);
    }
}

/// <summary>A row of “when”.</summary>
public sealed class TimeRow
{
    public string Zone { get; set; } = "UTC";

    public HashSet<DayOfWeek> Days { get; init; } = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    public TimeOnly From { get; set; } = new(9, 0);

    public TimeOnly To { get; set; } = new(18, 0);

    public bool IsOutside { get; set; }

    public static TimeRow Of(TimeCondition condition) =>
        new() { Zone = condition.Zone, Days = [.. condition.Days], From = condition.From, To = condition.To, IsOutside = condition.IsOutside };

    public TimeCondition ToCondition() => new(Zone.Trim(), [.. TimeCondition.EveryDay.Where(Days.Contains)], From, To, IsOutside);
}

/// <summary>The tests in words.</summary>
public static class TextTestWords
{
    /// <summary>Whether the test compares with values, rather than asking whether there is something.</summary>
    public static bool TakesValues(this TextTest test) => test is not (TextTest.Present or TextTest.Absent);

    public static string InWords(this TextTest test) => test switch
    {
        TextTest.OneOf => "is",
        TextTest.Like => "is like",
        TextTest.Present => "is there",
        TextTest.NotOneOf => "is not",
        TextTest.NotLike => "is not like",
        TextTest.Absent => "is missing",
    };
}
