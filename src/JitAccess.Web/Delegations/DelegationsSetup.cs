namespace JitAccess.Web.Delegations;

/// <summary>Answering in somebody's place.</summary>
public static class DelegationsSetup
{
    public static void AddDelegations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DelegationService>();
        builder.Services.AddSingleton<DelegationQueries>();
    }
}
