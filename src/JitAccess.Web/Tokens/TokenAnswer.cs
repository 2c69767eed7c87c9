using System.Collections.Immutable;

namespace JitAccess.Web.Tokens;

/// <summary>Why no token is given: the errors of RFC 6749, section 5.2, and RFC 8628, section 3.5.</summary>
public enum TokenError
{
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    InvalidScope,
    UnsupportedGrantType,
    AuthorizationPending,
    SlowDown,
    ExpiredToken,
    AccessDenied,
}

/// <summary>Two new tokens.</summary>
/// <param name="AccessToken">For the next requests.</param>
/// <param name="RefreshToken">For the next two tokens; good for one use.</param>
/// <param name="ExpiresIn">How long the access token is good for.</param>
/// <param name="Scopes">What it lets its bearer do.</param>
public sealed record NewTokens(string AccessToken, string RefreshToken, TimeSpan ExpiresIn, ImmutableSortedSet<string> Scopes)
{
    // A record writes its members when it is logged; these are nobody's to read.
    public override string ToString() => nameof(NewTokens);
}

/// <summary>The answer to whoever asks for tokens: one of the two.</summary>
public sealed record TokenAnswer(NewTokens? Tokens, TokenError? Error)
{
    public static implicit operator TokenAnswer(NewTokens tokens) => new(tokens, null);

    public static implicit operator TokenAnswer(TokenError error) => new(null, error);
}
