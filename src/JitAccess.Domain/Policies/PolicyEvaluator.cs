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
    /// <summary>What somebody gets who may not ask at all, or asks for a node that cannot be reached.</summary>
    internal static readonly BriefDecision RefusedBeforePolicies = new(DecisionOutcome.Refused, null);

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
        LooksAt = Statements.Aggregate(RequestFacts.None, (facts, statement) => facts | StatementFacts.RequestFactsOf(statement));
        Instants = [.. Statements.SelectMany(statement => StatementFacts.InstantsOf(statement)).Distinct().Order()];
    }

    /// <summary>The version that decides.</summary>
    public PolicySetVersion Version => _version;

    /// <summary>What its policies look at beside person and node.</summary>
    public RequestFacts LooksAt { get; }

    /// <summary>The instants that its policies name, in order.</summary>
    public ImmutableArray<DateTimeOffset> Instants { get; }

    /// <summary>The time zones whose clock its policies read.</summary>
    public ImmutableArray<ClockZone> Zones => _cedar.Zones;

    /// <summary>The groups that its statements name, in order.</summary>
    public IEnumerable<string> Groups => Statements.SelectMany(statement => StatementFacts.GroupsOf(statement)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Policies that cannot be asked, each with why: a deny-access policy counts as a match then, an auto-approval policy matches nobody.</summary>
    public IEnumerable<(Policy Policy, string Why)> Unreadable => _denyAccess.Concat<Policy>(_autoApproval)
        .Select(policy => (policy, Why: _cedar.WhyUnreadable(policy)!)).Where(one => one.Why is not null);

    /// <summary>The Cedar statements of its policies, taken apart.</summary>
    internal IEnumerable<Statement> Statements => _cedar.Statements.Select(statement => statement.Syntax);

    /// <summary>The same with the policies that they belong to: deny-access first.</summary>
    internal ImmutableArray<StatementOf> StatementsInOrder => _cedar.Statements;

    /// <summary>
    /// Decides: preconditions, then deny-access, then auto-approval, then manual approval, where a policy by tags beats one for all nodes
    /// and the first in order wins among several. Every policy is asked, whatever the ones before it said, because somebody will ask why.
    /// </summary>
    public Decision Decide(AccessQuestion question)
    {
        Dictionary<Guid, CedarPolicies.Answer> answers = _cedar.Explain(new PreparedPerson(question.Actor), new PreparedNode(question.Node), Prepare(question));
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
            (_, _, { } policy, _) => By(policy, DecisionOutcome.Automatic, $"Approved automatically by “{policy.Name}” for {policy.MaximumHours} h.") with { MaximumHours = policy.MaximumHours, ReasonRule = policy.ReasonRule, SessionRules = policy.SessionRules ?? SessionRules.Default },
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
        DecideBriefly(new PreparedPerson(question.Actor), new PreparedNode(question.Node), Prepare(question));

    /// <summary>The same for what was made ready for several questions.</summary>
    internal BriefDecision DecideBriefly(PreparedPerson person, PreparedNode node, PreparedRequest request)
    {
        if (!person.CanAct.IsAllowed || !node.IsReachable) return RefusedBeforePolicies;
        DecisionSoFar found = Begin();
        _cedar.Match(person, node, request, this, ref found);
        int manual = FirstManualPlace(node.Node);
        return Conclude(found, manual, manual >= 0 && FirstUnmetLevel(_manual[manual], person.Actor.Subject) is not null);
    }

    /// <summary>What is certain before anything is asked: a deny-access policy that cannot be read matches.</summary>
    internal DecisionSoFar Begin()
    {
        DecisionSoFar found = new();
        foreach (int place in _alwaysDenying) found.Deny(place, _denyAccess[place].Effect == DenyEffect.Refuse);
        return found;
    }

    /// <summary>A statement of a policy matches.</summary>
    internal void Add(StatementOf statement, ref DecisionSoFar found)
    {
        if (statement.Syntax.Effect == Effect.Forbid) found.Deny(statement.Place, _denyAccess[statement.Place].Effect == DenyEffect.Refuse);
        else found.Permit(statement.Place);
    }

    /// <summary>The decision when all statements have been asked.</summary>
    /// <param name="found">What they said.</param>
    /// <param name="manual">The place of the manual policy that decides when it comes to that; -1 for none.</param>
    /// <param name="isUnmet">Whether too few people are left to approve by it.</param>
    internal BriefDecision Conclude(DecisionSoFar found, int manual, bool isUnmet)
    {
        if (found.Refusing != DecisionSoFar.None) return Brief(DecisionOutcome.Refused, _denyAccess[found.Refusing], null);
        bool isPermitted = found.Permitting != DecisionSoFar.None;
        bool isDenied = found.Denying != DecisionSoFar.None;
        if (isPermitted && !isDenied) return Brief(DecisionOutcome.Automatic, _autoApproval[found.Permitting], null);
        DenyAccessPolicy? blocking = isPermitted ? _denyAccess[found.Denying] : null;
        if (manual < 0) return blocking is null ? NotCovered : Brief(DecisionOutcome.NotCovered, null, blocking);
        return Brief(isUnmet ? DecisionOutcome.Refused : DecisionOutcome.NeedsApproval, _manual[manual], blocking);
    }

    /// <summary>What a request says beside person and node. Who does not say how long gets as long as the policies allow, so the longest access that could open at once is judged.</summary>
    internal PreparedRequest Prepare(AccessQuestion question) => new(question.JudgedAt, question.Reason, question.Duration ?? _longestAutomatic, question.BreakGlass, _cedar.Zones);

    /// <summary>The same for an instant, when nothing else is said.</summary>
    internal PreparedRequest Prepare(DateTimeOffset at) => Prepare(at, _cedar.Zones);

    /// <summary>The same with the clocks of further zones, for comparing with another version.</summary>
    internal PreparedRequest Prepare(DateTimeOffset at, IEnumerable<ClockZone> zones) => new(at, "", _longestAutomatic, breakGlass: false, zones);

    /// <summary>The place of the manual policy that decides about the node when it comes to that; -1 for none.</summary>
    internal int FirstManualPlace(Node node)
    {
        for (int place = 0; place < _manual.Length; place++)
        {
            if (_manual[place].Target.Matches(node)) return place;
        }
        return -1;
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
            ReasonRule = policy.ReasonRule,
            SessionRules = policy.SessionRules ?? SessionRules.Default,
            BreakGlass = policy.BreakGlass,
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
