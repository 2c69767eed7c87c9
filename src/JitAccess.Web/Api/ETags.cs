using JitAccess.Domain;
using JitAccess.Web.Grants;
using Microsoft.Net.Http.Headers;

namespace JitAccess.Web.Api;

/// <summary>Versions of requests as entity tags (RFC 9110). The tag tells of the request's own state; what may be done with it now changes with the clock as well.</summary>
internal static class ETags
{
    /// <summary>Marks an endpoint that takes <c>If-Match</c>, for the document.</summary>
    internal sealed record TakesIfMatch;

    public static string Of(RequestVersion version) => $"\"{version}\"";

    /// <summary>The request as the caller has seen it, by <c>If-Match</c>; any version without the header, and with <c>*</c>.</summary>
    /// <exception cref="RefusedException">The header is none.</exception>
    public static SeenRequest Seen(HttpContext http, Guid id)
    {
        if (http.Request.Headers.IfMatch.Count == 0) return id;
        if (!EntityTagHeaderValue.TryParseStrictList([.. http.Request.Headers.IfMatch.OfType<string>()], out IList<EntityTagHeaderValue>? tags))
            throw new RefusedException(RefusalKind.Invalid, "If-Match holds no entity tag. Send the ETag of the request as you got it, with its quotes.");
        if (tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any))) return id;
        // A tag that is none of ours matches nothing.
        return new SeenRequest(id, [.. tags.Where(tag => !tag.IsWeak).Select(tag => RequestVersion.Parse(tag.Tag.ToString().Trim('"'))).OfType<RequestVersion>()]);
    }

    /// <summary>An endpoint that acts only on what the caller has seen, if they say so.</summary>
    public static RouteHandlerBuilder TakesIfMatchHeader(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new TakesIfMatch()).ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
