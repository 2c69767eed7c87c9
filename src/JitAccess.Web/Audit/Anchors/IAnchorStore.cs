using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>A place outside the database where hashes of blocks are kept.</summary>
public interface IAnchorStore
{
    /// <summary>What people call it: <c>file</c>, <c>webhook</c>, <c>s3</c>.</summary>
    string Name { get; }

    /// <summary>Keeps an anchor; keeping it twice is safe.</summary>
    /// <exception cref="AnchorException">It could not be kept.</exception>
    Task KeepAsync(AuditAnchor anchor, DateTimeOffset now, CancellationToken cancellationToken);
}
