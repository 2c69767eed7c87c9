using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Grants;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>Reads sessions; a person sees their own, admins and auditors see all.</summary>
public sealed class SessionQueries(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    internal const int PageSize = 50;

    private const int MostHits = 5;

    /// <summary>Live sessions, the newest first, no more than a page of them.</summary>
    public async Task<IReadOnlyList<SessionRow>> LiveAsync(Actor actor, CancellationToken cancellationToken) =>
        (await ListAsync(actor, new SessionFilter(), before: null, live: true, cancellationToken)).Rows;

    /// <summary>A page of sessions that have ended, newest first.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="filter">Which sessions.</param>
    /// <param name="before">Only sessions older than this one; null to begin with the newest.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<SessionPage> EndedAsync(Actor actor, SessionFilter filter, Guid? before, CancellationToken cancellationToken) =>
        ListAsync(actor, filter, before, live: false, cancellationToken);

    private async Task<SessionPage> ListAsync(Actor actor, SessionFilter filter, Guid? before, bool live, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<Session> sessions = database.Sessions.AsNoTracking().Where(session => (session.EndedAt == null) == live);
        if (!actor.MayReadEverything) sessions = sessions.Where(session => session.Holder == actor.Subject);
        // Ids are in order of time (UUID version 7).
        if (before is { } place) sessions = sessions.Where(session => session.Id < place);
        var rows =
            from session in sessions
            join grant in database.Grants.AsNoTracking() on session.GrantId equals grant.Id
            join request in database.Requests.AsNoTracking().IgnoreAutoIncludes() on grant.RequestId equals request.Id
            join recorded in database.Recordings.AsNoTracking() on session.Id equals recorded.SessionId into recordings
            from recording in recordings.DefaultIfEmpty()
            select new { Session = session, Grant = grant, Recording = recording, request.RequesterName, request.NodeName, request.Account, request.Region, request.Number, request.Id };
        if (filter.Text is { Length: > 0 } text)
        {
            string pattern = LikePattern.Containing(text);
            rows = rows.Where(row => EF.Functions.ILike(row.RequesterName, pattern) || EF.Functions.ILike(row.NodeName, pattern) || EF.Functions.ILike((string)(object)row.Session.NodeId, pattern));
        }
        string? command = filter.Command is { Length: > 0 } wanted ? LikePattern.Containing(wanted) : null;
        if (command is not null) rows = rows.Where(row => database.RecordedCommands.Any(entered => entered.SessionId == row.Session.Id && EF.Functions.ILike(entered.Text, command)));
        var page = await rows.OrderByDescending(row => row.Session.Id).Take(PageSize + 1).ToListAsync(cancellationToken);
        bool more = page.Count > PageSize;
        if (more) page.RemoveAt(PageSize);
        Guid[] shown = [.. page.Select(row => row.Session.Id)];
        ILookup<Guid, RecordedCommand> hits = (command is null ? [] : await database.RecordedCommands.AsNoTracking()
            .Where(entered => shown.Contains(entered.SessionId) && EF.Functions.ILike(entered.Text, command))
            .OrderBy(entered => entered.SessionId).ThenBy(entered => entered.Ordinal).Take(MostHits * PageSize).ToListAsync(cancellationToken)).ToLookup(entered => entered.SessionId);
        return new SessionPage(
            [.. page.Select(row => new SessionRow(row.Session, row.Grant, row.Recording, row.RequesterName, row.NodeName, row.Account, row.Region, row.Number, row.Id, [.. hits[row.Session.Id].Take(MostHits)]))],
            more ? page[^1].Session.Id : null);
    }

    /// <summary>A live session that the actor may watch; null if there is none such.</summary>
    public async Task<SessionRow?> FindToWatchAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (!actor.MayReadEverything) return null;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from session in database.Sessions.AsNoTracking()
            join grant in database.Grants.AsNoTracking() on session.GrantId equals grant.Id
            join request in database.Requests.AsNoTracking().IgnoreAutoIncludes() on grant.RequestId equals request.Id
            where session.Id == id
            select new { Session = session, Grant = grant, request.RequesterName, request.NodeName, request.Account, request.Region, request.Number, request.Id }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new SessionRow(found.Session, found.Grant, null, found.RequesterName, found.NodeName, found.Account, found.Region, found.Number, found.Id, []);
    }

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
