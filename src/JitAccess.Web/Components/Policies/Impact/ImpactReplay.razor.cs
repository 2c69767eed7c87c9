using System.Globalization;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>The requests of the past, decided again by both versions.</summary>
public sealed partial class ImpactReplay
{
    private const int PageSize = 20;
    private const int Weeks = 13;
    private const int MostObstacles = 50;
    private const int TallestBar = 60;

    private IReadOnlyList<ReplayedRequest> different = [];
    private int[] perWeek = [];
    private ReplayReport? shown;
    private int take = PageSize;

    [Parameter, EditorRequired] public ImpactRun Run { get; set; } = null!;

    [Parameter, EditorRequired] public ReplayReport Report { get; set; } = null!;

    private string ChartInWords => $"Requests decided differently per week, {Weeks} weeks: {string.Join(", ", perWeek)}";

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(shown, Report)) return;
        (shown, take) = (Report, PageSize);
        different = [.. Report.Different];
        perWeek = new int[Weeks];
        foreach (ReplayedRequest one in different)
        {
            int weeksAgo = (int)((Run.StartedAt - one.Request.SubmittedAt).TotalDays / 7);
            perWeek[Math.Clamp(Weeks - 1 - weeksAgo, 0, Weeks - 1)]++;
        }
    }

    private static string By(BriefDecision decision) => decision.By is { } policy ? $"by “{policy.Name}”" : "";

    private static string Signed(int change) => change switch
    {
        0 => "0",
        > 0 => string.Create(CultureInfo.InvariantCulture, $"+{change:N0}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"−{-change:N0}"),
    };

    // A week with one request stays visible beside one with hundreds.
    private int HeightOf(int count) => count == 0 ? 0 : Math.Max(2, count * TallestBar / perWeek.Max());
}
