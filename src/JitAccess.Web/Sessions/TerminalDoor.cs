using System.Security.Claims;
using JitAccess.Domain.People;
using JitAccess.Domain.Sessions;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using JitAccess.Web.Sessions.Gateway;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions;

/// <summary>A session's terminal opens to its own person, under a role, while the grant is active. Afterwards it only tells how it ended.</summary>
internal sealed class TerminalDoor(IDbContextFactory<JitAccessDbContext> contexts, ActorClaims claims, LiveSessions live, TimeProvider time) : ITerminalDoor
{
    public async Task<LiveSession?> OpenAsync(ClaimsPrincipal user, Guid sessionId, CancellationToken cancellationToken)
    {
        Actor actor = claims.ActorFrom(user);
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        Session? session = await database.Sessions.AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == sessionId && entity.Holder == actor.Subject, cancellationToken);
        LiveSession? terminal = session is null ? null : live.Find(sessionId);
        if (terminal is null || terminal.End is not null) return terminal;
        bool mayWork = session!.IsLive && (await database.Grants.AsNoTracking().SingleAsync(grant => grant.Id == session.GrantId, cancellationToken)).CanConnect(actor, time.GetUtcNow()).IsAllowed;
        return mayWork ? terminal : null;
    }
}
