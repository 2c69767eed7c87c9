using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;
using JitAccess.Domain.Nodes;

namespace JitAccess.Domain.Policies;

/// <summary>
/// Decides by one version of the policy set. The one place where preview, submit and every later explanation get their answer,
/// so that a screen never promises what the submit refuses. Safe for use by many threads.
/// </summary>
public sealed class PolicyEvaluator
{
    private static readonly BriefDecision RefusedBeforePolicies = new(DecisionOutcome.Refused, null);
    private static readonly BriefDecision NotCovered = new(DecisionOutcome.NotCovered, null);

    private readonly PolicySetVersion _version;
    private readonly ImmutableArray<DenyAccessPolicy> _denyAccess;
    private readonly ImmutableArray<AutoApprovalPolicy> _autoApproval;
    private readonly ImmutableArray<ManualPolicy> _manual;
    private readonly CedarPolicies _cedar;
    private readonly TimeSpan _longestAutomatic;
    private readonly ImmutableArray<int> _alwaysDenying;
    private readonly ConcurrentDictionary<(DecisionOutcome, Policy?, DenyAccessPolicy?), BriefDecision> _brief = new(ByIdentity.Instance);

    /// <summary>Prepares a version of the policy set for deciding. The engine is needed for that alone: it parses.</summary>
    public PolicyEvaluator(PolicySetVersion version, CedarEngine engine)
    {
        _version = version;
        _denyAccess = [.. PolicySet.Ordered(version.Policies.DenyAccess.Where(policy => policy.Enabled))];
        _autoApproval = [.. PolicySet.Ordered(version.Policies.AutoApproval.Where(policy => policy.Enabled))];
        _manual = [.. version.Policies.InOrderOfEvaluation.OfType<ManualPolicy>().Where(policy => policy.Enabled)];
        _cedar = new CedarPolicies(_denyAccess, _autoApproval, engine);
        _longestAutomatic = TimeSpan.FromHours(_autoApproval.Select(policy => policy.MaximumHours).Append(1).Max());
        // What cannot be asked fails closed: it denies everybody, and permits nobody.
        _alwaysDenying = [.. Enumerable.Range(0, _denyAccess.Length).Where(place => _cedar.WhyUnreadable(_denyAccess[place]) is not null)];
        LooksAt = _cedar.Statements.Aggregate(RequestFacts.None, (facts, statement) => facts | StatementFacts.RequestFactsOf(statement));
        Instants = [.. _cedar.Statements.SelectMany(statement => StatementFacts.InstantsOf(statement)).Distinct().Order()];
    }

    /// <summary>The version that decides.</summary>
    public PolicySetVersion Version => _version;

    /// <summary>What its policies look at beside person and node.</summary>
    public RequestFacts LooksAt { get; }

    /// <summary>The instants that its policies name, in order.</summary>
    public ImmutableArray<DateTimeOffset> Instants { get; }

    /// <summary>The time zones whose clock its policies read.</summary>
    public ImmutableArray<ClockZone> Zones => _cedar.Zones;

    /// <summary>Policies that cannot be asked, each with why: a deny-access policy counts as a match then, an auto-approval policy matches nobody.</summary>
    public IEnumerable<(Policy Policy, string Why)> Unreadable => _denyAccess.Concat<Policy>(_autoApproval)
        .Select(policy => (policy, Why: _cedar.WhyUnreadable(policy)!)).Where(one => one.Why is not null);

    /// <summary>The Cedar statements of its policies, taken apart.</summary>
    internal IEnumerable<Statement> Statements => _cedar.Statements;

