using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>
/// Decides by one version for many people, nodes and times that are each asked about only once. What a statement demands of the person alone,
/// of the node alone and of the request alone is answered for each of them beforehand; for a pair these answers are put together, a bit a statement.
/// Only statements that weigh one side against another are evaluated for the pair.
/// </summary>
internal sealed class StatementTable
{
    /// <summary>No demand of the side keeps the statement from matching.</summary>
    private const ushort None = ushort.MaxValue;

    private readonly PolicyEvaluator _evaluator;
    private readonly ImmutableArray<StatementOf> _statements;
    private readonly CompiledPolicySet?[] _mixed;
    private readonly ulong[] _mixedBits;
    private readonly ulong[] _forbidBits;
    private readonly Demands _ofPerson;
    private readonly Demands _ofNode;
    private readonly Demands _ofRequest;
    private readonly StatementMatches _matches = new();

    public StatementTable(PolicyEvaluator evaluator)
    {
        _evaluator = evaluator;
        _statements = evaluator.StatementsInOrder;
        (_ofPerson, _ofNode, _ofRequest) = (new Demands(_statements.Length), new Demands(_statements.Length), new Demands(_statements.Length));
        _mixed = new CompiledPolicySet?[_statements.Length];
        _mixedBits = Bits(_statements.Length);
        _forbidBits = Bits(_statements.Length);
        for (int statement = 0; statement < _statements.Length; statement++)
        {
            Statement syntax = _statements[statement].Syntax;
            if (syntax.Effect == Effect.Forbid) Set(_forbidBits, statement);
            ImmutableArray<ClauseWords.Clause> clauses = ClauseWords.ClausesOf(syntax);
            bool isMixed = clauses.Length > ushort.MaxValue / 4;
            for (int place = 0; place < clauses.Length && !isMixed; place++)
            {
                switch (Distinctions.SideOf(clauses[place].Body))
                {
                    case Distinctions.Side.Person: _ofPerson.Add(statement, place, clauses[place]); break;
                    case Distinctions.Side.Node: _ofNode.Add(statement, place, clauses[place]); break;
                    case Distinctions.Side.Request or Distinctions.Side.None: _ofRequest.Add(statement, place, clauses[place]); break;
                    default: isMixed = true; break;
                }
            }
            if (!isMixed) continue;
            Set(_mixedBits, statement);
            _mixed[statement] = CompiledPolicySet.Compile([KeyValuePair.Create(_statements[statement].Id, syntax)]);
        }
        foreach (Demands demands in new[] { _ofPerson, _ofNode, _ofRequest }) demands.Compile();
    }

    /// <summary>What the statements' demands of the person alone come to.</summary>
    public PersonAnswers Answer(PreparedPerson person, PreparedNode anyNode, PreparedRequest anyRequest) =>
        new(person, _ofPerson.Answer(person, anyNode, anyRequest, _matches), [.. _evaluator.UnmetFor(person.Actor.Subject)]);

    /// <summary>What the statements' demands of the node alone come to.</summary>
    public NodeAnswers Answer(PreparedNode node, PreparedPerson anyPerson, PreparedRequest anyRequest) =>
        new(node, _ofNode.Answer(anyPerson, node, anyRequest, _matches), _evaluator.FirstManualPlace(node.Node));

    /// <summary>What the statements' demands of the request alone come to.</summary>
    public RequestAnswers Answer(PreparedRequest request, PreparedPerson anyPerson, PreparedNode anyNode) =>
        new(request, _ofRequest.Answer(anyPerson, anyNode, request, _matches));

    /// <summary>Decides about a pair.</summary>
    public BriefDecision Decide(PersonAnswers person, NodeAnswers node, RequestAnswers request)
    {
        if (!person.Person.CanAct.IsAllowed || !node.Node.IsReachable) return PolicyEvaluator.RefusedBeforePolicies;
        DecisionSoFar found = _evaluator.Begin();
        for (int word = 0; word < _mixedBits.Length; word++)
        {
            ulong unsure = _mixedBits[word] | ((person.Answers.Failed[word] | node.Answers.Failed[word] | request.Answers.Failed[word]) & _forbidBits[word]);
            ulong open = (person.Answers.True[word] & node.Answers.True[word] & request.Answers.True[word]) | unsure;
            while (open != 0)
            {
                int bit = BitOperations.TrailingZeroCount(open);
                open &= open - 1;
                int statement = word * 64 + bit;
                if ((unsure >> bit & 1) == 0 || Matches(statement, person, node, request)) _evaluator.Add(_statements[statement], ref found);
            }
        }
        return _evaluator.Conclude(found, node.ManualPlace, person.Unmet.Contains(node.ManualPlace));
    }

    private static ulong[] Bits(int count) => new ulong[(count + 63) / 64];

    private static void Set(ulong[] bits, int index) => bits[index / 64] |= 1UL << (index % 64);

