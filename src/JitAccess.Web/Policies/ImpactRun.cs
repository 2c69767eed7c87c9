using JitAccess.Domain.Policies;
using JitAccess.Domain.Policies.Impact;

namespace JitAccess.Web.Policies;

/// <summary>One analysis of what a change of the policies does, on its way or done. Shared by everybody who looks at the same change.</summary>
public sealed class ImpactRun : IDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private double _shown;

    internal ImpactRun(PolicySetVersion before, PolicySet after, string key, DateTimeOffset startedAt, CancellationToken stopping)
    {
        (Before, After, Key, StartedAt) = (before, after, key, startedAt);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Cancellation = _cancellation.Token;
    }

    /// <summary>Told after every step that is worth showing, on any thread.</summary>
    public event Action? Changed;

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>The version that is compared with.</summary>
    public PolicySetVersion Before { get; }

    /// <summary>What it would be.</summary>
    public PolicySet After { get; }

    public DateTimeOffset StartedAt { get; }

    public ImpactRunState State { get; private set; } = ImpactRunState.Waiting;

    /// <summary>The part of the comparison that is done, from 0 to 1.</summary>
    public double Progress { get; private set; }

    /// <summary>What it does to all people and nodes; null until it is known.</summary>
    public ImpactReport? Report { get; private set; }

    /// <summary>How the requests of the last 90 days would be decided; null until it is known.</summary>
    public ReplayReport? Replay { get; private set; }

    /// <summary>How many people have no role that is known, and are asked about as if they acted under one.</summary>
    public int PeopleWithoutRole { get; internal set; }

    /// <summary>The zone in which its times are told: the first that the policies name, else UTC.</summary>
    public TimeZoneInfo Zone { get; internal set; } = TimeZoneInfo.Utc;

    /// <summary>Why it failed; null unless it did.</summary>
    public Exception? Error { get; private set; }

    public bool IsOver => State is ImpactRunState.Done or ImpactRunState.Cancelled or ImpactRunState.Failed;

    /// <summary>The two versions that are compared, as one text.</summary>
    internal string Key { get; }

    internal CancellationToken Cancellation { get; }

    /// <summary>Stops the analysis, for everybody who waits for it.</summary>
    public void Cancel()
    {
        if (!IsOver) _cancellation.Cancel();
    }

    public void Dispose() => _cancellation.Dispose();

    internal void Begin() => Tell(() => State = ImpactRunState.Comparing);

    internal void Advance(double part)
    {
        Progress = part;
        if (part - _shown < 0.01 && part < 1) return;
        _shown = part;
        Changed?.Invoke();
    }

    internal void Compared(ImpactReport report) => Tell(() => (Report, State) = (report, ImpactRunState.Replaying));

    internal void Replayed(ReplayReport report) => Tell(() => (Replay, State) = (report, ImpactRunState.Done));

    internal void Stopped() => Tell(() => State = ImpactRunState.Cancelled);

    internal void Failed(Exception exception) => Tell(() => (Error, State) = (exception, ImpactRunState.Failed));

    private void Tell(Action change)
    {
        change();
        Changed?.Invoke();
    }
}

/// <summary>Where an analysis stands.</summary>
public enum ImpactRunState
{
    /// <summary>Another analysis comes first.</summary>
    Waiting,

    /// <summary>People and nodes are compared.</summary>
    Comparing,

    /// <summary>Past requests are decided again; the comparison is there.</summary>
    Replaying,

    /// <summary>All is there.</summary>
    Done,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,

    /// <summary>It could not be finished.</summary>
    Failed,
}
