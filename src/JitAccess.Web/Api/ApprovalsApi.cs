using JitAccess.Web.Requests;
using JitAccess.Web.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitAccess.Web.Api;

/// <summary>What waits for the caller's answer.</summary>
internal static class ApprovalsApi
{
    public static void MapApprovals(this IEndpointRouteBuilder api) =>
        api.MapGet("/approvals", ListAsync).WithTags("Requests").WithSummary("Requests for somebody who approves").Requires(TokenScopes.Read);

    private static async Task<Ok<Approvals>> ListAsync(string? view, int? limit, string? cursor, Caller caller, HttpContext http, RequestQueries requests, CancellationToken cancellationToken)
    {
        RequestPage page = await requests.ForApprovalAsync(caller.Actor, Paging.Named<ApprovalView>(nameof(view), view) ?? ApprovalView.WaitingForMe, Paging.Number(cursor), Paging.Limit(limit), cancellationToken);
        Page<ApprovalItem> items = Paging.Of<ApprovalItem>(http, [.. page.Rows.Select(row => new ApprovalItem(RequestItem.Of(row.Request), MayWire.Of(row.CanReview)))], page.Next?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return TypedResults.Ok(new Approvals(items.Items, items.Next, [.. page.BrokenGlass.Select(RequestItem.Of)]));
    }
}

/// <summary>A page of requests for somebody who approves.</summary>
/// <param name="Items">The requests.</param>
/// <param name="Next">Where the next page is, under this host; null on the last.</param>
/// <param name="BrokenGlass">With the first page of what waits: the requests by which glass was broken and which the caller can review.</param>
internal sealed record Approvals(IReadOnlyList<ApprovalItem> Items, string? Next, IReadOnlyList<RequestItem> BrokenGlass);

/// <summary>A request, and whether the caller can answer it.</summary>
/// <param name="Request">The request.</param>
/// <param name="CanReview">Whether the caller can answer it now.</param>
internal sealed record ApprovalItem(RequestItem Request, MayWire CanReview);
