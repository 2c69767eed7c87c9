using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;

namespace JitAccess.Web.Audit;

/// <summary>Checks the audit from a page: the same check as <c>audit verify</c>, beside the pages, one at a time. Its result is shown until the next.</summary>
public sealed class AuditCheckService(AuditVerification verification, TimeProvider time, ILogger<AuditCheckService> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private AuditCheckRun? _run;

    /// <summary>The check that runs, or the last one; null before the first in this process.</summary>
    /// <exception cref="RefusedException">The actor may not read the audit.</exception>
    public AuditCheckRun? Current(Actor actor)
    {
        AuditEntry.CanRead(actor).ThrowIfRefused();
        lock (_lock) return _run;
    }

    /// <summary>Begins a check; one that runs already is everybody's.</summary>
    /// <exception cref="RefusedException">The actor may not read the audit.</exception>
    public AuditCheckRun Begin(Actor actor)
    {
        AuditEntry.CanRead(actor).ThrowIfRefused();
        AuditCheckRun run;
        lock (_lock)
        {
            if (_run is { IsOver: false }) return _run;
            _run?.Dispose();
            _run = run = new AuditCheckRun(actor, time.GetUtcNow(), _stopping.Token);
        }
        _ = Task.Run(() => ExecuteAsync(run), CancellationToken.None);
        return run;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _run?.Dispose();
    }

    private async Task ExecuteAsync(AuditCheckRun run)
    {
        CancellationToken cancellation = run.Cancellation;
        try
        {
            AuditFindings findings = await verification.CheckAsync(AuditVerification.DefaultTolerance, null, run, cancellation);
            if (findings.Problem is { } problem) logger.LogError("The audit is not as it was written: {Kind}: {Problem}", problem.Kind, problem.Message);
            run.End(time.GetUtcNow(), findings);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // Postgres says in its own way that it was stopped.
            run.End(time.GetUtcNow());
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The audit could not be checked.");
            run.End(time.GetUtcNow(), error: exception);
        }
    }
}
