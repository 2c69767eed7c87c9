using JitAccess.Domain.People;
using JitAccess.Web.Identity;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Authorization;

namespace JitAccess.Web.Api;

/// <summary>Who calls the API; endpoints take it as a parameter.</summary>
internal sealed record Caller(Actor Actor)
{
    public static ValueTask<Caller?> BindAsync(HttpContext http) =>
        ValueTask.FromResult<Caller?>(new Caller(http.RequestServices.GetRequiredService<ActorClaims>().ActorFrom(http.User, http.Connection.RemoteIpAddress?.ToString())));
}

/// <summary>What endpoints of the API have in common.</summary>
internal static class ApiEndpoint
{
    /// <summary>A token, and nothing else: a cookie goes along with what other sites send, and so opens nothing here.</summary>
    public static AuthorizationPolicy ByToken { get; } = new AuthorizationPolicyBuilder(BearerHandler.SchemeName).RequireAuthenticatedUser().Build();

    /// <summary>Only with a token of this scope.</summary>
    public static RouteHandlerBuilder Requires(this RouteHandlerBuilder endpoint, string scope) => endpoint
        .RequireAuthorization(new AuthorizationPolicyBuilder(ByToken).RequireAssertion(context => ActorClaims.Allows(context.User, scope)).Build())
        .WithMetadata(new RequiredScope(scope))
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}
