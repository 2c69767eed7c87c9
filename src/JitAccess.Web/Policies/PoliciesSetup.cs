using System.Globalization;
using System.Text;
using JitAccess.Cedar;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Web.Identity;
using JitAccess.Web.Policies.Documents;
using Microsoft.AspNetCore.Http.HttpResults;
using PolicySet = JitAccess.Domain.Policies.PolicySet;

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
    }

    public static void MapPolicies(this IEndpointRouteBuilder routes) => routes.MapGet("/policies/export", ExportAsync);

    /// <summary>A version, the draft, or the version in force as a file.</summary>
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync(HttpContext http, ActorClaims claims, PolicyQueries queries, string? version, string? format, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse(format ?? nameof(DocumentFormat.Yaml), ignoreCase: true, out DocumentFormat kind) || !Enum.IsDefined(kind)) return TypedResults.Problem("The format is yaml or json.", statusCode: StatusCodes.Status400BadRequest);
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && version is not (null or "draft")) return TypedResults.Problem("The version is a number, or draft.", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            Actor actor = claims.ActorFrom(http.User);
            PolicySet policies = version == "draft" ? await queries.DraftAsync(actor, cancellationToken) : await queries.PublishedAsync(actor, version is null ? null : number, cancellationToken);
            string fileName = PolicyDocument.FileName(version, kind);
            return TypedResults.File(Encoding.UTF8.GetBytes(PolicyDocument.Write(policies, kind)), kind == DocumentFormat.Yaml ? "application/yaml" : "application/json", fileName);
        }
        catch (RefusedException refusal)
        {
            return TypedResults.Problem(refusal.Message, statusCode: refusal.Kind switch
            {
                RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
                RefusalKind.NotFound => StatusCodes.Status404NotFound,
                RefusalKind.Invalid => StatusCodes.Status400BadRequest,
                RefusalKind.Conflict => StatusCodes.Status409Conflict,
                RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            });
        }
    }

    /// <summary>Compiles the engine beside the start of the application, so that the first decision need not wait for it.</summary>
    private sealed class CedarWarmUp(CedarEngine engine) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(engine.WarmUp, stoppingToken);
    }
}
