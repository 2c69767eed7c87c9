namespace JitAccess.Domain.Policies;

/// <summary>What the policies answer.</summary>
public enum DecisionOutcome
{
    /// <summary>Access opens at once.</summary>
    Automatic,

    /// <summary>People must approve.</summary>
    NeedsApproval,

    /// <summary>A rule or a policy refuses.</summary>
    Refused,

    /// <summary>No policy applies, so access cannot be requested.</summary>
    NotCovered,
}
