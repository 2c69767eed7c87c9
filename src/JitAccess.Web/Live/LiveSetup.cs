namespace JitAccess.Web.Live;

/// <summary>Telling open pages what was committed.</summary>
public static class LiveSetup
{
    public static void AddLive(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<LiveChanges>();
}
