using System.Collections.Immutable;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>What keeps rows of the condition builder from being written.</summary>
internal static class ConditionProblems
{
    public static IEnumerable<string> Of(PolicyConditions conditions) =>
        conditions.Who.SelectMany(Of).Concat(conditions.Nodes.SelectMany(Of)).Concat(conditions.When.SelectMany(Of));

    private static IEnumerable<string> Of(PersonCondition row) => row switch
    {
        PersonCondition.MemberOf { Groups.IsDefaultOrEmpty: true } => ["Choose at least one group, or remove the row."],
        PersonCondition.MemberOf of when of.Groups.Any(string.IsNullOrWhiteSpace) => ["A group needs a name."],
        PersonCondition.Attribute attribute => Values(attribute.Test, attribute.Values, ConditionSubject.NameOf(attribute.Name)),
        _ => [],
    };

    private static IEnumerable<string> Of(NodeCondition row) => row switch
    {
        NodeCondition.Tag { Key: "" } => ["A tag needs a key."],
        NodeCondition.Tag tag => Values(tag.Test, tag.Values, $"the tag {tag.Key}"),
        NodeCondition.Property { Test: TextTest.Present or TextTest.Absent } property => [$"Every node has its {Words(property.Name)}: choose values, or remove the row."],
        NodeCondition.Property property => Values(property.Test, property.Values, $"the {Words(property.Name)}"),
        _ => [],
    };

    private static IEnumerable<string> Of(TimeCondition row)
    {
        if (!ClockZone.TryFind(row.Zone, out _)) yield return PolicyWords.UnknownZone(row.Zone);
        if (row.OrderedDays.IsEmpty) yield return "Choose at least one day.";
        else if (row.IsAlways) yield return "The window is the whole week. Narrow it, or remove the row.";
    }

    private static IEnumerable<string> Values(TextTest test, ImmutableArray<string> values, string of)
    {
        bool takesNone = test is TextTest.Present or TextTest.Absent;
        if (takesNone && !values.IsDefaultOrEmpty) yield return $"Whether {of} is there needs no value. Remove the values.";
        if (!takesNone && values.IsDefaultOrEmpty) yield return $"Give at least one value for {of}, or remove the row.";
    }

    private static string Words(NodeProperty property) => property switch
    {
        NodeProperty.Account => "AWS account",
        NodeProperty.Region => "Region",
        NodeProperty.Platform => "platform",
    };
}
