using System.Text.Json;
using JitAccess.Domain.Grants;
using JitAccess.Domain.Policies;
using JitAccess.Domain.Requests;

namespace JitAccess.Web.Requests;

/// <summary>A request as the audit keeps it before and after a change.</summary>
internal static class RequestState
{
    public static string Of(AccessRequest request) => JsonSerializer.Serialize(new
    {
        Status = request.Status.ToString(),
        request.OpenLevel,
        request.ReviewCount,
        Minutes = request.Duration.TotalMinutes,
        GrantStartsAt = request.Grant?.StartsAt,
        GrantEndsAt = (request.Grant ?? request.ExtendedGrant)?.EndsAt,
        GrantSessionRules = RulesOf(request.Grant ?? request.ExtendedGrant),
    }, JsonSerializerOptions.Web);

    /// <summary>A grant that is about to be extended.</summary>
    public static string Of(Grant grant) => JsonSerializer.Serialize(new { GrantEndsAt = grant.EndsAt, GrantSessionRules = RulesOf(grant) }, JsonSerializerOptions.Web);

    // The defaults say nothing.
    private static SessionRules? RulesOf(Grant? grant) => grant?.SessionRules is { } rules && rules != SessionRules.Default ? rules : null;
}
