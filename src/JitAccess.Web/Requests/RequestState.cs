using System.Text.Json;
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
        GrantEndsAt = request.Grant?.EndsAt,
    }, JsonSerializerOptions.Web);
}
