using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>The moves of an analysis, filtered by what is in the address.</summary>
public sealed partial class ImpactMoves(NavigationManager navigation)
{
    private const int PageSize = 20;

    private IReadOnlyList<ImpactMatch> matches = [];
    private (ImpactReport?, ImpactFilter?) shown;
    private int take = PageSize;

    [Parameter, EditorRequired] public ImpactRun Run { get; set; } = null!;

    [Parameter, EditorRequired] public ImpactReport Report { get; set; } = null!;

    /// <summary>What the simulator calls the policies after the change; null if it does not know them.</summary>
    [Parameter] public string? AfterSet { get; set; }

    [Parameter, EditorRequired] public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [SupplyParameterFromQuery(Name = "kind")] public string? KindInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "cell")] public string? CellInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? TextInAddress { get; set; }

    private ImpactFilter Filter { get; set; } = new();

    private string Download => $"policies/impact/{Run.Id}/moves.csv";

    private string Cleared => navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["kind"] = null, ["cell"] = null, ["q"] = null });

    private IEnumerable<IGrouping<(ImpactMoveKind Kind, string? Cause), ImpactMatch>> Page => matches.Take(take).GroupBy(match => (match.Move.Kind, match.Move.Cause?.Name));

    private string Status
    {
        get
        {
            long pairs = matches.Sum(match => match.Pairs);
            string page = take < matches.Count ? $", the first {take} shown" : "";
            // At different times a pair may move in different ways, and is then in several moves.
            string again = pairs > Report.Counts.Changed ? ", some of them in several moves at different times" : "";
            return $"{Words.Count(matches.Count, "move")} of {Words.Count(pairs, "pair")}{again}{page}; by policy, most serious first";
        }
    }

    private string FilterInWords => string.Join(", ", new[]
    {
        Filter.Text.Length > 0 ? $"“{Filter.Text}”" : null,
        Filter.Kind is { } kind ? ImpactKind.For(kind).Words : null,
        Filter.Cell is { } cell ? $"{OutcomeStatus.NameOf(cell.Before)} → {OutcomeStatus.NameOf(cell.After)}" : null,
    }.OfType<string>());

    protected override void OnParametersSet()
    {
        Filter = ImpactFilter.Read(KindInAddress, CellInAddress, TextInAddress);
        if (shown == (Report, Filter)) return;
        shown = (Report, Filter);
        (matches, take) = (Filter.Of(Report), PageSize);
    }

    private static string Pressed(bool isPressed) => isPressed ? "true" : "false";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private void Show(string filter, string? value) =>
        navigation.NavigateTo(navigation.GetUriWithQueryParameter(filter, string.IsNullOrWhiteSpace(value) ? null : value), replace: true);
}
