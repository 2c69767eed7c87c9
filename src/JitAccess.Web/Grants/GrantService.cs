using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Grants;

/// <summary>Ending a grant before its time.</summary>
public sealed class GrantService(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    /// <summary>Gives a grant back; its live sessions end.</summary>
    /// <exception cref="RefusedException">See <see cref="Grant.CanReturn"/>.</exception>
    public async Task ReturnAsync(Actor actor, Guid grantId, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Grant grant = await database.Grants.SingleOrDefaultAsync(entity => entity.Id == grantId && entity.Holder == actor.Subject, cancellationToken)
            ?? throw RefusedException.NotFound("grant");
        DateTimeOffset now = time.GetUtcNow();
        grant.Return(actor, now);
        await database.RecordEndAsync(grant, actor, AuditAction.GrantReturned, $"Returned by {actor.Person.DisplayName}.", now, cancellationToken);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException exception)
        {
            throw new RefusedException(RefusalKind.Conflict, "The grant or one of its sessions ended at the same moment. Look again.", exception);
        }
    }
}
