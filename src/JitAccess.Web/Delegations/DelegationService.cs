using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace JitAccess.Web.Delegations;

/// <summary>Naming somebody who answers in one's place, and taking that back.</summary>
public sealed class DelegationService(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    private const string Locked = "delegations:";

    /// <summary>Names a stand-in among the people who have signed in here.</summary>
    /// <returns>The delegation's id.</returns>
    /// <exception cref="RefusedException">See <see cref="Delegation.CanDelegate"/>; also when the person is not known.</exception>
    public async Task<Guid> MakeAsync(Actor actor, string standIn, DateTimeOffset from, DateTimeOffset until, string note, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        // Two at once would both find the time free: whose absence it is, is asked one after the other.
        await using IDbContextTransaction transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({Locked + actor.Subject}, 0))", cancellationToken);
        KnownPerson person = await database.People.AsNoTracking().SingleOrDefaultAsync(known => known.Subject == standIn, cancellationToken)
            ?? throw new RefusedException(RefusalKind.NotFound, "Nobody of that name has signed in here yet. A stand-in signs in once before they can be named.");
        DateTimeOffset now = time.GetUtcNow();
        List<Delegation> own = await database.Delegations.AsNoTracking().NotOverAt(now).Where(delegation => delegation.Delegator == actor.Subject).ToListAsync(cancellationToken);
        Delegation delegation;
        try
        {
            delegation = Delegation.Make(actor, person.AsPerson(), from, until, note, own, now);
        }
        catch (RefusedException refusal)
        {
            await RecordRefusalAsync(actor, actor.Subject, refusal, now, cancellationToken);
            throw;
        }
        database.Delegations.Add(delegation);
        database.Record(new AuditEntry(actor, AuditAction.DelegationMade, delegation.Id.ToString(),
            $"{delegation.StandInName} answers in place of {delegation.DelegatorName} from {delegation.From.UtcDateTime:yyyy-MM-dd HH:mm} to {delegation.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC. {delegation.Note}".TrimEnd(), now));
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return delegation.Id;
    }

    /// <summary>Ends a delegation before its time.</summary>
    /// <exception cref="RefusedException">See <see cref="Delegation.CanEnd"/>.</exception>
    public async Task EndAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Delegation delegation = await database.Delegations.SingleOrDefaultAsync(entity => entity.Id == id && (entity.Delegator == actor.Subject || entity.StandIn == actor.Subject || actor.IsAdmin), cancellationToken)
            ?? throw RefusedException.NotFound("delegation");
        DateTimeOffset now = time.GetUtcNow();
        try
        {
            delegation.End(actor, now);
        }
        catch (RefusedException refusal)
        {
            await RecordRefusalAsync(actor, id.ToString(), refusal, now, cancellationToken);
            throw;
        }
        database.Record(new AuditEntry(actor, AuditAction.DelegationEnded, id.ToString(), $"{delegation.StandInName} answers no longer in place of {delegation.DelegatorName}.", now));
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new RefusedException(RefusalKind.Conflict, "Somebody has ended this at the same moment.");
        }
    }

    // A slip of the pen is not an attempt.
    private async Task RecordRefusalAsync(Actor actor, string subject, RefusedException refusal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (refusal.Kind == RefusalKind.Invalid) return;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        database.Record(new AuditEntry(actor, AuditAction.DelegationRefused, subject, refusal.Message, now));
        await database.SaveChangesAsync(cancellationToken);
    }
}
