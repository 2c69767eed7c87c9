namespace JitAccess.Domain.Grants;

/// <summary>Why a grant ended.</summary>
public enum GrantEnd
{
    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>The requester gave it back early.</summary>
    Returned,

    /// <summary>An approver or an admin took it away.</summary>
    Revoked,

    /// <summary>It was to open later, and by then a policy or the person's standing stood against it.</summary>
    Refused,
}
