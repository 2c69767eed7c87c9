using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>Reads how far the audit is anchored.</summary>
public sealed class AnchorQueries(IDbContextFactory<JitAccessDbContext> contexts, IEnumerable<IAnchorStore> stores)
{
    private readonly string[] _names = [.. stores.Select(store => store.Name)];

    /// <summary>The configured stores, each with what it keeps; a store that was never tried is not there.</summary>
    /// <exception cref="Domain.RefusedException">The actor may not read the audit.</exception>
    public async Task<IReadOnlyList<AnchorState>> StatesAsync(Actor actor, CancellationToken cancellationToken)
    {
        AuditEntry.CanRead(actor).ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.AnchorStates.AsNoTracking().Where(state => _names.Contains(state.Name)).OrderBy(state => state.Name).ToListAsync(cancellationToken);
    }
}
