using Microsoft.AspNetCore.Authentication;

namespace JitAccess.Web.Tokens;

/// <summary>Tokens: what programs act with for people.</summary>
public static class TokensSetup
{
    public static void AddTokens(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeviceLoginService>();
        builder.Services.AddSingleton<TokenService>();
        builder.Services.AddSingleton<TokenQueries>();
        builder.Services.AddHostedService<TokenClock>();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null);
    }
}
