using JitAccess.Domain;
using JitAccess.Web.Downloads;
using JitAccess.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Hands out a recording as asciicast over HTTP, to the player and as a file.</summary>
internal static class RecordingDownload
{
    public static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> CastAsync(Guid id, HttpContext http, ActorClaims claims, RecordingQueries recordings, CancellationToken cancellationToken)
    {
        try
        {
            Func<Stream, Task> write = await recordings.PlayAsync(claims.ActorFrom(http.User, http.Connection.RemoteIpAddress?.ToString()), id, cancellationToken);
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Stream(write, "application/x-asciicast", http.Request.Query.ContainsKey("download") ? $"session-{id}.cast" : null);
        }
        catch (RefusedException refusal)
        {
            return RefusalProblem.Of(refusal);
        }
    }
}
