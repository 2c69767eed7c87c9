namespace JitAccess.Domain.Policies;

/// <summary>Cedar <c>permit</c> statements; a match approves at once. A statement that cannot be evaluated does not match.</summary>
public sealed record AutoApprovalPolicy : Policy
{
    /// <summary>One or more Cedar <c>permit</c> statements.</summary>
    public required string Cedar { get; init; }

    /// <summary>How long a grant lasts at most, in hours: 1 (as AWS has it) to 336.</summary>
    public int MaximumHours { get; init; } = 1;

    /// <summary>What it asks of reason and ticket; null for nothing beyond a reason.</summary>
    public ReasonRule? ReasonRule { get; init; }

    /// <summary>What it says of sessions; null for the defaults, which become null when they are written out, so that what means the same is the same.</summary>
    public SessionRules? SessionRules { get; init => field = value == SessionRules.Default ? null : value; }

    /// <inheritdoc />
    public override PolicyKind Kind => PolicyKind.AutoApproval;
}
