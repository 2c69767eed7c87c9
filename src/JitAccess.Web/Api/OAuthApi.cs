using System.Text.Json;
using System.Text.Json.Serialization;
using JitAccess.Web.Notifications;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Api;

/// <summary>How a program gets, exchanges and gives up its tokens: RFC 8628, RFC 6749 and RFC 7009.</summary>
internal static class OAuthApi
{
    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
    private const int LongestName = 64;

    public static void MapOAuth(this IEndpointRouteBuilder api)
    {
        // Public clients: there is nothing to prove but the code or the token itself. No cookie counts here, so no form of another site does either.
        RouteGroupBuilder oauth = api.MapGroup("/oauth").WithTags("Sign-in").AllowAnonymous().DisableAntiforgery().RequireRateLimiting(ApiSetup.SignInLimit).ProducesProblem(StatusCodes.Status429TooManyRequests);
        oauth.MapPost("/device_authorization", StartAsync).WithSummary("Begins the sign-in of a device");
        oauth.MapPost("/token", TokenAsync).WithSummary("Gives tokens for a device code or a refresh token");
        oauth.MapPost("/revoke", RevokeAsync).WithSummary("Ends all tokens of a sign-in");
    }

    private static async Task<Results<Ok<DeviceAuthorization>, BadRequest<OAuthProblem>>> StartAsync(
        [FromForm(Name = "client_id")] string? clientId, [FromForm] string? scope, [FromForm(Name = "device_name")] string? deviceName, HttpContext http, DeviceLoginService logins, IOptions<NotificationOptions> links, CancellationToken cancellationToken)
    {
        if (!IsName(clientId)) return Problem(http, TokenError.InvalidClient);
        if (!string.IsNullOrEmpty(deviceName) && !IsName(deviceName)) return Problem(http, TokenError.InvalidRequest);
        if (TokenScopes.Parse(scope) is not { } scopes) return Problem(http, TokenError.InvalidScope);
        StartedDeviceLogin started = await logins.StartAsync(clientId!, deviceName ?? "", scopes, http.Connection.RemoteIpAddress?.ToString(), cancellationToken);
        // A proxy may speak to us otherwise than people to it: what is configured as their address comes first.
        string page = links.Value.BaseAddress is null ? $"{http.Request.Scheme}://{http.Request.Host}/device" : links.Value.LinkTo("device").AbsoluteUri;
        NeverStored(http);
        return TypedResults.Ok(new DeviceAuthorization(started.DeviceCode, started.UserCode, page, $"{page}?user_code={started.UserCode}", (int)DeviceLogin.Lifetime.TotalSeconds, DeviceLogin.FirstIntervalSeconds));
    }

    private static async Task<Results<Ok<TokenPair>, BadRequest<OAuthProblem>>> TokenAsync(
        [FromForm(Name = "grant_type")] string? grantType, [FromForm(Name = "client_id")] string? clientId, [FromForm(Name = "device_code")] string? deviceCode,
        [FromForm(Name = "refresh_token")] string? refreshToken, HttpContext http, TokenService tokens, CancellationToken cancellationToken)
    {
        if (!IsName(clientId)) return Problem(http, TokenError.InvalidClient);
        TokenAnswer answer = grantType switch
        {
            DeviceGrant => await tokens.RedeemAsync(deviceCode, clientId!, http.Connection.RemoteIpAddress?.ToString(), cancellationToken),
            "refresh_token" => await tokens.RefreshAsync(refreshToken, clientId!, cancellationToken),
            null or "" => TokenError.InvalidRequest,
            _ => TokenError.UnsupportedGrantType,
        };
        if (answer.Tokens is not { } given) return Problem(http, answer.Error!.Value);
        NeverStored(http);
        return TypedResults.Ok(new TokenPair(given.AccessToken, "Bearer", (int)given.ExpiresIn.TotalSeconds, given.RefreshToken, string.Join(' ', given.Scopes)));
    }

    private static async Task<Results<Ok, BadRequest<OAuthProblem>>> RevokeAsync([FromForm] string? token, HttpContext http, TokenService tokens, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token)) return Problem(http, TokenError.InvalidRequest);
        await tokens.RevokeAsync(token, http.Connection.RemoteIpAddress?.ToString(), cancellationToken);
        return TypedResults.Ok();
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= LongestName } && name.All(letter => letter is >= ' ' and <= '~');

    private static void NeverStored(HttpContext http) => http.Response.Headers.CacheControl = "no-store";

    private static BadRequest<OAuthProblem> Problem(HttpContext http, TokenError error)
    {
        NeverStored(http);
        return TypedResults.BadRequest(new OAuthProblem(JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ToString()), error switch
        {
            TokenError.InvalidRequest => "A parameter is missing or is not valid.",
            TokenError.InvalidClient => $"client_id is missing, or is not 1 to {LongestName} printable characters of ASCII.",
            TokenError.InvalidGrant => "The code or token is not known, was used, has expired or was revoked. Sign in again.",
            TokenError.InvalidScope => $"Scopes are {string.Join(", ", TokenScopes.All)}.",
            TokenError.UnsupportedGrantType => $"grant_type is {DeviceGrant} or refresh_token.",
            TokenError.AuthorizationPending => "Nobody has confirmed it yet.",
            TokenError.SlowDown => "Ask less often: wait 5 seconds longer between two times from now on.",
            TokenError.ExpiredToken => "Nobody confirmed it in time. Begin anew.",
            TokenError.AccessDenied => "It was refused.",
        }));
    }
}

/// <summary>A sign-in that a person has yet to confirm (RFC 8628, section 3.2).</summary>
/// <param name="DeviceCode">What the device asks for its tokens with. Secret.</param>
/// <param name="UserCode">What the person types at <paramref name="VerificationUri"/>.</param>
/// <param name="VerificationUri">The page where the person confirms.</param>
/// <param name="VerificationUriComplete">The same with the code filled in.</param>
/// <param name="ExpiresIn">Seconds until the codes are over.</param>
/// <param name="Interval">Seconds between two times of asking.</param>
internal sealed record DeviceAuthorization(
    [property: JsonPropertyName("device_code")] string DeviceCode,
    [property: JsonPropertyName("user_code")] string UserCode,
    [property: JsonPropertyName("verification_uri")] string VerificationUri,
    [property: JsonPropertyName("verification_uri_complete")] string VerificationUriComplete,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("interval")] int Interval);

/// <summary>Tokens (RFC 6749, section 5.1).</summary>
/// <param name="AccessToken">Goes in the header <c>Authorization: Bearer …</c> of each request.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until the access token is over.</param>
/// <param name="RefreshToken">Gets the next two tokens, once. Used a second time, it ends all tokens of the sign-in.</param>
/// <param name="Scope">What the tokens may be used for, with spaces between.</param>
internal sealed record TokenPair(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string RefreshToken,
    [property: JsonPropertyName("scope")] string Scope);

/// <summary>Why there are no tokens (RFC 6749, section 5.2).</summary>
/// <param name="Error">The code of the error.</param>
/// <param name="ErrorDescription">The error in words.</param>
internal sealed record OAuthProblem([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string ErrorDescription);
