using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Domain.People;
using JitAccess.Web.Data;
using JitAccess.Web.Identity;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Tokens;

/// <summary>Gives tokens out, exchanges and revokes them. Programs get error codes, not exceptions: what they ask and when is theirs to repeat.</summary>
public sealed class TokenService(IDbContextFactory<JitAccessDbContext> contexts, ActorClaims claims, TimeProvider time)
{
    private const int MaximumTries = 5;

    /// <summary>Fetches the tokens of a device login, if its person has confirmed it.</summary>
    public Task<TokenAnswer> RedeemAsync(string? deviceCode, string clientId, string? address, CancellationToken cancellationToken) => AgainOnCollisionAsync<TokenAnswer>(async () =>
    {
        if (TokenSecret.HashOf(TokenSecret.Device, deviceCode) is not { } hash) return TokenError.InvalidGrant;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        DeviceLogin? login = await database.DeviceLogins.SingleOrDefaultAsync(entity => entity.CodeHash == hash, cancellationToken);
        if (login is null || login.ClientId != clientId || login.State == DeviceLoginState.Redeemed) return TokenError.InvalidGrant;
        if (login.State == DeviceLoginState.Refused) return TokenError.AccessDenied;
        if (now >= login.ExpiresAt) return TokenError.ExpiredToken;
        bool isInTime = login.Poll(now);
        if (!isInTime || login.State == DeviceLoginState.Pending)
        {
            await database.SaveChangesAsync(cancellationToken);
            return isInTime ? TokenError.AuthorizationPending : TokenError.SlowDown;
        }
        KnownPerson? person = await database.People.AsNoTracking().SingleOrDefaultAsync(entity => entity.Subject == login.Subject, cancellationToken);
        if (person is null) return TokenError.AccessDenied;
        login.Redeem();
        TokenFamily family = new()
        {
            Id = Guid.CreateVersion7(now),
            Subject = person.Subject,
            ClientId = login.ClientId,
            DeviceName = login.DeviceName,
            Role = login.Role!,
            Scopes = login.Scopes,
            IssuedAt = now,
            ExpiresAt = now + TokenFamily.Lifetime,
        };
        database.TokenFamilies.Add(family);
        NewTokens tokens = Issue(database, family, now);
        database.Record(new AuditEntry(claims.ActorFrom(claims.PrincipalOf(person, family), address), AuditAction.TokenIssued, family.Id.ToString(),
            $"{family.Client} may act for {person.DisplayName} under {family.Role} until {family.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {string.Join(", ", family.Scopes)}.", now));
        await database.SaveChangesAsync(cancellationToken);
        return tokens;
    });

    /// <summary>Exchanges a refresh token for two new tokens. One that was exchanged before has been copied by somebody: then all tokens of the family end.</summary>
    public Task<TokenAnswer> RefreshAsync(string? refreshToken, string clientId, CancellationToken cancellationToken) => AgainOnCollisionAsync<TokenAnswer>(async () =>
    {
        if (TokenSecret.HashOf(TokenSecret.Refresh, refreshToken) is not { } hash) return TokenError.InvalidGrant;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        IssuedToken? token = await database.Tokens.SingleOrDefaultAsync(entity => entity.Hash == hash && entity.Kind == TokenKind.Refresh, cancellationToken);
        if (token is null) return TokenError.InvalidGrant;
        TokenFamily family = await database.TokenFamilies.SingleAsync(entity => entity.Id == token.FamilyId, cancellationToken);
        if (token.UsedAt is not null)
        {
            string why = $"A refresh token of {family.Client} was used a second time. Somebody else may have a copy, so all its tokens have ended.";
            if (family.Revoke(why, now)) database.Record(new AuditEntry(null, AuditAction.TokenReused, family.Id.ToString(), why, now));
            await database.SaveChangesAsync(cancellationToken);
            return TokenError.InvalidGrant;
        }
        if (family.ClientId != clientId || !family.IsLive(now) || !await database.People.AnyAsync(person => person.Subject == family.Subject, cancellationToken)) return TokenError.InvalidGrant;
        token.UsedAt = now;
        NewTokens tokens = Issue(database, family, now);
        await database.SaveChangesAsync(cancellationToken);
        return tokens;
    });

    /// <summary>Ends all tokens of the family of a token, access or refresh (RFC 7009). What is no token here is as good as ended.</summary>
    public async Task RevokeAsync(string? token, string? address, CancellationToken cancellationToken)
    {
        if ((TokenSecret.HashOf(TokenSecret.Access, token) ?? TokenSecret.HashOf(TokenSecret.Refresh, token)) is not { } hash) return;
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from one in database.Tokens.AsNoTracking()
            join family in database.TokenFamilies.AsNoTracking() on one.FamilyId equals family.Id
            join person in database.People.AsNoTracking() on family.Subject equals person.Subject
            where one.Hash == hash
            select new { Family = family, Person = person }).SingleOrDefaultAsync(cancellationToken);
        if (found is null) return;
        Actor actor = claims.ActorFrom(claims.PrincipalOf(found.Person, found.Family), address);
        await RevokeAsync(actor, found.Family.Id, "Signed out by the program itself.", cancellationToken);
    }

    /// <summary>Ends all tokens of one of the actor's own families at once.</summary>
    /// <exception cref="RefusedException">There is none such, or it is somebody else's: both look the same.</exception>
    public Task RevokeAsync(Actor actor, Guid familyId, CancellationToken cancellationToken) => RevokeAsync(actor, familyId, $"Revoked by {actor.Person.DisplayName}.", cancellationToken);

    private Task<bool> RevokeAsync(Actor actor, Guid familyId, string why, CancellationToken cancellationToken) => AgainOnCollisionAsync(async () =>
    {
        await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        TokenFamily family = await database.TokenFamilies.SingleOrDefaultAsync(entity => entity.Id == familyId && entity.Subject == actor.Subject, cancellationToken)
            ?? throw RefusedException.NotFound("token");
        if (!family.Revoke(why, now)) return false;
        database.Record(new AuditEntry(actor, AuditAction.TokenRevoked, family.Id.ToString(), $"{family.Client} acts no longer for {actor.Person.DisplayName}. {why}", now));
        await database.SaveChangesAsync(cancellationToken);
        return true;
    });

    private static NewTokens Issue(JitAccessDbContext database, TokenFamily family, DateTimeOffset now)
    {
        DateTimeOffset end = now + IssuedToken.AccessLifetime < family.ExpiresAt ? now + IssuedToken.AccessLifetime : family.ExpiresAt;
        NewTokens tokens = new(TokenSecret.New(TokenSecret.Access), TokenSecret.New(TokenSecret.Refresh), end - now, family.Scopes);
        database.Tokens.AddRange(
            new IssuedToken { Hash = TokenSecret.HashOf(TokenSecret.Access, tokens.AccessToken)!.Value, FamilyId = family.Id, Kind = TokenKind.Access, IssuedAt = now, ExpiresAt = end },
            new IssuedToken { Hash = TokenSecret.HashOf(TokenSecret.Refresh, tokens.RefreshToken)!.Value, FamilyId = family.Id, Kind = TokenKind.Refresh, IssuedAt = now, ExpiresAt = family.ExpiresAt });
        return tokens;
    }

    // Two with the same secret at the same instant: one was first, and the other is judged on what is there then.
    private static async Task<T> AgainOnCollisionAsync<T>(Func<Task<T>> act)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await act();
            }
            catch (Exception exception) when (exception.IsCollision() && tries < MaximumTries)
            {
            }
        }
    }
}
