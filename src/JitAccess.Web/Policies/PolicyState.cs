using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Policies;

/// <summary>What there is: the version in force and the draft.</summary>
/// <param name="Newest">The version in force; null before anything was published.</param>
/// <param name="Draft">The draft; null if there is none.</param>
internal sealed record PolicyState(PublishedPolicySet? Newest, PolicyDraft? Draft)
{
    public int Version => Newest?.Number ?? 0;

    public PolicyRevision Revision => new(Version, Draft?.Revision);

    public bool NeedsSecondAdmin => Newest?.Stored.NeedsSecondAdmin ?? false;

    /// <summary>The policies that an edit starts from.</summary>
    /// <exception cref="RefusedException">What is stored cannot be read.</exception>
    public PolicySet Policies => Draft?.Policies ?? Newest?.Policies ?? PolicySet.Empty;

    /// <summary>The policies in force; an empty set where they cannot be read, for they decide nothing then.</summary>
    public PolicySet InForce => Newest?.Stored.Policies ?? PolicySet.Empty;

    public static async Task<PolicyState> ReadAsync(JitAccessDbContext database, CancellationToken cancellationToken) => new(
        await database.PolicySets.AsNoTracking().OrderByDescending(policySet => policySet.Number).FirstOrDefaultAsync(cancellationToken),
        await database.PolicyDrafts.SingleOrDefaultAsync(cancellationToken));

    /// <summary>Refuses a change by somebody who saw another state, telling them who changed what.</summary>
    public async Task ThrowIfMovedAsync(PolicyRevision seen, JitAccessDbContext database, CancellationToken cancellationToken)
    {
        if (seen == Revision) return;
        string what = this switch
        {
            _ when Version != seen.Version => $"{Newest?.PublishedByName} published version {Version} meanwhile: {Newest?.Comment}",
            { Draft: { } draft } => DraftWords.Since(draft, seen.Draft),
            _ => await LastOnDraftAsync(database, cancellationToken),
        };
        throw new RefusedException(RefusalKind.Conflict, $"{what} Nothing was overwritten. Look at the policies as they are now, then repeat your change.");
    }

    // The draft is gone and nothing was published: thrown away, or changed back to what is in force.
    private static async Task<string> LastOnDraftAsync(JitAccessDbContext database, CancellationToken cancellationToken)
    {
        var last = await database.AuditEntries.AsNoTracking()
            .Where(entry => entry.Action == AuditAction.PolicyDraftDiscarded || entry.Action == AuditAction.PolicyDraftChanged)
            .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Select(entry => new { entry.ActorName, entry.Action, entry.Why }).FirstOrDefaultAsync(cancellationToken);
        return last switch
        {
            { Action: AuditAction.PolicyDraftChanged } => $"{last.ActorName} changed the draft back meanwhile: {last.Why}",
            { } => $"{last.ActorName} discarded the draft meanwhile.",
            null => "The draft is gone meanwhile.",
        };
    }
}
