using System.Globalization;
using System.Text;
using JitAccess.Domain;
using JitAccess.Domain.Nodes;
using JitAccess.Domain.People;
using JitAccess.Domain.Policies.Impact;
using JitAccess.Web.Downloads;
using JitAccess.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Policies;

/// <summary>Hands out every pair that a change moves, as CSV.</summary>
internal static class ImpactDownload
{
    private static readonly string[] Head = ["change", "because_of", "person", "person_name", "node", "node_name", "account", "region", "before", "before_policy", "after", "after_policy", "times"];

    /// <summary>The file of one analysis, written as it is sent: it may have millions of lines.</summary>
    public static Results<PushStreamHttpResult, ProblemHttpResult> Csv(Guid id, ImpactService impact, ActorClaims claims, HttpContext http)
    {
        ImpactRun? run;
        try
        {
            run = impact.Find(claims.ActorFrom(http.User), id);
        }
        catch (RefusedException refused)
        {
            return TypedResults.Problem(refused.Message, statusCode: StatusCodes.Status403Forbidden);
        }
        if (run?.Report is not { } report) return TypedResults.Problem("This analysis is not kept any more. Open the draft and run it again.", statusCode: StatusCodes.Status404NotFound);
        CancellationToken cancellation = http.RequestAborted;
        return TypedResults.Stream(stream => WriteAsync(report, run, stream, cancellation), "text/csv; charset=utf-8",
            string.Create(CultureInfo.InvariantCulture, $"impact-on-version-{run.Before.Number}.csv"));
    }

    private static async Task WriteAsync(ImpactReport report, ImpactRun run, Stream stream, CancellationToken cancellation)
    {
        await using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true);
        await writer.WriteLineAsync(CsvText.Line(Head).AsMemory(), cancellation);
        foreach (ImpactMove move in report.Moves)
        {
            string times = move.Times.IsEmpty ? "" : ImpactTimes.InWords(move.Times, TimeZoneInfo.Utc, run.StartedAt);
            foreach ((Actor person, Node node) in move.EveryPair)
            {
                string line = CsvText.Line(new[]
                {
                    Word(move.Kind), move.Cause?.Name ?? "", person.Subject, person.Person.DisplayName, node.Id.Value, node.Name, node.Account.Value, node.Region,
                    move.Before.InShort, move.Before.By?.Name ?? "", move.After.InShort, move.After.By?.Name ?? "", times,
                });
                await writer.WriteLineAsync(line.AsMemory(), cancellation);
            }
        }
    }

    private static string Word(ImpactMoveKind kind) => kind switch
    {
        ImpactMoveKind.None => "unchanged",
        ImpactMoveKind.OtherTerms => "other terms",
        ImpactMoveKind.MoreAccess => "more access",
        ImpactMoveKind.MoreSteps => "more steps",
        ImpactMoveKind.AccessLost => "access lost",
    };
}
