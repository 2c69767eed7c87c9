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
    private const int MaximumTries = 5;

    /// <summary>Gives a grant back; its live sessions end.</summary>
    /// <exception cref="RefusedException">See <see cref="Grant.CanReturn"/>.</exception>
    public async Task ReturnAsync(Actor actor, Guid grantId, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
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
                return;
            }
            catch (DbUpdateConcurrencyException) when (tries < MaximumTries)
            {
                // A session of the grant began, ended or was renewed at the same instant; judged anew on what is there now.
            }
        }
    }
}
