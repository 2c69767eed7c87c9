using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Policies;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Grants;

/// <summary>Opens scheduled grants at their start, after asking again what may have changed since the approval: the policies that refuse, and the person's standing.</summary>
internal sealed class GrantActivation(IDbContextFactory<JitAccessDbContext> contexts, PolicyStore policies, TimeProvider time, ILogger<GrantActivation> logger) : DueWork(time, logger)
{
    protected internal override async Task<bool> DoDueAsync(CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset now = Time.GetUtcNow();
        List<Grant> due = await database.Grants.FromSql(
            $"""
            select *, xmin from grants where ended_at is null and activated_at is null and starts_at <= {now} and ends_at > {now}
            order by starts_at limit {BatchSize} for update skip locked
            """).ToListAsync(cancellationToken);
        if (due.Count == 0) return false;
        PolicyEvaluator evaluator = await policies.CurrentAsync(database, cancellationToken);
        foreach (Grant grant in due) await ActivateAsync(database, evaluator, grant, now, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count == BatchSize;
    }

    private static async Task ActivateAsync(JitAccessDbContext database, PolicyEvaluator evaluator, Grant grant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        AccessRequest request = await database.Requests.AsNoTracking().SingleAsync(entity => entity.Id == grant.RequestId, cancellationToken);
        KnownPerson? person = await database.People.AsNoTracking().SingleOrDefaultAsync(known => known.Subject == grant.Holder, cancellationToken);
        // A node that is not managed now opens to nobody; connecting asks the policies again.
        Node? node = await database.Nodes.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == grant.NodeId, cancellationToken);
        Ruling ruling = request.CanStillAct(person?.AsPerson(), person?.Roles ?? []);
        if (ruling.IsAllowed && node is not null && RoleArn.TryParse(request.RequesterRole, out RoleArn? role))
        {
            Actor holder = new() { Person = person!.AsPerson(), Identity = new ProvenIdentity.Role(role) };
            ruling = Grant.CanOpen(evaluator.Decide(new AccessQuestion(holder, node, now, request.Reason, request.Duration)));
        }

        grant.Activate(ruling, now);
        if (!ruling.IsAllowed)
        {
            await database.RecordEndAsync(grant, null, AuditAction.GrantRefused, grant.RefusalReason, now, cancellationToken);
            return;
        }
        database.Record(new AuditEntry(null, AuditAction.GrantActivated, grant.Id.ToString(), $"The scheduled start of request {request.Number} has come. The grant is open until {grant.EndsAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.", now)
        {
            NodeId = grant.NodeId.Value,
            PolicySetVersion = evaluator.Version.Number,
        });
    }
}
