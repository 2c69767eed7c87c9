using JitAccess.Cedar;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies;

/// <summary>The policy set in force, prepared for deciding. Every decision asks for the newest version, so that no replica decides by an old one.</summary>
public sealed class PolicyStore(IDbContextFactory<JitAccessDbContext> contexts, CedarEngine engine, ILogger<PolicyStore> logger)
{
    private volatile PolicyEvaluator? _current;

    /// <summary>The newest version; an empty set numbered 0 before anything was published. A version that cannot be read refuses everything.</summary>
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
        PolicyEvaluator evaluator = new(new PolicySetVersion(newest, published is null ? PolicySet.Empty : Readable(published)), engine);
        return _current = evaluator;
    }

    private PolicySet Readable(PublishedPolicySet published)
    {
        if (published.Stored.Policies is { } policies)
        {
            foreach (ReviewedProblem broken in BrokenPolicies.In(policies, engine))
                logger.LogError("The policy {Policy} of version {Version}, which is in force, cannot be read: {Problem} It fails closed.", broken.PolicyName, published.Number, broken.Problem.Message);
            return policies;
        }
        logger.LogError("Version {Version} of the policies, which is in force, cannot be read: {Problem} Every request is refused until an admin publishes another version.", published.Number, published.Stored.Problem);
        return RefuseEverything(published.Number);
    }

    /// <summary>
    /// What stands in for a version that cannot be read: nobody knows what it would have refused, so everything is refused, sessions of open grants included.
    /// The name is what the person reads.
    /// </summary>
    private static PolicySet RefuseEverything(int version) => new()
    {
        DenyAccess =
        [
            new DenyAccessPolicy
            {
                Id = Guid.Empty,
                Name = $"Version {version} of the policies cannot be read. Ask an admin of JitAccess to look at the policies",
                Cedar = "forbid (principal, action, resource);",
                Effect = DenyEffect.Refuse,
            },
        ],
    };
}
