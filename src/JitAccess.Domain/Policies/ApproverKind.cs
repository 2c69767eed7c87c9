namespace JitAccess.Domain.Policies;

/// <summary>What an approver entry of a level names.</summary>
public enum ApproverKind
{
    /// <summary>One person, by subject.</summary>
    Person,

    /// <summary>Everybody in a group, by the identity provider's identifier.</summary>
    Group,

    /// <summary>Everybody who acts under an IAM role, by the role's name or ARN.</summary>
    Role,
}
