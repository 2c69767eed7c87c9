using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Policies;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Policies.Impact;

/// <summary>
/// What publishing a change would do: who moves from which outcome to which, what nobody could get any more, and how past requests would come out.
/// The analysis belongs to the service and goes on when the page is left; whoever opens the same change sees the same one.
/// </summary>
public sealed partial class ImpactPanel(ImpactService impact, PersonZone zones, Failures failures, NavigationManager navigation) : IDisposable
{
    private const string ReplayTab = "replay";

    private ImpactRun? run;
    private Failure? failure;
    private string? errorInWords;
    private TimeZoneInfo zone = TimeZoneInfo.Utc;
    private (PolicySetVersion?, PolicySet?) asked;

    /// <summary>The version that is compared with.</summary>
    [Parameter, EditorRequired] public PolicySetVersion Before { get; set; } = null!;

    /// <summary>The policies after the change.</summary>
    [Parameter, EditorRequired] public PolicySet After { get; set; } = null!;

    /// <summary>What people call them: <c>the draft</c>, <c>version 15</c>.</summary>
    [Parameter] public string AfterName { get; set; } = "the draft";

    /// <summary>What the simulator calls them: <c>draft</c> or the number of a version; null if it does not know them.</summary>
    [Parameter] public string? AfterSet { get; set; } = "draft";

    /// <summary>Told of what the comparison found, so that a page can say it beside its own act.</summary>
    [Parameter] public EventCallback<ImpactReport> OnCompared { get; set; }

    /// <summary>What stands beside the counts from the start: the change in words.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    [SupplyParameterFromQuery(Name = "show")] public string? Tab { get; set; }

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private bool IsReplay => Tab == ReplayTab;

    private string BeforeName => $"version {Before.Number}";

    private bool IsSplit => ChildContent is not null || run?.Report is { Moves.IsEmpty: false };

    public void Dispose() => Leave();

    protected override void OnParametersSet()
    {
        if (asked == (Before, After)) return;
        asked = (Before, After);
        Begin(anew: false);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        zone = await zones.FindAsync();
        StateHasChanged();
    }

    private void BeginAnew() => Begin(anew: true);

    private void Begin(bool anew)
    {
        try
        {
            ImpactRun next = impact.Analyse(Actor, Before, After, anew);
            failure = null;
            if (ReferenceEquals(next, run)) return;
            Leave();
            (run, errorInWords) = (next, null);
            // Heard first, read by the render that follows: a step in between is shown twice rather than missed.
            run.Changed += Turn;
            Turn();
        }
        catch (Exception exception)
        {
            failure = failures.Describe(exception);
        }
    }

    private void Leave()
    {
        if (run is not null) run.Changed -= Turn;
    }

    // Comes on the thread that computes.
    private void Turn() => _ = InvokeAsync(async () =>
    {
        if (run is { State: ImpactRunState.Failed, Error: { } error } && errorInWords is null) errorInWords = failures.Describe(error).Message;
        StateHasChanged();
        if (run is { State: ImpactRunState.Replaying or ImpactRunState.Done, Report: { } report }) await OnCompared.InvokeAsync(report);
    });

    private static bool MovesNobody(ImpactReport report) => report.Moves.IsEmpty;

    private static string Compared(ImpactReport report) =>
        $"{Words.Count(report.People.Count, "person", "people")} × {Words.Count(report.Nodes.Count, "node")} = {Words.Count(report.Counts.Total, "pair")}.";

    /// <summary>What was asked about and what was not: nobody should read more into the counts than is in them.</summary>
    private string Sampled(ImpactReport report)
    {
        List<string> sentences = ["People are those who have signed in here, with the groups and attributes of their last sign-in; nodes are those known now, taken to be online."];
        if (run!.PeopleWithoutRole > 0) sentences.Add($"{Words.Count(run.PeopleWithoutRole, "person has", "people have")} no role that is known and {(run.PeopleWithoutRole == 1 ? "is" : "are")} asked about as if acting under one.");
        sentences.Add(report.LooksAt.HasFlag(RequestFacts.Time)
            ? $"Policies look at the time: asked at {Words.Count(report.Times.Length, "time")}, now, every hour of the coming week, and where a policy names an instant, before and after it. A pair is counted once, by its most serious move."
            : "No policy looks at the time, so it is asked once.");
        if (report.LooksAt.HasFlag(RequestFacts.Reason)) sentences.Add("Policies look at the reason: it is taken to be empty.");
        if (report.LooksAt.HasFlag(RequestFacts.Duration)) sentences.Add("Policies look at the duration: it is taken to be the longest.");
        if (report.LooksAt.HasFlag(RequestFacts.BreakGlass)) sentences.Add("Policies look at break-glass: nobody is taken to break it.");
        return string.Join(" ", sentences);
    }

    private string AddressOf(string? tab) => navigation.GetUriWithQueryParameter("show", tab);
}
