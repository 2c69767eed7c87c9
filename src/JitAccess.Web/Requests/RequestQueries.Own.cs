using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Requests;

// What somebody has asked for, and what came of it.
public sealed partial class RequestQueries
{
    /// <summary>A page of the actor's own requests, newest first.</summary>
    /// <param name="actor">The requester.</param>
    /// <param name="status">Only those that stand so; null for all.</param>
    /// <param name="after">Where the page begins: <see cref="OwnRequests.Next"/> of the page before; null for the first.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public async Task<OwnRequests> MineAsync(Actor actor, RequestStatus? status, long? after, int take, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<AccessRequest> requests = database.Requests.AsNoTracking().Include(request => request.Grant).Where(request => request.Requester == actor.Subject);
        if (status is { } only) requests = requests.Where(request => request.Status == only);
        if (after is { } place) requests = requests.Where(request => request.Number < place);
        List<AccessRequest> page = await requests.OrderByDescending(request => request.Number).Take(take + 1).ToListAsync(cancellationToken);
        bool more = page.Count > take;
        if (more) page.RemoveAt(take);
        return new OwnRequests(page, more ? page[^1].Number : null);
    }

    /// <summary>A page of the actor's own sessions, newest first.</summary>
    /// <param name="actor">The holder.</param>
    /// <param name="isLive">Only those that live, or only those that have ended; null for all.</param>
    /// <param name="after">Where the page begins: the id of the last session of the page before; null for the first.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public async Task<OwnSessions> MySessionsAsync(Actor actor, bool? isLive, Guid? after, int take, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<OwnSession> sessions =
            from session in database.Sessions.AsNoTracking()
            join grant in database.Grants.AsNoTracking() on session.GrantId equals grant.Id
            join request in database.Requests.AsNoTracking().IgnoreAutoIncludes() on grant.RequestId equals request.Id
            where session.Holder == actor.Subject && (isLive == null || session.EndedAt == null == isLive) && (after == null || session.Id < after)
            orderby session.Id descending
            select new OwnSession(session.Id, request.Id, session.NodeId.Value, request.NodeName, session.StartedAt, session.EndedAt, session.EndReason, grant.EndsAt);
        List<OwnSession> page = await sessions.Take(take + 1).ToListAsync(cancellationToken);
        bool more = page.Count > take;
        if (more) page.RemoveAt(take);
        return new OwnSessions(page, more ? page[^1].Id : null);
    }
}

/// <summary>A page of somebody's own requests.</summary>
/// <param name="Requests">The requests, with the grants that they opened.</param>
/// <param name="Next">Where the next page begins; null if this is the last.</param>
public sealed record OwnRequests(IReadOnlyList<AccessRequest> Requests, long? Next);

/// <summary>A session of the person who looks.</summary>
/// <param name="Id">The session.</param>
/// <param name="RequestId">The request that it was opened under.</param>
/// <param name="NodeId">The node.</param>
/// <param name="NodeName">The node's name at submit.</param>
/// <param name="StartedAt">When they connected.</param>
/// <param name="EndedAt">When it ended; null while it lives.</param>
/// <param name="EndReason">Why; empty while it lives.</param>
/// <param name="GrantEndsAt">When the access window closes, and with it the session.</param>
public sealed record OwnSession(Guid Id, Guid RequestId, string NodeId, string NodeName, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string EndReason, DateTimeOffset GrantEndsAt);

/// <summary>A page of somebody's own sessions.</summary>
/// <param name="Sessions">The sessions.</param>
/// <param name="Next">Where the next page begins; null if this is the last.</param>
public sealed record OwnSessions(IReadOnlyList<OwnSession> Sessions, Guid? Next);