    private bool Matches(int statement, PersonAnswers person, NodeAnswers node, RequestAnswers request)
    {
        bool isForbid = (_forbidBits[statement / 64] >> (statement % 64) & 1) == 1;
        if (_mixed[statement] is { } compiled)
        {
            // A demand of one side that is not met leaves a permit nothing to find out.
            if (!isForbid && !(person.Answers.IsTrue(statement) && node.Answers.IsTrue(statement) && request.Answers.IsTrue(statement))) return false;
            compiled.Evaluate(NodeAccessCedar.RequestFor(person.Person.Uid, node.Node.Uid, request.Request.Context), EntityStore.Layered(person.Person.Entities, node.Node.Entities, request.Request.Entities), _matches);
            return !_matches.Matched.IsEmpty || (isForbid && !_matches.Failed.IsEmpty);
        }
        // A forbid that fails counts as a match, unless a demand before the one that fails is not met.
        ushort first = Math.Min(person.Answers.First[statement], Math.Min(node.Answers.First[statement], request.Answers.First[statement]));
        return first == None || (first & 1) == 1;
    }

    /// <summary>What one person's side comes to.</summary>
    /// <param name="Person">The person.</param>
    /// <param name="Answers">By statement.</param>
    /// <param name="Unmet">The places of the manual policies that they cannot ask for because too few people are left to approve.</param>
    internal sealed record PersonAnswers(PreparedPerson Person, SideAnswers Answers, HashSet<int> Unmet);

    /// <summary>What one node's side comes to.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Answers">By statement.</param>
    /// <param name="ManualPlace">The place of the manual policy that decides about it when it comes to that; -1 for none.</param>
    internal sealed record NodeAnswers(PreparedNode Node, SideAnswers Answers, int ManualPlace);

    /// <summary>What the side of one request comes to.</summary>
    internal sealed record RequestAnswers(PreparedRequest Request, SideAnswers Answers);

    /// <summary>What one side comes to, by statement.</summary>
    internal sealed class SideAnswers(int statements)
    {
        /// <summary>All demands of the side are met.</summary>
        public ulong[] True { get; } = Bits(statements);

        /// <summary>Some demand of the side cannot be evaluated.</summary>
        public ulong[] Failed { get; } = Bits(statements);

        /// <summary>The first demand that keeps the statement from matching: twice its place among the clauses, one more if it failed.</summary>
        public ushort[] First { get; } = new ushort[statements];

        public bool IsTrue(int statement) => (True[statement / 64] >> (statement % 64) & 1) == 1;

        public void Fill()
        {
            Array.Fill(First, None);
            for (int statement = 0; statement < First.Length; statement++) Set(True, statement);
        }

        public void NotMet(int statement, int place, bool failed)
        {
            True[statement / 64] &= ~(1UL << (statement % 64));
            if (failed) Set(Failed, statement);
            First[statement] = Math.Min(First[statement], (ushort)(2 * place + (failed ? 1 : 0)));
        }
    }

    /// <summary>The demands of all statements on one side, each text asked once.</summary>
    private sealed class Demands(int statements)
    {
        private readonly Dictionary<(bool, string), int> _numbers = [];
        private readonly List<ClauseWords.Clause> _clauses = [];
        private readonly List<List<(int Statement, int Place)>> _asked = [];
        private CompiledPolicySet? _compiled;

        public void Add(int statement, int place, ClauseWords.Clause clause)
        {
            if (!_numbers.TryGetValue((clause.IsUnless, clause.Body.ToString()), out int number))
            {
                number = _clauses.Count;
                _numbers[(clause.IsUnless, clause.Body.ToString())] = number;
                _clauses.Add(clause);
                _asked.Add([]);
            }
            _asked[number].Add((statement, place));
        }

        public void Compile() => _compiled = CompiledPolicySet.Compile(_clauses.Select((clause, number) => KeyValuePair.Create(number.ToString(CultureInfo.InvariantCulture),
            new Statement(Effect.Permit, new Scope.Any(), new Scope.Any(), new Scope.Any(), [new Condition(clause.IsUnless, clause.Body)]))));

        public SideAnswers Answer(PreparedPerson person, PreparedNode node, PreparedRequest request, StatementMatches matches)
        {
            SideAnswers answers = new(statements);
            answers.Fill();
            _compiled!.Evaluate(NodeAccessCedar.RequestFor(person.Uid, node.Uid, request.Context), EntityStore.Layered(person.Entities, node.Entities, request.Entities), matches);
            int matched = 0;
            int failed = 0;
            for (int number = 0; number < _asked.Count; number++)
            {
                if (matched < matches.Matched.Length && matches.Matched[matched] == number)
                {
                    matched++;
                    continue;
                }
                bool isFailure = failed < matches.Failed.Length && matches.Failed[failed] == number;
                if (isFailure) failed++;
                foreach ((int statement, int place) in _asked[number]) answers.NotMet(statement, place, isFailure);
            }
            return answers;
        }
    }
}
