using System.Security.Claims;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Sessions.Gateway;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>
/// A session's terminal opens to its own person, under a role, while the grant is active; afterwards it only tells how it ended. To watch, it opens to
/// admins and auditors.
/// </summary>
internal sealed class TerminalDoor(IDbContextFactory<JitAccessDbContext> contexts, ActorClaims claims, LiveSessions live, TimeProvider time) : ITerminalDoor
{
    public async Task<TerminalPass?> OpenAsync(ClaimsPrincipal user, Guid sessionId, bool asWatcher, string? address, CancellationToken cancellationToken)
    {
        Actor actor = claims.ActorFrom(user, address);
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Session? session = await database.Sessions.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == sessionId && (entity.Holder == actor.Subject || asWatcher), cancellationToken);
        LiveSession? terminal = session is null ? null : live.Find(sessionId);
        if (terminal is null) return null;
        if (asWatcher) return session!.CanWatch(actor).IsAllowed ? new TerminalPass(terminal, actor.Person.DisplayName) { EnterAsync = token => RecordWatcherAsync(actor, session, token) } : null;
        TerminalPass pass = new(terminal, Watcher: null);
        if (terminal.End is not null) return pass;
        bool mayWork = session!.IsLive && (await database.Grants.AsNoTracking().SingleAsync(grant => grant.Id == session.GrantId, cancellationToken)).CanConnect(actor, time.GetUtcNow()).IsAllowed;
        return mayWork ? pass : null;
    }

    public async Task<PortSession?> OpenPortAsync(ClaimsPrincipal user, Guid sessionId, CancellationToken cancellationToken)
    {
        Actor actor = claims.ActorFrom(user);
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Session? session = await database.Sessions.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == sessionId && entity.Holder == actor.Subject, cancellationToken);
        if (session is not { IsLive: true } || live.FindPort(sessionId) is not { End: null } ports) return null;
        return (await database.Grants.AsNoTracking().SingleAsync(grant => grant.Id == session.GrantId, cancellationToken)).CanConnect(actor, time.GetUtcNow()).IsAllowed ? ports : null;
    }

    private async Task RecordWatcherAsync(Actor actor, Session session, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        database.Record(new AuditEntry(actor, AuditAction.SessionWatched, session.Id.ToString(), "Watched while it was live.", time.GetUtcNow()) { NodeId = session.NodeId.Value });
        await database.SaveChangesAsync(cancellationToken);
    }
}
