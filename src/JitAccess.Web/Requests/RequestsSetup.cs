namespace JitAccess.Web.Requests;

/// <summary>Requests: asking, answering, reading, timing out.</summary>
public static class RequestsSetup
{
    public static void AddRequests(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RequestService>();
        builder.Services.AddSingleton<RequestQueries>();
        builder.Services.AddSingleton<ApproverSuggestions>();
        builder.Services.AddHostedService<RequestClock>();
    }
}
