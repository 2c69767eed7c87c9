namespace JitAccess.Web.Grants;

/// <summary>Grants: reading, returning, opening and ending by the clock.</summary>
public static class GrantsSetup
{
    public static void AddGrants(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GrantService>();
        builder.Services.AddSingleton<GrantQueries>();
        builder.Services.AddHostedService<GrantClock>();
        builder.Services.AddHostedService<GrantActivation>();
    }
}
