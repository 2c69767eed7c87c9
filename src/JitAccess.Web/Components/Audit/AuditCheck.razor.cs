using JitAccess.Domain.People;
using JitAccess.Web.Audit;
using JitAccess.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Audit;

/// <summary>Begins a check of the whole audit, shows how far it is, and what it found.</summary>
public sealed partial class AuditCheck(AuditCheckService checks, Failures failures) : IDisposable
{
    private AuditCheckRun? run;
    private Failure? failure;

    [CascadingParameter] private Actor Actor { get; set; } = null!;

    private int Percent => run is { Progress: { All: > 0 } progress } ? (int)(100 * progress.Checked / progress.All) : 0;

    private string Lead => run is null
        ? "Every entry is compared with the block that seals it. Pages and commands go on meanwhile."
        : $"Last checked by {run.StartedBy}, {run.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.";

    public void Dispose() => Leave();

    protected override void OnInitialized() => Follow(checks.Current(Actor));

    private void Begin() => Follow(checks.Begin(Actor));

    private void Follow(AuditCheckRun? next)
    {
        Leave();
        (run, failure) = (next, null);
        if (run is null) return;
        // Heard first, read by the render that follows: a step in between is shown twice rather than missed.
        run.Changed += Turn;
        Describe();
    }

    private void Leave()
    {
        if (run is not null) run.Changed -= Turn;
    }

    // Comes on the thread that checks.
    private void Turn() => _ = InvokeAsync(() =>
    {
        Describe();
        StateHasChanged();
    });

    private void Describe()
    {
        if (run?.Error is { } error) failure ??= failures.Describe(error);
    }
}
