using System.Collections.Immutable;
using JitAccess.Domain.Audit;

namespace JitAccess.Web.Tokens;

/// <summary>All tokens that came from one sign-in of one program: revoked together, over together.</summary>
public sealed class TokenFamily
{
    /// <summary>How long a program may go on before its person has to sign in to it anew. Refreshing does not move it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>The family's id (UUID version 7).</summary>
    public required Guid Id { get; init; }

    /// <summary>The subject of the person for whom the tokens act.</summary>
    public required string Subject { get; init; }

    public required string ClientId { get; init; }

    public required string DeviceName { get; init; }

    /// <summary>The ARN of the role that the person chose when they confirmed.</summary>
    public required string Role { get; init; }

    public required ImmutableSortedSet<string> Scopes { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When one of its tokens was last used, to the minute; null if never.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>The network address of that use; null if not known.</summary>
    public string? LastUsedFrom { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Why, in words; empty while it is not revoked.</summary>
    public string RevokeReason { get; private set; } = "";

    public string Client => DeviceLogin.NameOf(ClientId, DeviceName);

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    /// <summary>Ends all of its tokens at once. One that has ended keeps its first reason.</summary>
    /// <returns>False if there was nothing left to end.</returns>
    public bool Revoke(string reason, DateTimeOffset now)
    {
        if (!IsLive(now)) return false;
        (RevokedAt, RevokeReason) = (now, reason);
        return true;
    }
}

/// <summary>What a token is for.</summary>
public enum TokenKind
{
    /// <summary>Goes with each request.</summary>
    Access,

    /// <summary>Gets the next two tokens, once.</summary>
    Refresh,
}

/// <summary>A token that was given out, without the token.</summary>
public sealed class IssuedToken
{
    /// <summary>How long an access token is good for.</summary>
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromMinutes(15);

    /// <summary>The SHA-256 of the token.</summary>
    public required Digest Hash { get; init; }

    public required Guid FamilyId { get; init; }

    public required TokenKind Kind { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When a refresh token was exchanged; null while it was not. Kept, so that a copy of it is found out.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}
