using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Grants;

/// <summary>A living grant as its holder sees it.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Request">The request that it came from.</param>
/// <param name="LiveSessions">How many sessions are live in it.</param>
/// <param name="Node">The node as it is now; null if it is gone.</param>
/// <param name="CanExtend">Whether the holder may ask for more time now.</param>
/// <param name="PendingExtension">The request for more time that waits for an answer; null if none.</param>
public sealed record GrantCard(Grant Grant, AccessRequest Request, int LiveSessions, Node? Node, Ruling CanExtend, PendingExtension? PendingExtension);

/// <summary>A request for more time that waits for an answer.</summary>
public sealed record PendingExtension(Guid RequestId, long Number, TimeSpan Duration);

/// <summary>Reads grants.</summary>
public sealed class GrantQueries(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    /// <summary>The actor's own living grants, the one that ends first at the head.</summary>
    public async Task<IReadOnlyList<GrantCard>> MineAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        var rows = await (
            from grant in database.Grants.AsNoTracking()
            join request in database.Requests.AsNoTracking() on grant.RequestId equals request.Id
            where grant.Holder == actor.Subject && grant.EndedAt == null && grant.EndsAt > now
            orderby grant.EndsAt
            select new
            {
                Grant = grant,
                Request = request,
                Live = database.Sessions.Count(session => session.GrantId == grant.Id && session.EndedAt == null),
                Node = database.Nodes.FirstOrDefault(node => node.Id == grant.NodeId),
                Extension = database.Requests.Where(extension => extension.Extends == grant.Id && extension.Status == RequestStatus.Pending)
                    .Select(extension => new PendingExtension(extension.Id, extension.Number, extension.Duration)).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new GrantCard(row.Grant, row.Request, row.Live, row.Node, row.Grant.CanBeExtended(actor, now), row.Extension))];
    }
}