    /// <summary>
    /// Decides: preconditions, then deny-access, then auto-approval, then manual approval, where a policy by tags beats one for all nodes
    /// and the first in order wins among several. Every policy is asked, whatever the ones before it said, because somebody will ask why.
    /// </summary>
    public Decision Decide(AccessQuestion question)
    {
        Dictionary<Guid, CedarPolicies.Answer> answers = _cedar.Explain(new PreparedPerson(question.Actor), new PreparedNode(question.Node), Prepare(question.At, question.Reason, question.Duration));
        Ruling asking = CanAsk(question);

        // A forbid that cannot be evaluated counts as a match: a missing signal never helps the requester.
        List<DenyAccessPolicy> denying = [.. _denyAccess.Where(policy => AnswerTo(policy) is { MatchedStatement: not null } or { Error: not null })];
        List<AutoApprovalPolicy> permitting = [.. _autoApproval.Where(policy => AnswerTo(policy).MatchedStatement is not null)];
        List<ManualPolicy> manual = [.. _manual.Where(policy => policy.Target.Matches(question.Node))];

        DenyAccessPolicy? refusing = denying.FirstOrDefault(policy => policy.Effect == DenyEffect.Refuse);
        AutoApprovalPolicy? automatic = asking.IsAllowed && denying.Count == 0 ? permitting.FirstOrDefault() : null;
        // Tag policies stand before those for all nodes in the order of evaluation, so the first match decides.
        ManualPolicy? deciding = asking.IsAllowed && refusing is null && automatic is null ? manual.FirstOrDefault() : null;

        Decision decision = (asking, refusing, automatic, deciding) switch
        {
            ({ IsAllowed: false } ruling, _, _, _) => Outcome(DecisionOutcome.Refused, ruling.Message!),
            (_, { } policy, _, _) => By(policy, DecisionOutcome.Refused, $"Refused by “{policy.Name}”: {PolicyReasons.Because(AnswerTo(policy))}."),
            (_, _, { } policy, _) => By(policy, DecisionOutcome.Automatic, $"Approved automatically by “{policy.Name}” for {policy.MaximumHours} h.") with { MaximumHours = policy.MaximumHours },
            (_, _, _, { } policy) => NeedsApproval(question, policy),
            _ => Outcome(DecisionOutcome.NotCovered, $"No policy applies to {question.Node.Described}, so access cannot be requested. Ask an admin of JitAccess to cover it."),
        };
        return decision with
        {
            Answers =
            [
                .. _denyAccess.Select(policy => PolicyReasons.Of(policy, AnswerTo(policy), denying.Contains(policy))),
                .. _autoApproval.Select(policy => PolicyReasons.Of(policy, AnswerTo(policy), permitting.Contains(policy), denying, automatic)),
                .. _manual.Select(policy => PolicyReasons.Of(policy, question, manual, deciding, asking.IsAllowed, decision.Outcome)),
            ],
            Warnings = [.. Overlaps(manual, deciding)],
        };

        // A policy without a statement says nothing.
        CedarPolicies.Answer AnswerTo(Policy policy) => answers.TryGetValue(policy.Id, out CedarPolicies.Answer answer) ? answer : new CedarPolicies.Answer(null, null, null, [], []);
    }

    /// <summary>Decides without the explanation: for lists, and for asking about many people and nodes.</summary>
    public BriefDecision DecideBriefly(AccessQuestion question) =>
        DecideBriefly(new PreparedPerson(question.Actor), new PreparedNode(question.Node), Prepare(question.At, question.Reason, question.Duration));

    /// <summary>The same for what was made ready for several questions.</summary>
    internal BriefDecision DecideBriefly(PreparedPerson person, PreparedNode node, PreparedRequest request)
    {
        if (!person.CanAct.IsAllowed || !node.IsReachable) return RefusedBeforePolicies;
        PolicyMatches matches = new(_denyAccess.Length <= 256 ? stackalloc bool[_denyAccess.Length] : new bool[_denyAccess.Length]);
        foreach (int place in _alwaysDenying) matches.Deny(place);
        _cedar.Match(person, node, request, ref matches);
        DenyAccessPolicy? denying = null;
        for (int place = 0; place < _denyAccess.Length; place++)
        {
            if (!matches.Denies(place)) continue;
            if (_denyAccess[place].Effect == DenyEffect.Refuse) return Brief(DecisionOutcome.Refused, _denyAccess[place], null);
            denying ??= _denyAccess[place];
        }
        AutoApprovalPolicy? permitting = matches.FirstPermit < 0 ? null : _autoApproval[matches.FirstPermit];
        if (permitting is not null && denying is null) return Brief(DecisionOutcome.Automatic, permitting, null);
        DenyAccessPolicy? blocking = permitting is null ? null : denying;
        return FirstManual(node.Node) is not { } manual
            ? blocking is null ? NotCovered : Brief(DecisionOutcome.NotCovered, null, blocking)
            : Brief(FirstUnmetLevel(manual, person.Actor.Subject) is null ? DecisionOutcome.NeedsApproval : DecisionOutcome.Refused, manual, blocking);
    }

