using System.Linq.Expressions;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Requests;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Grants;

/// <summary>Ending a grant before its time.</summary>
public sealed class GrantService(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    private const int MaximumTries = 5;

    /// <summary>Gives a grant back; its live sessions end.</summary>
    /// <exception cref="RefusedException">See <see cref="Grant.CanReturn"/>.</exception>
    public Task ReturnAsync(Actor actor, Guid grantId, CancellationToken cancellationToken) => ReturnAsync(actor, grant => grant.Id == grantId, null, cancellationToken);

    /// <summary>Gives the grant of a request back; its live sessions end.</summary>
    /// <exception cref="RefusedException">See <see cref="Grant.CanReturn"/>; also when the request is not as it was seen.</exception>
    public Task ReturnOfAsync(Actor actor, SeenRequest seen, CancellationToken cancellationToken) => ReturnAsync(actor, grant => grant.RequestId == seen.Id, seen, cancellationToken);

    private Task ReturnAsync(Actor actor, Expression<Func<Grant, bool>> which, SeenRequest? seen, CancellationToken cancellationToken) => EndAsync(actor, AuditAction.GrantReturned, async (database, now) =>
    {
        Grant grant = await database.Grants.Where(which).SingleOrDefaultAsync(entity => entity.Holder == actor.Subject, cancellationToken)
            ?? throw RefusedException.NotFound("grant");
        if (seen is { Versions: not null } only)
            only.IsStill(database.VersionOf(await database.Requests.SingleAsync(entity => entity.Id == only.Id, cancellationToken), grant)).ThrowIfRefused();
        await RefusingAsync(actor, AuditAction.ReturnRefused, async () => await database.Requests.SingleAsync(entity => entity.Id == grant.RequestId, cancellationToken),
            () => grant.Return(actor, now), now, cancellationToken);
        return (grant, $"Returned by {actor.Person.DisplayName}.");
    }, cancellationToken);

    /// <summary>Takes away the grant that a request opened; its live sessions end with the reason.</summary>
    /// <exception cref="RefusedException">See <see cref="AccessRequest.CanRevoke"/> and <see cref="AccessRequest.CanBeRevokeReason"/>; also when the request is not the actor's to see.</exception>
    public Task RevokeAsync(Actor actor, SeenRequest seen, string reason, CancellationToken cancellationToken) => EndAsync(actor, AuditAction.GrantRevoked, async (database, now) =>
    {
        Actor standing = (await database.StandingOfAsync(actor, [], now, cancellationToken)).Actor;
        AccessRequest request = await RequestQueries.Visible(database.Requests, standing).Include(entity => entity.Grant).SingleOrDefaultAsync(entity => entity.Id == seen.Id, cancellationToken)
            ?? throw RefusedException.NotFound("request");
        if (seen.Versions is not null) seen.IsStill(await database.VersionOfAsync(request, cancellationToken)).ThrowIfRefused();
        await RefusingAsync(actor, AuditAction.RevokeRefused, () => Task.FromResult(request), () => request.Revoke(standing, reason, now), now, cancellationToken);
        return (request.Grant!, $"Revoked by {actor.Person.DisplayName}: “{request.Grant!.RevokeReason}”.");
    }, cancellationToken);

    // The attempt is recorded before the refusal goes on to the person.
    private async Task RefusingAsync(Actor actor, AuditAction refused, Func<Task<AccessRequest>> request, Action end, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            end();
        }
        catch (RefusedException refusal)
        {
            await contexts.RecordRefusalAsync(actor, refused, await request(), refusal, now, cancellationToken);
            throw;
        }
    }

    private async Task EndAsync(Actor actor, AuditAction action, Func<JitAccessDbContext, DateTimeOffset, Task<(Grant Grant, string Why)>> end, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            (Grant grant, string why) = await end(database, now);
            await database.RecordEndAsync(grant, actor, action, why, now, cancellationToken);
            try
            {
                await database.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateConcurrencyException) when (tries < MaximumTries)
            {
                // Somebody ended the grant, or a session of it began, ended or was renewed, at the same instant; judged anew on what is there now.
            }
        }
    }
}
