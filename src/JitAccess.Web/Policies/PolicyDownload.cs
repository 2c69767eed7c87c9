using System.Globalization;
using System.Text;
using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies;
using JitAccess.Web.Identity;
using JitAccess.Web.Policies.Documents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Policies;

/// <summary>Hands out policy sets as documents.</summary>
internal static class PolicyDownload
{
    /// <summary>A version, the draft (<c>version=draft</c>), or without a version the one in force.</summary>
    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync(string? version, string? format, PolicyQueries queries, ActorClaims claims, HttpContext http)
    {
        if (!Enum.TryParse(format ?? nameof(DocumentFormat.Yaml), ignoreCase: true, out DocumentFormat kind) || !Enum.IsDefined(kind))
            return TypedResults.Problem("The format is yaml or json.", statusCode: StatusCodes.Status400BadRequest);
        bool isNumber = int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        if (!isNumber && version is not (null or "draft")) return TypedResults.Problem("The version is a number, or draft.", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            Actor actor = claims.ActorFrom(http.User);
            PolicySet policies = version == "draft"
                ? await queries.DraftAsync(actor, http.RequestAborted)
                : await queries.PublishedAsync(actor, isNumber ? number : null, http.RequestAborted);
            return TypedResults.File(Encoding.UTF8.GetBytes(PolicyDocument.Write(policies, kind)), kind == DocumentFormat.Yaml ? "application/yaml" : "application/json", PolicyDocument.FileName(version, kind));
        }
        catch (RefusedException refused)
        {
            return TypedResults.Problem(refused.Message, statusCode: refused.Kind switch
            {
                RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
                RefusalKind.NotFound => StatusCodes.Status404NotFound,
                RefusalKind.Invalid => StatusCodes.Status400BadRequest,
                RefusalKind.Conflict => StatusCodes.Status409Conflict,
                RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            });
        }
    }
}
