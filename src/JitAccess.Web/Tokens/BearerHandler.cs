using System.Text.Encodings.Web;
using JitAccess.Web.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace JitAccess.Web.Tokens;

/// <summary>Authenticates a request by the access token in its header (RFC 6750); a token in an address or a form is none.</summary>
internal sealed class BearerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenQueries tokens, ActorClaims claims)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = ActorClaims.Bearer;

    private const string Prefix = SchemeName + " ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        if (header?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) != true) return AuthenticateResult.NoResult();
        TokenBearer? bearer = await tokens.FindBearerAsync(header[Prefix.Length..].Trim(), Context.Connection.RemoteIpAddress?.ToString(), Context.RequestAborted);
        return bearer is null
            ? AuthenticateResult.Fail("The access token is not known, has expired or was revoked.")
            : AuthenticateResult.Success(new AuthenticationTicket(claims.PrincipalOf(bearer.Person, bearer.Family), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        bool hadToken = (await HandleAuthenticateOnceSafeAsync()).Failure is not null;
        Response.Headers[HeaderNames.WWWAuthenticate] = hadToken ? "Bearer error=\"invalid_token\"" : "Bearer";
        await WriteAsync(StatusCodes.Status401Unauthorized, hadToken
            ? "The access token is not known, has expired or was revoked. Get a new one with the refresh token, or sign in again."
            : "An access token is needed, in the header Authorization: Bearer …");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        string scope = Context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Name ?? "";
        Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
        return WriteAsync(StatusCodes.Status403Forbidden, $"The access token lacks the scope “{scope}”. Sign in again and ask for it.");
    }

    private Task WriteAsync(int status, string detail) => TypedResults.Problem(new ProblemDetails { Status = status, Detail = detail }).ExecuteAsync(Context);
}
