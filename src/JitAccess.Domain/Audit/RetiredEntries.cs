namespace JitAccess.Domain.Audit;

/// <summary>Entries that were taken out of the store when their time was over. Their seals stay, so that the chain goes on, and so that a copy of an entry can still be proven.</summary>
/// <param name="From">The first id of them, in the order of bytes; ids rise with time.</param>
/// <param name="Until">The first id after them.</param>
/// <param name="Entries">How many there were.</param>
public sealed record RetiredEntries(Guid From, Guid Until, long Entries)
{
    /// <summary>Whether an entry of that id was among them.</summary>
    public bool Holds(Guid id) => id >= From && id < Until;
}
