using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Net.Http.Headers;

namespace JitAccess.Web.Tokens;

/// <summary>Tokens: what programs act with for people.</summary>
public static class TokensSetup
{
    private const string PersonOrProgram = "PersonOrProgram";

    public static void AddTokens(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeviceLoginService>();
        builder.Services.AddSingleton<TokenService>();
        builder.Services.AddSingleton<TokenQueries>();
        builder.Services.AddHostedService<TokenClock>();
        builder.Services.AddSingleton<TokenWatch>();
        builder.Services.AddAuthentication(authentication => authentication.DefaultAuthenticateScheme = authentication.DefaultChallengeScheme = PersonOrProgram)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null)
            // A token counts where an endpoint names the scope that it needs, and nowhere else.
            .AddPolicyScheme(PersonOrProgram, null, either => either.ForwardDefaultSelector = http =>
                http.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>() is not null && http.Request.Headers.ContainsKey(HeaderNames.Authorization) ? BearerHandler.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