    /// <summary>What a request says beside person and node. Who does not say how long gets as long as the policies allow, so the longest access that could open at once is judged.</summary>
    internal PreparedRequest Prepare(DateTimeOffset at, string reason = "", TimeSpan? duration = null) => new(at, reason, duration ?? _longestAutomatic, _cedar.Zones);

    /// <summary>The same with the clocks of further zones, for comparing with another version.</summary>
    internal PreparedRequest Prepare(DateTimeOffset at, IEnumerable<ClockZone> zones) => new(at, "", _longestAutomatic, zones);

    /// <summary>The manual policy that decides about the node when it comes to that; null for none.</summary>
    internal ManualPolicy? FirstManual(Node node)
    {
        foreach (ManualPolicy policy in _manual)
        {
            if (policy.Target.Matches(node)) return policy;
        }
        return null;
    }

    /// <summary>The places of the manual policies that the person cannot ask for because too few people are left to approve.</summary>
    internal IEnumerable<int> UnmetFor(string requester) => Enumerable.Range(0, _manual.Length).Where(place => FirstUnmetLevel(_manual[place], requester) is not null);

    private static int? FirstUnmetLevel(ManualPolicy policy, string requester) => ApproverSupply.FirstLevelThatCannotBeMet(policy.Levels, requester);

    private BriefDecision Brief(DecisionOutcome outcome, Policy? by, DenyAccessPolicy? blocking) =>
        _brief.GetOrAdd((outcome, by, blocking), key => new BriefDecision(key.Item1, key.Item2) { Blocking = key.Item3 });

    private static Ruling CanAsk(AccessQuestion question)
    {
        Ruling identity = question.Actor.CanAct();
        return identity.IsAllowed ? question.Node.CanBeReached() : identity;
    }

    private Decision NeedsApproval(AccessQuestion question, ManualPolicy policy)
    {
        if (ApproverSupply.FirstLevelThatCannotBeMet(policy.Levels, question.Actor.Subject) is { } level)
        {
            return By(policy, DecisionOutcome.Refused,
                $"“{policy.Name}” cannot be met: level {level} needs {policy.Levels[level - 1].Described}, and without you too few people are left. Ask an admin of JitAccess to add an approver.");
        }
        string approvals = policy.RequiredApprovals == 1 ? "1 approval" : $"{policy.RequiredApprovals} approvals";
        string levels = policy.Levels.Length == 1 ? "" : $" in {policy.Levels.Length} levels";
        return By(policy, DecisionOutcome.NeedsApproval, $"“{policy.Name}” asks for {approvals}{levels}, up to {policy.MaximumHours} h.") with
        {
            MaximumHours = policy.MaximumHours,
            PendingTimeout = policy.PendingTimeout,
            Levels = policy.Levels,
        };
    }

    private Decision By(Policy policy, DecisionOutcome outcome, string sentence) =>
        Outcome(outcome, sentence) with { DecidedBy = policy.Id, DecidedByName = policy.Name };

    private Decision Outcome(DecisionOutcome outcome, string sentence) =>
        new() { Outcome = outcome, Sentence = sentence, PolicySetVersion = _version.Number };

    private static IEnumerable<string> Overlaps(List<ManualPolicy> matching, ManualPolicy? deciding)
    {
        List<string> others = [.. matching.Where(policy => policy.Target.IsByTags && policy != deciding).Select(policy => $"“{policy.Name}”")];
        return deciding is { Target.IsByTags: true } && others.Count > 0
            ? [$"{string.Join(", ", others)} would match by tag too; “{deciding.Name}” stands first and decides."]
            : [];
    }

    /// <summary>Decisions are told apart by the very policies that decide, without comparing what is in them.</summary>
    private sealed class ByIdentity : IEqualityComparer<(DecisionOutcome, Policy?, DenyAccessPolicy?)>
    {
        public static readonly ByIdentity Instance = new();

        public bool Equals((DecisionOutcome, Policy?, DenyAccessPolicy?) x, (DecisionOutcome, Policy?, DenyAccessPolicy?) y) =>
            x.Item1 == y.Item1 && ReferenceEquals(x.Item2, y.Item2) && ReferenceEquals(x.Item3, y.Item3);

        public int GetHashCode((DecisionOutcome, Policy?, DenyAccessPolicy?) obj) =>
            HashCode.Combine(obj.Item1, RuntimeHelpers.GetHashCode(obj.Item2), RuntimeHelpers.GetHashCode(obj.Item3));
    }
}
