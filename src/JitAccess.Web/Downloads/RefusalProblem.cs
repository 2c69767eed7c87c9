using JitAccess.Domain;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Downloads;

/// <summary>A refusal as an answer of HTTP.</summary>
internal static class RefusalProblem
{
    public static ProblemHttpResult Of(RefusedException refusal) => TypedResults.Problem(refusal.Message, statusCode: refusal.Kind switch
    {
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
    });
}
