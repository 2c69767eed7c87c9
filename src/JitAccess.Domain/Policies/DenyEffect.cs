namespace JitAccess.Domain.Policies;

/// <summary>What a matching deny-access policy does.</summary>
public enum DenyEffect
{
    /// <summary>The request is not approved automatically; people may still approve it. This is what AWS does.</summary>
    BlockAutoApproval,

    /// <summary>The request is refused.</summary>
    Refuse,
}
