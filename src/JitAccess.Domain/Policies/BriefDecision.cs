using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>A decision without its explanation, for lists and for comparing many.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="By">The policy that decided; null if none did.</param>
public sealed record BriefDecision(DecisionOutcome Outcome, Policy? By)
{
    /// <summary>The first deny-access policy that keeps from automatic approval what would otherwise be automatic; null if none does.</summary>
    public DenyAccessPolicy? Blocking { get; init; }

    /// <summary>The longest grant in hours; 0 when access cannot be had.</summary>
    public int MaximumHours => (Outcome, By) switch
    {
        (DecisionOutcome.Automatic, AutoApprovalPolicy auto) => auto.MaximumHours,
        (DecisionOutcome.NeedsApproval, ManualPolicy manual) => manual.MaximumHours,
        _ => 0,
    };

    /// <summary>Who is asked, in this order; empty when nobody is asked.</summary>
    public ImmutableArray<ApprovalLevel> Levels => Outcome == DecisionOutcome.NeedsApproval && By is ManualPolicy manual ? manual.Levels : [];

    /// <summary>Whether access can be had at all.</summary>
    public bool CanBeRequested => Outcome is DecisionOutcome.Automatic or DecisionOutcome.NeedsApproval;

    /// <summary>The outcome in a few words, as lists show it: <c>automatic, 1 h</c>.</summary>
    public string InShort => InWords(Outcome, MaximumHours, Levels.Sum(level => level.RequiredApprovals));

    /// <summary>Whether the requester and those who are asked see no difference: the same outcome by the same policy, on the same terms.</summary>
    public bool IsSameAs(BriefDecision other) =>
        Outcome == other.Outcome && By?.Id == other.By?.Id && MaximumHours == other.MaximumHours && Levels.SequenceEqual(other.Levels);

    /// <summary>An outcome in a few words: <c>automatic, 1 h</c>.</summary>
    public static string InWords(DecisionOutcome outcome, int maximumHours, int requiredApprovals) => outcome switch
    {
        DecisionOutcome.Automatic => $"automatic, {maximumHours} h",
        DecisionOutcome.NeedsApproval when requiredApprovals == 1 => "needs 1 approval",
        DecisionOutcome.NeedsApproval => $"needs {requiredApprovals} approvals",
        DecisionOutcome.Refused => "refused",
        DecisionOutcome.NotCovered => "not covered by any policy",
    };
}
