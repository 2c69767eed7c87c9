using JitAccess.Cedar;
using JitAccess.Web.Policies.Documents;

namespace JitAccess.Web.Policies;

/// <summary>The policy set: reading, changing, deciding.</summary>
public static class PoliciesSetup
{
    public static void AddPolicies(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => new CedarEngine());
        builder.Services.AddHostedService<CedarWarmUp>();
        builder.Services.AddSingleton<PolicyStore>();
        builder.Services.AddSingleton<PolicyService>();
        builder.Services.AddSingleton<PolicyQueries>();
        builder.Services.AddSingleton<CedarQueries>();
        builder.Services.AddSingleton<ImpactQueries>();
        builder.Services.AddSingleton<ImpactService>();
        builder.Services.AddSingleton<SimulatorQueries>();
    }

    public static void MapPolicies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/policies/export", DocumentDownload.FileAsync).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/policies/impact/{id:guid}/moves.csv", ImpactDownload.Csv).RequireAuthorization().ExcludeFromDescription();
    }

    /// <summary>Compiles the engine beside the start of the application, so that the first decision need not wait for it.</summary>
    private sealed class CedarWarmUp(CedarEngine engine) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(engine.WarmUp, stoppingToken);
    }
}
