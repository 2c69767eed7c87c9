using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;
using JitAccess.Web.Components.Shared;
using JitAccess.Web.Requests;
using Microsoft.AspNetCore.Components;

namespace JitAccess.Web.Components.Requests;

/// <summary>The life of a request in order.</summary>
public sealed partial class RequestTimeline
{
    [Parameter, EditorRequired] public AccessRequest Request { get; set; } = null!;

    /// <summary>What is known of those who have answered at the open level.</summary>
    [Parameter, EditorRequired] public ApproverDirectory Known { get; set; } = ApproverDirectory.Unknown;

    /// <summary>The requests for more time on the grant.</summary>
    [Parameter] public IReadOnlyList<Extension> Extensions { get; set; } = [];

    /// <summary>The request whose grant this one extends; null if it opens a grant of its own.</summary>
    [Parameter] public ExtendedRequest? Extended { get; set; }

    private string Decided => Request.Levels.IsEmpty
        ? "Approved automatically"
        : $"Needs {Words.Count(Request.Decision.RequiredApprovals, "approval")}";

    private string LevelName(int level) => Request.Levels.Length == 1 ? "Request" : $"Level {level} of {Request.Levels.Length}";

    // A level opens when the one before it is complete: at its last approval, the first one at submit.
    private DateTimeOffset OpenSince => Request.Reviews.Where(review => review.Level == Request.OpenLevel - 1).Select(review => review.At).Append(Request.SubmittedAt).Max();

    private string Progress(int level)
    {
        int missing = Request.Levels[level - 1].RequiredApprovals - Request.ApprovalsAt(level, Known);
        return level > Request.OpenLevel ? $"Asked after level {level - 1}." : $"{Words.Count(missing, "approval")} missing.";
    }

    private static bool IsAgainst(Grant grant) => grant.End is GrantEnd.Revoked or GrantEnd.Refused;

    private static string Ended(Grant grant) => grant.End switch
    {
        // Grants returned before the name was kept have none.
        GrantEnd.Returned => grant.EndedByName is { } by ? $"returned by {by}" : "returned",
        GrantEnd.Revoked => $"revoked by {grant.EndedByName}",
        GrantEnd.Refused => "it did not open",
        GrantEnd.Expired => "its time was over",
        null => "",
    };
}
