using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation.Indexing;

/// <summary>
/// Finds the statements that may match or fail a request, so that a decision costs what could matter and not what exists. Every statement stands under
/// the one of its requirements that the fewest others share; one without any is always found.
/// </summary>
internal sealed class CandidateIndex
{
    private readonly int[] _always;
    private readonly VariableIndex[] _variables;
    private readonly HolderIndex[] _holders;
    private readonly CheckedAssumption[] _assumptions;

    private CandidateIndex(int[] always, VariableIndex[] variables, HolderIndex[] holders, CheckedAssumption[] assumptions)
    {
        _always = always;
        _variables = variables;
        _holders = holders;
        _assumptions = assumptions;
    }

    public static CandidateIndex Of(IReadOnlyList<CompiledStatement> statements)
    {
        var safety = new Safety();
        var requirements = new Requirements(safety);
        var choices = statements.Select(statement => requirements.Of(statement.Syntax)).ToArray();
        var shares = new Dictionary<(Facet, object), int>();
        foreach (var requirement in choices.SelectMany(choice => choice))
        {
            foreach (var value in requirement.Values)
                shares[(requirement.Facet, value)] = shares.GetValueOrDefault((requirement.Facet, value)) + 1;
        }

        var always = new List<int>();
        var dependents = new Dictionary<int, List<int>>();
        var variables = new Dictionary<RequestVariable, VariableIndex>();
        var holders = new Dictionary<(Expression, bool), HolderIndex>();
        for (var index = 0; index < statements.Count; index++)
        {
            if (choices[index].MinBy(requirement => requirement.Values.Select(value => shares[(requirement.Facet, value)]).DefaultIfEmpty().Max()) is not { } best)
            {
                always.Add(index);
                continue;
            }
            foreach (var value in best.Values)
                Add(best.Facet, value, index);
            foreach (var assumption in best.Assumptions)
                ListOf(dependents, assumption).Add(index);
        }
        var assumptions = safety.Assumptions
            .Where(assumption => dependents.ContainsKey(assumption.Value))
            .Select(assumption => new CheckedAssumption(HolderOf(assumption.Key.Slot).Number, assumption.Key, new AttributeName(assumption.Key.Slot.Name), [.. dependents[assumption.Value]]))
            .ToArray();
        return new CandidateIndex([.. always], [.. variables.Values], [.. holders.Values.OrderBy(holder => holder.Number)], assumptions);

        void Add(Facet facet, object value, int index)
        {
            switch (facet)
            {
                case Facet.Membership membership:
                    VariableOf(membership.Variable).AddMember((EntityName)value, index);
                    break;
                case Facet.OfType type:
                    VariableOf(type.Variable).AddType((string)value, index);
                    break;
                case Facet.ValueOf { Slot: var slot }:
                    HolderOf(slot).AddValue(slot.Name, (Value)value, index);
                    break;
                case Facet.PresenceOf { Slot: var slot }:
                    HolderOf(slot).AddPresence(slot.Name, index);
                    break;
            }
        }

        VariableIndex VariableOf(RequestVariable variable)
        {
            if (!variables.TryGetValue(variable, out var known))
                variables.Add(variable, known = new VariableIndex(variable));
            return known;
        }

        HolderIndex HolderOf(Slot slot)
        {
            if (!holders.TryGetValue((slot.Operand, slot.IsTag), out var known))
                holders.Add((slot.Operand, slot.IsTag), known = new HolderIndex(holders.Count, Compiler.Compile(slot.Operand), slot.IsTag));
            return known;
        }
    }

    /// <summary>Has every statement asked that may match or fail.</summary>
    public void Ask(StatementMatches matches, CompiledStatement[] statements)
    {
        var question = matches.Question;
        var visit = new Visit(matches, statements);
        visit.All(_always);
        foreach (var variable in _variables)
            variable.Find(question, ref visit);

        var tables = visit.Tables(_holders.Length);
        foreach (var holder in _holders)
        {
            var table = tables[holder.Number] = holder.TableOf(question);
            if (table is not null)
                holder.Find(table, ref visit);
        }
        foreach (var assumption in _assumptions)
        {
            if (!assumption.Assumption.Holds(tables[assumption.Holder], assumption.Name))
                visit.All(assumption.Dependents);
        }
    }

