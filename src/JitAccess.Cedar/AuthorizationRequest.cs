namespace JitAccess.Cedar;

/// <summary>The question put to the policies: may this principal do this to that resource?</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Action">What they want to do.</param>
/// <param name="Resource">What they want to do it to.</param>
/// <param name="Context">Further facts; a <see cref="CedarRecord"/> converts by itself.</param>
public sealed record AuthorizationRequest(EntityUid Principal, EntityUid Action, EntityUid Resource, Context Context)
{
    /// <summary>A request without further facts.</summary>
    public AuthorizationRequest(EntityUid principal, EntityUid action, EntityUid resource)
        : this(principal, action, resource, Context.Empty)
    {
    }
}
