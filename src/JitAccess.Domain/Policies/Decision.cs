using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>What the policy set answered to one question, with every policy's own answer as the explanation.</summary>
public sealed record Decision
{
    /// <summary>The outcome.</summary>
    public required DecisionOutcome Outcome { get; init; }

    /// <summary>The outcome in one sentence that names the rule or the policy.</summary>
    public required string Sentence { get; init; }

    /// <summary>The version of the policy set that decided.</summary>
    public required int PolicySetVersion { get; init; }

    /// <summary>The policy that decided; null if none did.</summary>
    public Guid? DecidedBy { get; init; }

    /// <summary>The name of the policy that decided; null if none did.</summary>
    public string? DecidedByName { get; init; }

    /// <summary>The longest grant in hours; 0 when access cannot be had.</summary>
    public int MaximumHours { get; init; }

    /// <summary>How long the request may stay pending; null when nobody is asked.</summary>
    public TimeSpan? PendingTimeout { get; init; }

    /// <summary>Who is asked, in this order; empty when nobody is asked.</summary>
    public ImmutableArray<ApprovalLevel> Levels { get; init; } = [];

    /// <summary>What the policy that decided asks of reason and ticket; null for nothing beyond a reason, or where access cannot be had.</summary>
    public ReasonRule? ReasonRule { get; init; }

    /// <summary>What the policy that decided says of sessions; the defaults where it says nothing, or access cannot be had.</summary>
    public SessionRules SessionRules { get; init; } = SessionRules.Default;

    /// <summary>Who may open access past the levels in an emergency; null for nobody, and where nobody is asked.</summary>
    public BreakGlassRule? BreakGlass { get; init; }

    /// <summary>Every policy's own answer, in order of evaluation.</summary>
    public ImmutableArray<PolicyAnswer> Answers { get; init; } = [];

    /// <summary>What the requester or an admin should know although it changes nothing.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Whether a request would be stored.</summary>
    public bool CanBeRequested => Outcome is DecisionOutcome.Automatic or DecisionOutcome.NeedsApproval;

    /// <summary>Whether reason and ticket are what the policy that decided asks for.</summary>
    public Ruling CanBeFor(string reason, string? ticket)
    {
        if (ReasonRule is null) return Ruling.Allowed;
        Ruling said = ReasonRule.CanBeReason(DecidedByName!, reason);
        return said.IsAllowed ? ReasonRule.CanBeTicket(DecidedByName!, ticket) : said;
    }

    /// <summary>How many approvals are needed in all.</summary>
    public int RequiredApprovals => Levels.Sum(level => level.RequiredApprovals);

    /// <summary>The outcome in a few words, as lists show it: <c>automatic, 1 h</c>.</summary>
    public string InShort => BriefDecision.InWords(Outcome, MaximumHours, RequiredApprovals);

    /// <summary>
    /// The policies that would have to answer differently for a better outcome, each of which says what that would need: those that refuse,
    /// or where nothing applies or people are asked, those that would approve at once, what stands against them, and where nothing applies the manual ones.
    /// </summary>
    public IEnumerable<PolicyAnswer> Openings => Answers.Where(answer => !answer.WouldNeed.IsDefaultOrEmpty && (Outcome, answer.Kind, answer.Verdict) switch
    {
        (DecisionOutcome.Automatic, _, _) => false,
        (DecisionOutcome.Refused, _, PolicyVerdict.Refuses or PolicyVerdict.Decides) => true,
        (DecisionOutcome.Refused, _, _) => false,
        (_, PolicyKind.DenyAccess, PolicyVerdict.BlocksAutomaticApproval) => true,
        (_, PolicyKind.AutoApproval, _) => true,
        (DecisionOutcome.NotCovered, PolicyKind.Manual, _) => true,
        _ => false,
    });
}
