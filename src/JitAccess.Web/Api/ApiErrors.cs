using System.Security.Cryptography;
using System.Text.Json;
using JitAccess.Domain;
using JitAccess.Web.Downloads;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace JitAccess.Web.Api;

/// <summary>Turns what is thrown under <c>/api</c> into problem details (RFC 9457). A refusal speaks for itself; anything else is logged under an id, and only the id is told.</summary>
internal sealed class ApiErrors(ILogger<ApiErrors> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        await ProblemOf(exception).ExecuteAsync(httpContext);
        return true;
    }

    private IResult ProblemOf(Exception exception)
    {
        if (exception is RefusedException refusal) return Of(refusal);
        if (exception is BadHttpRequestException bad) return TypedResults.Problem(new ProblemDetails { Status = bad.StatusCode, Detail = DetailOf(bad) });
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        if (RefusalProblem.IsOutage(exception))
        {
            log.LogWarning(exception, "The API could not reach the database ({ErrorId})", id);
            return TypedResults.Problem(new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Detail = "JitAccess cannot reach its database now. Try again in a moment." });
        }
        log.LogError(exception, "Error {ErrorId} in the API", id);
        return TypedResults.Problem(new ProblemDetails { Status = StatusCodes.Status500InternalServerError, Detail = $"Something went wrong in JitAccess. If it stays, tell an admin the error id {id}." });
    }

    /// <summary>A refusal, with the request that stands in the way.</summary>
    public static IResult Of(RefusedException refusal)
    {
        ProblemDetails problem = RefusalProblem.Of(refusal).ProblemDetails;
        if (refusal.RelatedRequestId is { } related) problem.Extensions["relatedRequestId"] = related;
        return TypedResults.Problem(problem);
    }

    // What was read of the body is said by place, never by value.
    private static string DetailOf(BadHttpRequestException bad) => bad.InnerException switch
    {
        JsonException { Path: { } path } json when path != "$" => $"The body is wrong at {path}{(json.LineNumber is { } line ? $", line {line + 1}" : "")}. See /api/docs for what is expected.",
        JsonException json => $"The body is not what is expected. {json.Message}",
        _ => bad.Message,
    };
}