    private static List<int> ListOf<TKey>(Dictionary<TKey, List<int>> lists, TKey key) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
            lists.Add(key, list = []);
        return list;
    }

    /// <summary>An assumption and the statements that are asked after all where it does not hold.</summary>
    private sealed record CheckedAssumption(int Holder, Assumption Assumption, AttributeName Name, int[] Dependents);

    /// <summary>Asks statements, each once.</summary>
    private readonly ref struct Visit
    {
        private readonly StatementMatches _matches;
        private readonly CompiledStatement[] _statements;
        private readonly int[] _visits;
        private readonly int _number;

        public Visit(StatementMatches matches, CompiledStatement[] statements)
        {
            _matches = matches;
            _statements = statements;
            (_visits, _number) = matches.StartVisit(statements.Length);
        }

        public RecordValue?[] Tables(int count) => _matches.Tables(count);

        public void All(List<int> statements)
        {
            foreach (var statement in statements)
                One(statement);
        }

        public void All(int[] statements)
        {
            foreach (var statement in statements)
                One(statement);
        }

        private void One(int statement)
        {
            if (_visits[statement] == _number)
                return;
            _visits[statement] = _number;
            _matches.Add(statement, _statements[statement].Evaluate(_matches.Question));
        }
    }

    /// <summary>Statements by the entity or type that a variable has to be.</summary>
    private sealed class VariableIndex(RequestVariable variable)
    {
        private readonly Dictionary<EntityName, List<int>> _members = [];
        private readonly Dictionary<string, List<int>> _types = new(StringComparer.Ordinal);

        public void AddMember(EntityName entity, int statement) => ListOf(_members, entity).Add(statement);

        public void AddType(string type, int statement) => ListOf(_types, type).Add(statement);

        public void Find(Question question, ref Visit visit)
        {
            var (name, data) = variable switch
            {
                RequestVariable.Principal => (question.Principal, question.PrincipalData),
                RequestVariable.Action => (question.Action, question.ActionData),
                _ => (question.Resource, question.ResourceData),
            };
            if (_types.Count > 0 && _types.TryGetValue(name.Type, out var ofType))
                visit.All(ofType);
            if (_members.Count == 0)
                return;
            if (_members.TryGetValue(name, out var ofName))
                visit.All(ofName);
            if (data is null || data.Ancestors.Count == 0)
                return;

            // The shorter of both lists is walked.
            if (data.Ancestors.Count <= _members.Count)
            {
                foreach (var ancestor in data.Ancestors)
                {
                    if (_members.TryGetValue(ancestor, out var ofAncestor))
                        visit.All(ofAncestor);
                }
                return;
            }
            foreach (var (member, ofMember) in _members)
            {
                if (data.Ancestors.Contains(member))
                    visit.All(ofMember);
            }
        }
    }

    /// <summary>Statements by the attributes or tags of one holder: <c>principal</c>, <c>resource</c>, <c>context.iam.principalTags</c>.</summary>
    private sealed class HolderIndex(int number, Node operand, bool ofTags)
    {
        private readonly Dictionary<string, SlotIndex> _slots = new(StringComparer.Ordinal);

        public int Number => number;

        public void AddValue(string name, Value value, int statement) => ListOf(SlotOf(name).ByValue, value).Add(statement);

        public void AddPresence(string name, int statement) => SlotOf(name).Present.Add(statement);

        public RecordValue? TableOf(Question question)
        {
            var value = operand.Evaluate(question);
            if (value.Record is { } record)
                return ofTags ? null : record;
            return value.Entity is { } entity && question.Find(entity) is { } data ? ofTags ? data.Tags : data.Attributes : null;
        }

        public void Find(RecordValue table, ref Visit visit)
        {
            // The shorter of both lists is walked.
            if (_slots.Count <= table.Count)
            {
                foreach (var slot in _slots.Values)
                {
                    if (table.TryGet(slot.Name, out var value))
                        slot.Find(value, ref visit);
                }
                return;
            }
            foreach (ref readonly var entry in table.Slots)
            {
                if (entry.Name is not null && _slots.TryGetValue(entry.Name, out var slot))
                    slot.Find(entry.Value, ref visit);
            }
        }

        private SlotIndex SlotOf(string name)
        {
            if (!_slots.TryGetValue(name, out var slot))
                _slots.Add(name, slot = new SlotIndex(new AttributeName(name)));
            return slot;
        }
    }

    /// <summary>Statements by the value of one attribute or tag, or by its being there.</summary>
    private sealed class SlotIndex(AttributeName name)
    {
        public AttributeName Name => name;

        public List<int> Present { get; } = [];

        public Dictionary<Value, List<int>> ByValue { get; } = [];

        public void Find(Value value, ref Visit visit)
        {
            visit.All(Present);
            if (ByValue.Count > 0 && ByValue.TryGetValue(value, out var statements))
                visit.All(statements);
        }
    }
}
