using JitAccess.Web.Identity;

namespace JitAccess.Web.Tokens;

/// <summary>Metadata of an endpoint: the scope that a token needs for it.</summary>
internal sealed record RequiredScope(string Name);

/// <summary>Endpoints outside the API that programs may use.</summary>
internal static class TokenEndpoint
{
    /// <summary>Whoever is signed in, and programs with a token of this scope.</summary>
    public static RouteHandlerBuilder AlsoByToken(this RouteHandlerBuilder endpoint, string scope) => endpoint
        .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireAssertion(context => ActorClaims.Allows(context.User, scope)))
        .WithMetadata(new RequiredScope(scope));
}
