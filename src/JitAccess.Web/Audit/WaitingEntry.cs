namespace JitAccess.Web.Audit;

/// <summary>An audit entry that no block seals yet. A trigger writes it in the entry's own transaction; sealing removes it.</summary>
internal sealed class WaitingEntry
{
    public Guid EntryId { get; init; }

    /// <summary>Rises in the order of writing.</summary>
    public long Number { get; init; }
}
