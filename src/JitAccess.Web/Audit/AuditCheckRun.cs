using JitAccess.Domain.People;

namespace JitAccess.Web.Audit;

/// <summary>One check of the whole audit that somebody began on a page, on its way or done. Everybody who may read the audit sees the same one.</summary>
public sealed class AuditCheckRun : IProgress<AuditProgress>, IDisposable
{
    private readonly CancellationTokenSource _cancellation;

    internal AuditCheckRun(Actor startedBy, DateTimeOffset startedAt, CancellationToken stopping)
    {
        (StartedBy, StartedAt) = (startedBy.Person.DisplayName, startedAt);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Cancellation = _cancellation.Token;
    }

    /// <summary>Told after every step that is worth showing, on any thread.</summary>
    public event Action? Changed;

    /// <summary>The name of who began it.</summary>
    public string StartedBy { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>When it was over; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public AuditProgress Progress { get; private set; }

    /// <summary>What it found; null until it is done, and if it was cancelled or failed.</summary>
    public AuditFindings? Findings { get; private set; }

    /// <summary>Why it failed; null unless it did.</summary>
    public Exception? Error { get; private set; }

    public bool IsOver => EndedAt is not null;

    /// <summary>Whether somebody stopped it.</summary>
    public bool IsCancelled => IsOver && Findings is null && Error is null;

    internal CancellationToken Cancellation { get; }

    /// <summary>Stops the check, for everybody who waits for it.</summary>
    public void Cancel()
    {
        if (!IsOver) _cancellation.Cancel();
    }

    public void Report(AuditProgress value)
    {
        AuditProgress shown = Progress;
        Progress = value;
        // A hundred steps are enough to see it move.
        if (shown.Checked * 100 / long.Max(1, value.All) != value.Checked * 100 / long.Max(1, value.All)) Changed?.Invoke();
    }

    public void Dispose() => _cancellation.Dispose();

    internal void End(DateTimeOffset now, AuditFindings? findings = null, Exception? error = null)
    {
        (Findings, Error) = (findings, error);
        EndedAt = now;
        Changed?.Invoke();
    }
}
