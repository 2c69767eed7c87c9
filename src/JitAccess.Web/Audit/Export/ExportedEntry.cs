using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit.Export;

/// <summary>An entry on its way into a file.</summary>
/// <param name="Entry">The entry as it stands in the store.</param>
/// <param name="Block">The block that seals it; null while it waits for one.</param>
/// <param name="Position">Its place in that block.</param>
/// <param name="Person">The subject of whose request, grant or session it tells; null if of none.</param>
internal readonly record struct ExportedEntry(StoredEntry Entry, long? Block, int? Position, string? Person);
