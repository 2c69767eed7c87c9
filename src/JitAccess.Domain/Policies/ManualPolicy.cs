using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>People approve, level by level.</summary>
public sealed record ManualPolicy : Policy
{
    /// <summary>The time for which a request may stay pending unless the policy says otherwise, as in AWS's samples.</summary>
    public static readonly TimeSpan DefaultPendingTimeout = TimeSpan.FromDays(7);

    /// <summary>The nodes that the policy is for.</summary>
    public required NodeTarget Target { get; init; }

    /// <summary>How long a grant lasts at most, in hours: 1 to 336.</summary>
    public required int MaximumHours { get; init; }

    /// <summary>How long a request may stay pending: 5 minutes to 30 days.</summary>
    public TimeSpan PendingTimeout { get; init; } = DefaultPendingTimeout;

    /// <summary>The levels, one after the other: one to five.</summary>
    public required ImmutableArray<ApprovalLevel> Levels { get; init; }

    /// <summary>What it asks of reason and ticket; null for nothing beyond a reason.</summary>
    public ReasonRule? ReasonRule { get; init; }

    /// <summary>What it says of sessions; null for the defaults, which become null when they are written out, so that what means the same is the same.</summary>
    public SessionRules? SessionRules { get; init => field = value == SessionRules.Default ? null : value; }

    /// <summary>Who may open access past the levels in an emergency; null for nobody.</summary>
    public BreakGlassRule? BreakGlass { get; init; }

    /// <summary>How many approvals all levels need together.</summary>
    public int RequiredApprovals => Levels.Sum(level => level.RequiredApprovals);

    /// <inheritdoc />
    public override PolicyKind Kind => PolicyKind.Manual;
}
