using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies;

/// <summary>The policy set in force, prepared for deciding. Every decision asks for the newest version, so that no replica decides by an old one.</summary>
public sealed class PolicyStore(IDbContextFactory<JitAccessDbContext> contexts, CedarEngine engine)
{
    private volatile PolicyEvaluator? _current;

    /// <summary>The newest version; an empty set numbered 0 before anything was published.</summary>
    public async Task<PolicyEvaluator> CurrentAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        return await CurrentAsync(database, cancellationToken);
    }

    /// <summary>The same, through a context that is open already.</summary>
    internal async Task<PolicyEvaluator> CurrentAsync(JitAccessDbContext database, CancellationToken cancellationToken) =>
        await NumberedAsync(database, await database.PolicySets.MaxAsync(policySet => (int?)policySet.Number, cancellationToken) ?? 0, cancellationToken);

    /// <summary>The same for a caller that has read just now which version is the newest.</summary>
    internal async Task<PolicyEvaluator> NumberedAsync(JitAccessDbContext database, int newest, CancellationToken cancellationToken)
    {
        if (_current is { } current && current.Version.Number == newest) return current;
        PublishedPolicySet? published = await database.PolicySets.AsNoTracking().SingleOrDefaultAsync(policySet => policySet.Number == newest, cancellationToken);
        PolicyEvaluator evaluator = new(published?.AsVersion() ?? new PolicySetVersion(0, PolicySet.Empty), engine);
        return _current = evaluator;
    }
}
