using JitAccess.Domain.Policies.Conditions;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Forms;

/// <summary>The rows of the condition builder. Fields tell the form around them by their own events; <see cref="OnChanged"/> tells of the rest.</summary>
public sealed partial class ConditionRows
{
    private static readonly IReadOnlyList<TextTest> All = Enum.GetValues<TextTest>();
    private static readonly IReadOnlyList<TextTest> WithValues = [.. All.Where(test => test.TakesValues())];
    private static readonly IReadOnlyList<TextTest> Membership = [TextTest.OneOf, TextTest.NotOneOf];

    [Parameter, EditorRequired] public ConditionsForm Form { get; set; } = null!;

    /// <summary>What is suggested for values.</summary>
    [Parameter, EditorRequired] public CedarWords Known { get; set; } = CedarWords.None;

    /// <summary>The time zone of a new row.</summary>
    [Parameter, EditorRequired] public string Zone { get; set; } = "UTC";

    [Parameter] public bool ReadOnly { get; set; }

    [Parameter, EditorRequired] public EventCallback OnChanged { get; set; }

    private static string NameOf(PersonAttribute attribute) => attribute switch
    {
        PersonAttribute.EmployeeNumber => "Employee number",
        PersonAttribute.CostCenter => "Cost center",
        PersonAttribute.Organization => "Organization",
        PersonAttribute.Division => "Division",
    };

    private static string MembershipInWords(TextTest test) => test == TextTest.NotOneOf ? "in none of" : "in any of";

    private static string PlaceholderOf(PersonRow row) => (row.Attribute, row.Test) switch
    {
        (null, _) => "Find a group",
        (_, TextTest.Like or TextTest.NotLike) => "Pattern: * is any text",
        _ => "Value",
    };

    private static string PlaceholderOf(NodeConditionRow row) => (row.Property, row.Test) switch
    {
        (_, TextTest.Like or TextTest.NotLike) => "Pattern: * is any text",
        (NodeProperty.Account, _) => "12 digits",
        (NodeProperty.Region, _) => "eu-west-1",
        (NodeProperty.Platform, _) => "Linux, Windows or MacOS",
        _ => "Value",
    };

    private static void About(PersonRow row, ChangeEventArgs change) =>
        row.About(Enum.TryParse(change.Value as string, out PersonAttribute attribute) ? attribute : null);

    private static void About(NodeConditionRow row, ChangeEventArgs change) =>
        row.About(Enum.TryParse(change.Value as string, out NodeProperty property) ? property : null);

    private IEnumerable<string> SuggestionsFor(NodeConditionRow row) => row.Property switch
    {
        NodeProperty.Account => Known.Accounts,
        NodeProperty.Region => Known.Regions,
        NodeProperty.Platform => Known.Platforms,
        null => Known.Tags.GetValueOrDefault(row.Key.Trim()) ?? [],
    };

    private Task AddAsync<T>(List<T> rows, T row)
    {
        rows.Add(row);
        return OnChanged.InvokeAsync();
    }

    private Task RemoveAsync<T>(List<T> rows, T row)
    {
        rows.Remove(row);
        return OnChanged.InvokeAsync();
    }
}
