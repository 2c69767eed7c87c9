using System.Globalization;
using System.Text;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Downloads;
using JitAccess.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Policies.Documents;

/// <summary>Hands out a policy set as a file.</summary>
internal static class DocumentDownload
{
    /// <summary>A version by its number, the draft, or for no version the one in force.</summary>
    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> FileAsync(HttpContext http, ActorClaims claims, PolicyQueries queries, string? version, string? format, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse(format ?? nameof(DocumentFormat.Yaml), ignoreCase: true, out DocumentFormat kind) || !Enum.IsDefined(kind)) return TypedResults.Problem("The format is yaml or json.", statusCode: StatusCodes.Status400BadRequest);
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && version is not (null or "draft")) return TypedResults.Problem("The version is a number, or draft.", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            Actor actor = claims.ActorFrom(http.User);
            PolicySet policies = version == "draft" ? await queries.DraftAsync(actor, cancellationToken) : await queries.PublishedAsync(actor, version is null ? null : number, cancellationToken);
            return TypedResults.File(Encoding.UTF8.GetBytes(PolicyDocument.Write(policies, kind)), kind == DocumentFormat.Yaml ? "application/yaml" : "application/json", PolicyDocument.FileName(version, kind));
        }
        catch (RefusedException refusal)
        {
            return RefusalProblem.Of(refusal);
        }
    }
}
