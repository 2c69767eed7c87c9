namespace JitAccess.Domain.Policies.Impact;

/// <summary>What a change means for a person who wants a node, least serious first.</summary>
public enum ImpactMoveKind
{
    /// <summary>Nothing: the same outcome by the same policy on the same terms.</summary>
    None,

    /// <summary>As many steps, but by another policy, with other people to ask or another length of the grant; or still no access, for another reason.</summary>
    OtherTerms,

    /// <summary>Access where there was none, or with fewer approvals.</summary>
    MoreAccess,

    /// <summary>Access still, with more approvals.</summary>
    MoreSteps,

    /// <summary>No access any more.</summary>
    AccessLost,
}
