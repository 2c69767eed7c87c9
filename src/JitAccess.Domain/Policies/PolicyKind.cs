namespace JitAccess.Domain.Policies;

/// <summary>The kinds of policy, in order of evaluation.</summary>
public enum PolicyKind
{
    /// <summary>A match keeps a request from automatic approval, or refuses it.</summary>
    DenyAccess,

    /// <summary>A match approves at once.</summary>
    AutoApproval,

    /// <summary>People approve, level by level.</summary>
    Manual,
}
