using JitAccess.Domain;
using JitAccess.Domain.People;
using JitAccess.Web.Downloads;
using JitAccess.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Audit.Export;

/// <summary>Hands out entries as files and the proof of one entry, over HTTP.</summary>
internal static class AuditDownload
{
    /// <summary>The entries that the filter of the address names; the names are those of the page's address.</summary>
    public static Delegate Of(ExportFormat format) =>
        (HttpContext http, ActorClaims claims, AuditExport export, CancellationToken cancellationToken) => FileAsync(http, claims, export, format, cancellationToken);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> FileAsync(
        HttpContext http, ActorClaims claims, AuditExport export, ExportFormat format, CancellationToken cancellationToken)
    {
        AuditFilter filter;
        IQueryCollection query = http.Request.Query;
        try
        {
            filter = AuditFilter.Parse(query["from"], query["until"], query["person"], query["action"], query["node"], query["subject"], query["why"], query["version"]);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return TypedResults.Problem("from and until are days like 2026-06-01, version is a number.", statusCode: StatusCodes.Status400BadRequest);
        }
        try
        {
            Actor actor = claims.ActorFrom(http.User, http.Connection.RemoteIpAddress?.ToString());
            DateTimeOffset before = await export.BeginAsync(actor, filter, format, cancellationToken);
            (string type, string extension) = format switch
            {
                ExportFormat.Csv => ("text/csv; charset=utf-8", "csv"),
                ExportFormat.JsonLines => ("application/jsonl; charset=utf-8", "jsonl"),
                ExportFormat.Ocsf => ("application/jsonl; charset=utf-8", "ocsf.jsonl"),
            };
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Stream(stream => export.WriteAsync(stream, filter, before, format, cancellationToken), type, $"audit-{before.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.{extension}");
        }
        catch (RefusedException refusal)
        {
            return RefusalProblem.Of(refusal);
        }
    }

    /// <summary>The proof of one entry.</summary>
    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ProofAsync(Guid id, HttpContext http, ActorClaims claims, AuditQueries audit, CancellationToken cancellationToken)
    {
        try
        {
            byte[] proof = ProofDocument.Write(await audit.ProveAsync(claims.ActorFrom(http.User), id, cancellationToken));
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.File(proof, "application/json", $"audit-proof-{id}.json");
        }
        catch (RefusedException refusal)
        {
            return RefusalProblem.Of(refusal);
        }
    }
}
