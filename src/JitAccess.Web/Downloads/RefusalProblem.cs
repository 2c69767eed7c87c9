using System.Data.Common;
using System.Net.Sockets;
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
        RefusalKind.Changed => StatusCodes.Status412PreconditionFailed,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
    });

    /// <summary>Whether the database is away: somewhere inside what the libraries wrap around it.</summary>
    public static bool IsOutage(Exception? exception) => exception switch
    {
        null => false,
        DbException { IsTransient: true } or SocketException or TimeoutException => true,
        _ => IsOutage(exception.InnerException),
    };
}
