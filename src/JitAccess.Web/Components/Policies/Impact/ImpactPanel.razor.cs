using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>Shows an analysis while it runs and when it is done. The filter is in the address.</summary>
public sealed partial class ImpactPanel(ImpactService impact, Failures failures, NavigationManager navigation) : IDisposable
{
    private ImpactRun? run;
    private (int Version, PolicySet After)? asked;
    private Failure? failure;

    /// <summary>The version in force.</summary>
    [Parameter, EditorRequired] public PolicySetVersion Before { get; set; } = null!;

    /// <summary>What it would be.</summary>
    [Parameter, EditorRequired] public PolicySet After { get; set; } = null!;

    /// <summary>What stands beside the counts: the change in words.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    [SupplyParameterFromQuery] public string? Change { get; set; }

    [SupplyParameterFromQuery] public string? From { get; set; }

    [SupplyParameterFromQuery] public string? To { get; set; }

    [SupplyParameterFromQuery] public string? Because { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? Text { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private ImpactFilter Filter => new(ImpactWords.KindOf(Change), ImpactWords.OutcomeOf(From), ImpactWords.OutcomeOf(To), Guid.TryParse(Because, out Guid policy) ? policy : null, Text ?? "");

    public void Dispose() => Watch(null);

    protected override void OnParametersSet()
    {
        if (asked is { } one && one.Version == Before.Number && ReferenceEquals(one.After, After)) return;
        asked = (Before.Number, After);
        Ask(anew: false);
    }

    private static IEnumerable<string> Assumptions(ImpactReport report, int peopleWithoutRole)
    {
        yield return "People are those who have signed in, with the groups and attributes of their last time. Nodes are asked about as if all were online.";
        if (peopleWithoutRole > 0) yield return $"{Words.Count(peopleWithoutRole, "person")} of them act under no role that is known, and are asked about as if they did.".Replace("persons", "people", StringComparison.Ordinal);
        if (report.LooksAt.HasFlag(RequestFacts.Reason)) yield return "Some policies look at the reason; it is asked about as empty.";
        if (report.LooksAt.HasFlag(RequestFacts.Duration)) yield return "Some policies look at the duration; the longest is asked about.";
        if (report.Times.Length > 1) yield return "Some policies look at the time: every hour of a week is asked about, and the instants that the policies name. A pair counts once, with the most serious of its changes.";
    }

    private static string Compared(ImpactReport report, int version) =>
        $"{ImpactWords.Number(report.People.Count)} people × {ImpactWords.Number(report.Nodes.Count)} nodes = {ImpactWords.Number(report.Counts.Total)} pairs compared with version {version}.";

    private IEnumerable<string> Assumptions(ImpactReport report) => Assumptions(report, run!.PeopleWithoutRole);

    private string Compared(ImpactReport report) => Compared(report, run!.Before.Number);

    private Failure Describe(Exception? exception) => failures.Describe(exception ?? new InvalidOperationException("The analysis failed."));

    private void Anew() => Ask(anew: true);

    private void Cancel() => run?.Cancel();

    private void Ask(bool anew)
    {
        try
        {
            Watch(impact.Analyse(Actor, Before, After, anew));
            failure = null;
        }
        catch (Exception exception)
        {
            Watch(null);
            failure = failures.Describe(exception);
        }
    }

    // Subscribed before anything of it is read: a step in between is shown twice rather than missed.
    private void Watch(ImpactRun? next)
    {
        if (run is not null) run.Changed -= Refresh;
        run = next;
        if (run is not null) run.Changed += Refresh;
    }

    private void Refresh() => _ = InvokeAsync(StateHasChanged);

    private string AddressOf(ImpactFilter filter) => navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["change"] = filter.Kind is { } kind ? ImpactWords.Key(kind) : null,
        ["from"] = filter.From is { } from ? ImpactWords.Key(from) : null,
        ["to"] = filter.To is { } to ? ImpactWords.Key(to) : null,
        ["because"] = filter.Because?.ToString(),
        ["q"] = filter.Text.Length > 0 ? filter.Text : null,
    });

    private void Show(ImpactFilter filter) => navigation.NavigateTo(AddressOf(filter), replace: true);
}
