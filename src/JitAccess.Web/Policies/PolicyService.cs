using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

namespace JitAccess.Web.Policies;

/// <summary>Changes of the policy set. Each publishes a new version; nothing published is ever changed.</summary>
public sealed class PolicyService(IDbContextFactory<JitAccessDbContext> contexts, CedarEngine engine, TimeProvider time)
{
    /// <summary>What is wrong with a policy before it is saved, for the form that shows it while it is written.</summary>
    /// <exception cref="RefusedException">The actor is no admin.</exception>
    public Task<IReadOnlyList<PolicyProblem>> CheckAsync(Actor actor, Policy policy, CancellationToken cancellationToken)
    {
        CanWrite(actor).ThrowIfRefused();
        // The engine computes for as long as milliseconds on a large text: not on the page's own thread.
        return Task.Run<IReadOnlyList<PolicyProblem>>(() => PolicyRules.ProblemsOf(policy, engine), cancellationToken);
    }

    /// <summary>Publishes the policy, new or changed. <paramref name="basedOn"/> is the version that the admin saw.</summary>
    /// <returns>The number of the new version.</returns>
    /// <exception cref="RefusedException">The actor is no admin, the policy has problems, or somebody published meanwhile.</exception>
    public async Task<int> SaveAsync(Actor actor, int basedOn, Policy policy, CancellationToken cancellationToken)
    {
        IReadOnlyList<PolicyProblem> problems = [.. (await CheckAsync(actor, policy, cancellationToken)).Where(problem => !problem.IsWarning)];
        if (problems.Count > 0) throw new RefusedException(RefusalKind.Invalid, string.Join(" ", problems.Select(problem => problem.Message)));
        return await PublishAsync(actor, basedOn, policies => policies.With(policies.Find(policy.Id) is null ? AtTheEnd(policies, policy) : policy),
            before => before.Find(policy.Id) is null ? $"Added “{policy.Name}”." : $"Changed “{policy.Name}”.", cancellationToken);
    }

    /// <summary>Publishes the set without a policy.</summary>
    /// <inheritdoc cref="SaveAsync" />
    public Task<int> DeleteAsync(Actor actor, int basedOn, Guid policyId, CancellationToken cancellationToken) =>
        PublishAsync(actor, basedOn, policies => policies.Find(policyId) is null ? throw RefusedException.NotFound("policy") : policies.Without(policyId),
            before => $"Deleted “{before.Find(policyId)!.Name}”.", cancellationToken);

    /// <summary>Publishes the set with a policy moved among those of its kind, by so many places: negative is earlier.</summary>
    /// <inheritdoc cref="SaveAsync" />
    public Task<int> MoveAsync(Actor actor, int basedOn, Guid policyId, int by, CancellationToken cancellationToken) =>
        PublishAsync(actor, basedOn, policies => Moved(policies, policyId, by),
            before => $"Moved “{before.Find(policyId)!.Name}” {(by < 0 ? "up" : "down")}.", cancellationToken);

    private static Ruling CanWrite(Actor actor) => actor.IsAdmin
        ? Ruling.Allowed
        : Ruling.Refused(RefusalKind.Forbidden, "Only admins change policies.");

    private static Policy AtTheEnd(PolicySet policies, Policy policy) =>
        policy with { Order = 1 + policies.InOrderOfEvaluation.Where(other => other.Kind == policy.Kind).Select(other => other.Order).DefaultIfEmpty(0).Max() };

    private static PolicySet Moved(PolicySet policies, Guid policyId, int by)
    {
        Policy policy = policies.Find(policyId) ?? throw RefusedException.NotFound("policy");
        // Manual policies by tags and for all nodes are two lists on the screen; a policy moves within its own.
        List<Policy> peers = [.. policies.InOrderOfEvaluation.Where(other => other.Kind == policy.Kind && IsByTags(other) == IsByTags(policy))];
        int from = peers.FindIndex(other => other.Id == policyId);
        int to = Math.Clamp(from + by, 0, peers.Count - 1);
        peers.RemoveAt(from);
        peers.Insert(to, policy);
        return peers.Select((peer, index) => peer with { Order = index + 1 }).Aggregate(policies, (set, peer) => set.With(peer));
    }

    private static bool IsByTags(Policy policy) => policy is ManualPolicy { Target.IsByTags: true };

    private async Task<int> PublishAsync(Actor actor, int basedOn, Func<PolicySet, PolicySet> change, Func<PolicySet, string> comment, CancellationToken cancellationToken)
    {
        CanWrite(actor).ThrowIfRefused();
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        PublishedPolicySet? newest = await database.PolicySets.AsNoTracking().OrderByDescending(policySet => policySet.Number).FirstOrDefaultAsync(cancellationToken);
        if ((newest?.Number ?? 0) != basedOn) throw SomebodyElsePublished(newest);
        PolicySet before = newest?.Policies ?? PolicySet.Empty;
        PolicySet after = change(before);
        if (PolicyRules.NameConflicts(after).FirstOrDefault() is { } conflict) throw new RefusedException(RefusalKind.Invalid, conflict.Message);
        DateTimeOffset now = time.GetUtcNow();
        PublishedPolicySet published = new()
        {
            Number = basedOn + 1,
            Policies = after,
            PublishedAt = now,
            PublishedBy = actor.Subject,
            PublishedByName = actor.Person.DisplayName,
            Comment = comment(before),
        };
        database.PolicySets.Add(published);
        database.Record(new AuditEntry(actor, AuditAction.PolicySetPublished, $"policy set version {published.Number}", published.Comment, now)
        {
            PolicySetVersion = published.Number,
            Before = System.Text.Json.JsonSerializer.Serialize(before, JsonColumns.Options),
            After = System.Text.Json.JsonSerializer.Serialize(after, JsonColumns.Options),
        });
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsCollision())
        {
            throw SomebodyElsePublished(null);
        }
        return published.Number;
    }

    private static RefusedException SomebodyElsePublished(PublishedPolicySet? newest) => new(RefusalKind.Conflict, newest is null
        ? "Somebody else published policies meanwhile. Nothing was overwritten. Open the policies again and repeat your change."
        : $"{newest.PublishedByName} published version {newest.Number} meanwhile: {newest.Comment} Nothing was overwritten. Open the policies again and repeat your change.");
}
