using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>Reads sessions; a person sees their own.</summary>
public sealed class SessionQueries(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    /// <summary>One of the actor's own sessions; null if it does not exist or is somebody else's: both look the same.</summary>
    public async Task<SessionDetails?> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from session in database.Sessions.AsNoTracking()
            join grant in database.Grants.AsNoTracking() on session.GrantId equals grant.Id
            join request in database.Requests.AsNoTracking().IgnoreAutoIncludes() on grant.RequestId equals request.Id
            where session.Id == id && session.Holder == actor.Subject
            select new
            {
                Session = session,
                Grant = grant,
                request.NodeName,
                request.Account,
                request.Region,
                request.Number,
                request.Id,
                request.BrokeGlass,
                Extension = database.Requests.Where(extension => extension.Extends == grant.Id && extension.Status == RequestStatus.Pending)
                    .Select(extension => new PendingExtension(extension.Id, extension.Number, extension.Duration)).FirstOrDefault(),
            }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new SessionDetails(found.Session, found.Grant, found.NodeName, found.Account, found.Region, found.Number, found.Id,
            found.Grant.CanBeExtended(actor, time.GetUtcNow()), found.Extension)
        { BrokeGlass = found.BrokeGlass };
    }
}
