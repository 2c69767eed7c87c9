using JitAccess.Domain.People;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Tokens;

/// <summary>Who stands behind a token.</summary>
internal sealed record TokenBearer(KnownPerson Person, TokenFamily Family);

/// <summary>Reads tokens; a person sees their own.</summary>
public sealed class TokenQueries(IDbContextFactory<JitAccessDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>The programs that may act for the actor now, newest first.</summary>
    public async Task<IReadOnlyList<TokenFamily>> MineAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return await database.TokenFamilies.AsNoTracking().Where(family => family.Subject == actor.Subject && family.RevokedAt == null && family.ExpiresAt > now)
            .OrderByDescending(family => family.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Whether the tokens of a sign-in still hold.</summary>
    internal async Task<bool> IsLiveAsync(Guid familyId, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return await (from family in database.TokenFamilies
                      join person in database.People on family.Subject equals person.Subject
                      where family.Id == familyId && family.RevokedAt == null && family.ExpiresAt > now
                      select family.Id).AnyAsync(cancellationToken);
    }

    /// <summary>Who stands behind an access token, as their last sign-in said; null if it is none, over, revoked, or of nobody who is known.</summary>
    internal async Task<TokenBearer?> FindBearerAsync(string token, string? address, CancellationToken cancellationToken)
    {
        if (TokenSecret.HashOf(TokenSecret.Access, token) is not { } hash) return null;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        var found = await (
            from one in database.Tokens.AsNoTracking()
            join family in database.TokenFamilies.AsNoTracking() on one.FamilyId equals family.Id
            join person in database.People.AsNoTracking() on family.Subject equals person.Subject
            where one.Hash == hash && one.Kind == TokenKind.Access && one.ExpiresAt > now
            select new { Family = family, Person = person }).SingleOrDefaultAsync(cancellationToken);
        if (found is null || !found.Family.IsLive(now)) return null;
        DateTimeOffset noted = now - UseIsNotedEvery;
        if (found.Family.LastUsedAt is null || found.Family.LastUsedAt < noted)
        {
            await database.TokenFamilies.Where(family => family.Id == found.Family.Id && (family.LastUsedAt == null || family.LastUsedAt < noted))
                .ExecuteUpdateAsync(set => set.SetProperty(family => family.LastUsedAt, now).SetProperty(family => family.LastUsedFrom, address), cancellationToken);
        }
        return new TokenBearer(found.Person, found.Family);
    }
}
