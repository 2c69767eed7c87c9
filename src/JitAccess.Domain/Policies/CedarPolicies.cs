using System.Collections.Immutable;
using JitAccess.Cedar;

namespace JitAccess.Domain.Policies;

/// <summary>The Cedar statements of all policies that have some, compiled once and asked together, so that every policy's own answer is known.</summary>
internal sealed class CedarPolicies
{
    [ThreadStatic]
    private static StatementMatches? s_matches;

    private readonly CompiledPolicySet _compiled;
    private readonly ImmutableArray<StatementOf> _statements;
    private readonly Dictionary<Guid, string> _unreadable = [];
    private readonly int _denyStatements;

    /// <param name="denyAccess">Deny-access policies in order of evaluation.</param>
    /// <param name="autoApproval">Auto-approval policies in order of evaluation.</param>
    /// <param name="engine">Parses the texts.</param>
    public CedarPolicies(ImmutableArray<DenyAccessPolicy> denyAccess, ImmutableArray<AutoApprovalPolicy> autoApproval, CedarEngine engine)
    {
        List<StatementOf> statements = [];
        foreach ((DenyAccessPolicy policy, int place) in denyAccess.Select((policy, place) => (policy, place))) statements.AddRange(Read(policy, place, policy.Cedar, Effect.Forbid, engine));
        _denyStatements = statements.Count;
        foreach ((AutoApprovalPolicy policy, int place) in autoApproval.Select((policy, place) => (policy, place))) statements.AddRange(Read(policy, place, policy.Cedar, Effect.Permit, engine));
        _statements = [.. statements];
        _compiled = CompiledPolicySet.Compile(_statements.Select(statement => KeyValuePair.Create(statement.Id, statement.Syntax)));
        Zones = [.. _statements.SelectMany(statement => StatementFacts.ZonesOf(statement.Syntax)).Distinct(StringComparer.Ordinal).Select(name => ClockZone.TryFind(name, out ClockZone? zone) ? zone : null).OfType<ClockZone>()];
    }

    /// <summary>The statements of deny-access policies in order of evaluation, then those of auto-approval policies.</summary>
    public ImmutableArray<StatementOf> Statements => _statements;

    /// <summary>The time zones whose clock the statements read.</summary>
    public ImmutableArray<ClockZone> Zones { get; }

    /// <summary>Why the policy cannot be asked; null if it can.</summary>
    public string? WhyUnreadable(Policy policy) => _unreadable.GetValueOrDefault(policy.Id);

    /// <summary>
    /// Adds what the statements say: a policy matches that has a statement that matches,
    /// a deny-access policy also by a statement that cannot be evaluated. Policies that cannot be asked are not looked at.
    /// </summary>
    public void Match(PreparedPerson person, PreparedNode node, PreparedRequest request, PolicyEvaluator evaluator, ref DecisionSoFar found)
    {
        StatementMatches matches = s_matches ??= new StatementMatches();
        _compiled.Evaluate(NodeAccessCedar.RequestFor(person.Uid, node.Uid, request.Context), EntityStore.Layered(person.Entities, node.Entities, request.Entities), matches);
        foreach (int index in matches.Matched) evaluator.Add(_statements[index], ref found);
        // A forbid that cannot be evaluated counts as a match: a missing signal never helps the requester.
        foreach (int index in matches.Failed)
        {
            if (index < _denyStatements) evaluator.Add(_statements[index], ref found);
        }
    }

    /// <summary>What every policy's statements said, by policy.</summary>
    public Dictionary<Guid, Answer> Explain(PreparedPerson person, PreparedNode node, PreparedRequest request)
    {
        Dictionary<Guid, Answer> answers = _unreadable.ToDictionary(entry => entry.Key, entry => new Answer(null, entry.Value, null, [], []));
        ImmutableArray<StatementExplanation> explained = _compiled.Explain(NodeAccessCedar.RequestFor(person.Uid, node.Uid, request.Context), EntityStore.Layered(person.Entities, node.Entities, request.Entities));
        foreach (var group in _statements.Zip(explained).GroupBy(one => one.First.PolicyId))
        {
            (StatementOf Statement, StatementExplanation Explained)[] all = [.. group];
            var matched = all.FirstOrDefault(one => one.Explained.Outcome == ExplainedOutcome.Held);
            var failed = all.FirstOrDefault(one => one.Explained.Outcome == ExplainedOutcome.Failed);
            answers[group.Key] = new Answer(matched.Statement?.Number, failed.Explained?.Error, (matched.Statement ?? failed.Statement)?.Text,
                [.. all.Select(one => AnswerOf(one.Statement, one.Explained))], [.. all]);
        }
        return answers;
    }

    private static StatementAnswer AnswerOf(StatementOf statement, StatementExplanation explained) =>
        new(statement.Number, statement.Text, explained.Outcome, explained.Clauses) { Words = statement.WordsFor(explained) };

    private IEnumerable<StatementOf> Read(Policy policy, int place, string cedar, Effect effect, CedarEngine engine)
    {
        // A saved policy can be read and has statements of its kind only; one that cannot was put here behind our back, or comes from an older version, and must not help anybody.
        try
        {
            ParseResult parsed = engine.Parse(cedar);
            if (parsed.Errors.Count > 0) return Unreadable(parsed.Errors[0].Message);
            if (parsed.Statements.Any(statement => statement.Effect != effect)) return Unreadable("the policy holds statements of another kind");
            string? unknown = parsed.Statements.SelectMany(statement => StatementFacts.ZonesOf(statement.Syntax)).FirstOrDefault(zone => !ClockZone.TryFind(zone, out _));
            if (unknown is not null) return Unreadable($"the time zone {unknown} is not known on this system");
            List<StatementOf> statements = [.. parsed.Statements.Select((statement, index) => new StatementOf(policy.Id, place, index + 1, statement.Text, statement.Syntax))];
            _ = CompiledPolicySet.Compile(statements.Select(statement => KeyValuePair.Create(statement.Id, statement.Syntax)));
            return statements;
        }
        catch (CedarEngineException exception)
        {
            return Unreadable(exception.Message);
        }

        IEnumerable<StatementOf> Unreadable(string why)
        {
            _unreadable[policy.Id] = why;
            return [];
        }
    }

    /// <param name="MatchedStatement">The number of the first statement that matched, from 1; null if none did.</param>
    /// <param name="Error">Why a statement could not be evaluated; null if all could.</param>
    /// <param name="Text">The statement in question.</param>
    /// <param name="Statements">Every statement's own answer.</param>
    /// <param name="Explained">The same with the statements taken apart.</param>
    internal readonly record struct Answer(int? MatchedStatement, string? Error, string? Text, ImmutableArray<StatementAnswer> Statements, ImmutableArray<(StatementOf Statement, StatementExplanation Explained)> Explained)
    {
        /// <summary>What would have to be true for one of the statements to match, one sentence for each.</summary>
        public ImmutableArray<string> ToMatch => [.. Explained.Select(one => one.Statement.ToMatch(one.Explained)).OfType<string>().Distinct(StringComparer.Ordinal)];

        /// <summary>What would have to be true for those that stand in the way not to, one sentence for each.</summary>
        public ImmutableArray<string> NotToMatch => [.. Explained.Where(one => one.Explained.Outcome is ExplainedOutcome.Held or ExplainedOutcome.Failed).Select(one => one.Statement.NotToMatch(one.Explained)).OfType<string>().Distinct(StringComparer.Ordinal)];
    }
}
