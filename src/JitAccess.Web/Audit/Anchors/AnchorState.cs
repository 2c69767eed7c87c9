using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>How far the audit is anchored in one store.</summary>
public sealed class AnchorState
{
    /// <summary>The store.</summary>
    public required string Name { get; init; }

    /// <summary>The newest block whose hash it keeps; 0 for none.</summary>
    public long Block { get; private set; }

    /// <summary>When that was kept; null if nothing is.</summary>
    public DateTimeOffset? KeptAt { get; private set; }

    /// <summary>When it is asked for again.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>Why the last try failed; null if it did not.</summary>
    public string? Error { get; private set; }

    /// <summary>Since when it fails; null if it does not.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>It was kept.</summary>
    public void Keep(AuditAnchor anchor, DateTimeOffset now, TimeSpan interval) =>
        (Block, KeptAt, DueAt, Error, FailingSince) = (anchor.Block, now, now + interval, null, null);

    /// <summary>There is nothing newer.</summary>
    public void Rest(DateTimeOffset now, TimeSpan interval) => (DueAt, Error, FailingSince) = (now + interval, null, null);

    /// <summary>It could not be kept.</summary>
    public void Fail(string error, DateTimeOffset now, TimeSpan pause) => (Error, FailingSince, DueAt) = (error, FailingSince ?? now, now + pause);
}
