using JitAccess.Domain;

namespace JitAccess.Web.Components.Shared;

/// <summary>Something that did not work, in words a person can act on.</summary>
/// <param name="Message">What happened, why, and what to do next.</param>
/// <param name="Kind">The kind of refusal; null for an error.</param>
/// <param name="RelatedRequestId">The request that stands in the way; null for none.</param>
public sealed record Failure(string Message, RefusalKind? Kind = null, Guid? RelatedRequestId = null)
{
    /// <summary>True if trying again later can help.</summary>
    public bool IsTransient => Kind is null or RefusalKind.Unavailable;
}
