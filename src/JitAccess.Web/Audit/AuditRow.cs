using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit;

/// <summary>An entry in the list.</summary>
/// <param name="Id">The entry.</param>
/// <param name="At">When it happened.</param>
/// <param name="Actor">The subject of who acted; null for the system itself.</param>
/// <param name="ActorName">The name of who acted.</param>
/// <param name="Action">The name of the action, also one that this version does not know.</param>
/// <param name="NodeId">The node concerned; null if none.</param>
/// <param name="NodeName">What the node is called now; null if it is not known any more.</param>
/// <param name="Why">In words.</param>
/// <param name="Block">The block that seals it; null while it waits for one.</param>
public sealed record AuditRow(Guid Id, DateTimeOffset At, string? Actor, string ActorName, string Action, string? NodeId, string? NodeName, string Why, long? Block);

/// <summary>A page of the list, newest first.</summary>
/// <param name="Rows">The entries.</param>
/// <param name="Older">Where the next page begins; null if this is the last.</param>
/// <param name="Newer">How many entries came since the page was opened; at most <see cref="MostNewer"/> are counted.</param>
public sealed record AuditPageRows(IReadOnlyList<AuditRow> Rows, AuditPlace? Older, int Newer)
{
    /// <summary>How many newer entries are counted at most.</summary>
    public const int MostNewer = 100;
}

/// <summary>An entry with everything that it says.</summary>
/// <param name="Entry">The entry as it stands in the store.</param>
/// <param name="NodeName">What the node is called now; null if it is not known.</param>
/// <param name="RequestId">The request that it belongs to; null if none.</param>
/// <param name="RequestNumber">That request's number.</param>
/// <param name="Block">The block that seals it; null while it waits for one.</param>
/// <param name="Position">Its place in that block.</param>
public sealed record AuditEntryDetails(StoredEntry Entry, string? NodeName, Guid? RequestId, long? RequestNumber, long? Block, int? Position);
