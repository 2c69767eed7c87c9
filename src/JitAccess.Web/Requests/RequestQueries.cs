using System.Linq.Expressions;
using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Requests;

/// <summary>Reads requests, each only as far as the actor may see it.</summary>
public sealed partial class RequestQueries(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    private const int PageSize = 50;

    private static Ruling NoGrant => Ruling.Refused(RefusalKind.Conflict, "The request has opened no grant.");

    /// <summary>One request; null if it does not exist or is not the actor's to see: both look the same.</summary>
    public async Task<RequestDetails?> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        Standing standing = await database.StandingOfAsync(actor, [], now, cancellationToken);
        var found = await Visible(database.Requests.AsNoTracking(), standing.Actor).Include(entity => entity.Grant).Where(entity => entity.Id == id)
            .Select(entity => new { Request = entity, Version = EF.Property<uint>(entity, "xmin"), GrantVersion = entity.Grant == null ? (uint?)null : EF.Property<uint>(entity.Grant, "xmin") })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null) return null;
        AccessRequest request = found.Request;
        if (request.OpenReviewers.Any()) standing = await database.StandingOfAsync(actor, request.OpenReviewers, now, cancellationToken);
        (actor, ApproverDirectory known) = standing;
        Node? node = await database.Nodes.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == request.NodeId, cancellationToken);
        IReadOnlyList<RequestSession> sessions = await SessionsAsync(database, actor, request, cancellationToken);
        IReadOnlyList<Extension> extensions = await ExtensionsAsync(database, actor, request.Grant, cancellationToken);
        Extension? asked = extensions.FirstOrDefault(extension => extension.Request.Status == RequestStatus.Pending);
        Ruling canExtend = request.Grant?.CanBeExtended(actor, now) ?? NoGrant;
        return new RequestDetails(request, node, sessions, (await HistoriesAsync(database, [request], now, cancellationToken))[id],
            known, request.CanReview(standing.AsKnown, now), request.CanCancel(actor), request.Grant?.CanConnect(actor, now) ?? NoGrant, request.Grant?.CanReturn(actor, now) ?? NoGrant, request.CanRevoke(actor, now), request.CanAskAgain(actor, now), now)
        {
            CanExtend = canExtend.IsAllowed && asked is not null ? Ruling.Refused(RefusalKind.Conflict, $"More time is asked for already, by request {asked.Request.Number}.") : canExtend,
            Extensions = extensions,
            Version = new RequestVersion(found.Version, found.GrantVersion ?? 0),
            CanReviewBreakGlass = request.CanReviewBreakGlass(standing.AsKnown),
            Seat = request.OpenSeat(standing.AsKnown),
            Extended = await ExtendedAsync(database, actor, request.ExtendedGrant, cancellationToken),
        };
    }

    private static async Task<IReadOnlyList<RequestSession>> SessionsAsync(JitAccessDbContext database, Actor actor, AccessRequest request, CancellationToken cancellationToken)
    {
        if (request.Grant is not { } grant) return [];
        var found = await (
            from session in database.Sessions.AsNoTracking()
            join recorded in database.Recordings.AsNoTracking() on session.Id equals recorded.SessionId into recordings
            from recording in recordings.DefaultIfEmpty()
            where session.GrantId == grant.Id
            orderby session.StartedAt
            select new { Session = session, Recording = recording }).ToListAsync(cancellationToken);
        return [.. found.Select(one => new RequestSession(one.Session, Recording.CanWatch(actor, one.Session).IsAllowed ? one.Recording : null, one.Session.CanEnd(actor, request), one.Session.CanWatch(actor)))];
    }

    /// <summary>One of the actor's own requests that may be asked again, to fill a form from; null if there is none such: somebody else's looks like none.</summary>
    public async Task<AccessRequest?> FindToAskAgainAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        AccessRequest? request = await database.Requests.AsNoTracking().Include(entity => entity.Grant)
            .SingleOrDefaultAsync(entity => entity.Id == id && entity.Requester == actor.Subject, cancellationToken);
        return request?.CanAskAgain(actor, time.GetUtcNow()).IsAllowed == true ? request : null;
    }

    /// <summary>The requests of one form; null if there are none or none of them is the actor's to see.</summary>
    public async Task<BatchDetails?> FindBatchAsync(Actor actor, Guid batchId, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        Actor standing = (await database.StandingOfAsync(actor, [], now, cancellationToken)).Actor;
        List<AccessRequest> requests = await Visible(database.Requests.AsNoTracking(), standing).Include(entity => entity.Grant)
            .Where(request => request.BatchId == batchId).OrderBy(request => request.Number).ToListAsync(cancellationToken);
        return requests.Count == 0 ? null : new BatchDetails([.. requests.Select(request => new BatchMember(request, request.CanCancel(actor), request.Grant?.CanConnect(actor, now) ?? NoGrant))]);
    }

    /// <summary>The actor's own pending requests, newest first.</summary>
    public async Task<IReadOnlyList<RequestRow>> MyPendingAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Standing standing = await database.StandingOfAsync(actor, [], time.GetUtcNow(), cancellationToken);
        return await RowsAsync(database, standing, await database.Requests.AsNoTracking()
            .Where(request => request.Requester == actor.Subject && request.Status == RequestStatus.Pending)
            .OrderByDescending(request => request.Number).Take(PageSize).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>A page of requests for somebody who approves, beginning after <paramref name="after"/>.</summary>
    public Task<RequestPage> ForApprovalAsync(Actor actor, ApprovalView view, long? after, CancellationToken cancellationToken) => ForApprovalAsync(actor, view, after, PageSize, cancellationToken);

    /// <summary>The same with so many requests on a page.</summary>
    public async Task<RequestPage> ForApprovalAsync(Actor actor, ApprovalView view, long? after, int take, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Standing standing = await database.StandingOfAsync(actor, [], time.GetUtcNow(), cancellationToken);
        IQueryable<AccessRequest> requests = view switch
        {
            ApprovalView.WaitingForMe => WaitingFor(database, standing.AsKnown),
            ApprovalView.AllPending => Visible(database.Requests.AsNoTracking(), standing.Actor).Where(request => request.Status == RequestStatus.Pending),
            ApprovalView.Decided => Visible(database.Requests.AsNoTracking(), standing.Actor).Where(request => request.Status != RequestStatus.Pending),
        };
        bool newestFirst = view == ApprovalView.Decided;
        if (after is { } place) requests = newestFirst ? requests.Where(request => request.Number < place) : requests.Where(request => request.Number > place);
        requests = newestFirst ? requests.OrderByDescending(request => request.Number) : requests.OrderBy(request => request.Number);
        List<AccessRequest> page = await requests.Take(take + 1).ToListAsync(cancellationToken);
        bool more = page.Count > take;
        if (more) page.RemoveAt(take);
        return new RequestPage(await RowsAsync(database, standing, page, cancellationToken), more ? page[^1].Number : null)
        {
            BrokenGlass = view != ApprovalView.WaitingForMe || after is not null ? [] : await BrokenGlassFor(database, standing.AsKnown)
                .Include(request => request.Grant).OrderBy(request => request.Number).Take(PageSize).ToListAsync(cancellationToken),
        };
    }

    /// <summary>How many requests the actor can answer or review now.</summary>
    public async Task<int> WaitingCountAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Actor known = (await database.StandingOfAsync(actor, [], time.GetUtcNow(), cancellationToken)).AsKnown;
        return await WaitingFor(database, known).Select(request => request.Id).Concat(BrokenGlassFor(database, known).Select(request => request.Id)).CountAsync(cancellationToken);
    }

    /// <summary>The same rule as <see cref="AccessRequest.IsVisibleTo"/>, in SQL.</summary>
    internal static IQueryable<AccessRequest> Visible(IQueryable<AccessRequest> requests, Actor actor)
    {
        if (actor.MayReadEverything) return requests;
        string[] keys = [.. Approver.KeysOf(actor)];
        Expression<Func<AccessRequest, bool>> visible = request => request.Requester == actor.Subject
            || EF.Property<string[]>(request, JitAccessDbContext.ApproverKeys).Any(key => keys.Contains(key));
        return requests.Where(actor.StandsInFor.Aggregate(visible, (those, absent) => those.Or(SeenInPlaceOf(absent))));
    }

    private static Expression<Func<AccessRequest, bool>> SeenInPlaceOf(AbsentApprover absent)
    {
        string[] keys = [.. Approver.KeysOf(absent)];
        string subject = absent.Person.Subject;
        return request => request.Requester != subject && EF.Property<string[]>(request, JitAccessDbContext.ApproverKeys).Any(key => keys.Contains(key));
    }

    /// <summary>The same rule as <see cref="AccessRequest.CanReview"/>, in SQL.</summary>
    private IQueryable<AccessRequest> WaitingFor(JitAccessDbContext database, Actor actor)
    {
        string[] keys = actor.CanAct().IsAllowed ? [.. Approver.KeysOf(actor)] : [];
        DateTimeOffset now = time.GetUtcNow();
        Expression<Func<AccessRequest, bool>> seated = request => EF.Property<string[]>(request, JitAccessDbContext.OpenApproverKeys).Any(key => keys.Contains(key));
        if (actor.CanAct().IsAllowed) seated = actor.StandsInFor.Aggregate(seated, (those, absent) => those.Or(WaitsInPlaceOf(absent)));
        return database.Requests.AsNoTracking().Where(request => request.Status == RequestStatus.Pending
            && request.TimesOutAt > now
            && request.Requester != actor.Subject
            && !request.Reviews.Any(review => review.Reviewer == actor.Subject || review.InPlaceOf == actor.Subject)).Where(seated);
    }

    private static Expression<Func<AccessRequest, bool>> WaitsInPlaceOf(AbsentApprover absent)
    {
        string[] keys = [.. Approver.KeysOf(absent)];
        string subject = absent.Person.Subject;
        return request => request.Requester != subject
            && EF.Property<string[]>(request, JitAccessDbContext.OpenApproverKeys).Any(key => keys.Contains(key))
            && !request.Reviews.Any(review => review.Reviewer == subject || review.InPlaceOf == subject);
    }

    /// <summary>The same rule as <see cref="AccessRequest.CanReviewBreakGlass"/>, in SQL.</summary>
    private static IQueryable<AccessRequest> BrokenGlassFor(JitAccessDbContext database, Actor actor)
    {
        string[] keys = actor.CanAct().IsAllowed ? [.. Approver.KeysOf(actor)] : [];
        Expression<Func<AccessRequest, bool>> seated = request => actor.IsAdmin || EF.Property<string[]>(request, JitAccessDbContext.ApproverKeys).Any(key => keys.Contains(key));
        if (actor.CanAct().IsAllowed) seated = actor.StandsInFor.Aggregate(seated, (those, absent) => those.Or(SeenInPlaceOf(absent)));
        return database.Requests.AsNoTracking().Where(request => request.BrokeGlass
            && request.Requester != actor.Subject
            && !request.Reviews.Any(review => review.Reviewer != null)).Where(seated);
    }

    // Every question to the database counts: each page that is open asks them again after each change.
    private async Task<IReadOnlyList<RequestRow>> RowsAsync(JitAccessDbContext database, Standing standing, List<AccessRequest> requests, CancellationToken cancellationToken)
    {
        if (requests.Count == 0) return [];
        DateTimeOffset now = time.GetUtcNow();
        string[] reviewers = [.. requests.SelectMany(request => request.OpenReviewers)];
        if (reviewers.Length > 0) standing = await database.StandingOfAsync(standing.Actor, reviewers, now, cancellationToken);
        Actor reviewer = standing.AsKnown;
        Dictionary<Guid, NodeHistory> histories = await HistoriesAsync(database, requests, now, cancellationToken);
        return [.. requests.Select(request => new RequestRow(request, standing.Known, request.CanReview(reviewer, now), histories[request.Id]) { Seat = request.OpenSeat(reviewer) })];
    }

    private static async Task<IReadOnlyList<Extension>> ExtensionsAsync(JitAccessDbContext database, Actor actor, Grant? grant, CancellationToken cancellationToken) => grant is null ? [] :
        [.. (await database.Requests.AsNoTracking().Where(request => request.Extends == grant.Id).OrderBy(request => request.Number).ToListAsync(cancellationToken))
            .Select(request => new Extension(request, request.IsVisibleTo(actor)))];

    private static async Task<ExtendedRequest?> ExtendedAsync(JitAccessDbContext database, Actor actor, Grant? extended, CancellationToken cancellationToken)
    {
        if (extended is null) return null;
        AccessRequest request = await database.Requests.AsNoTracking().SingleAsync(entity => entity.Id == extended.RequestId, cancellationToken);
        return new ExtendedRequest(request.Id, request.Number, request.IsVisibleTo(actor));
    }

    /// <summary>What the requester of each did with its node, by the id of the request: one question for all of them, because every open page asks it again after each change.</summary>
    private static async Task<Dictionary<Guid, NodeHistory>> HistoriesAsync(JitAccessDbContext database, IEnumerable<AccessRequest> requests, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset since = now.AddDays(-90);
        Guid[] ids = [.. requests.Select(request => request.Id)];
        var histories = await database.Requests.AsNoTracking().IgnoreAutoIncludes().Where(request => ids.Contains(request.Id)).Select(request => new
        {
            request.Id,
            Earlier = database.Requests.IgnoreAutoIncludes()
                .Where(other => other.Requester == request.Requester && other.NodeId == request.NodeId && other.Id != request.Id && other.SubmittedAt >= since)
                .Select(other => new
                {
                    Approved = other.Status == RequestStatus.Approved,
                    NeverUsed = other.Grant != null && other.Grant.EndedAt != null && !database.Sessions.Any(session => session.GrantId == other.Grant.Id),
                }).ToList(),
            Last = database.Sessions.Where(session => session.Holder == request.Requester && session.NodeId == request.NodeId)
                .OrderByDescending(session => session.StartedAt).Select(session => new { session.StartedAt, session.EndedAt }).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        return histories.ToDictionary(one => one.Id, one => new NodeHistory(
            one.Earlier.Count, one.Earlier.Count(other => other.Approved), one.Earlier.Count(other => other.NeverUsed), one.Last?.StartedAt, one.Last?.EndedAt - one.Last?.StartedAt));
    }
}
