using System.Collections.Immutable;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation.Indexing;

/// <summary>Finds what a statement requires of a request, so that it need not be asked about others.</summary>
internal sealed class Requirements(Safety safety)
{
    private static readonly ImmutableHashSet<int> Nothing = [];

    /// <summary>All that is found; any one of them will do to leave the statement out.</summary>
    public IReadOnlyList<Requirement> Of(Statement statement)
    {
        // Heads never fail, so that each part of one can be used whatever comes before it.
        var found = new List<Requirement>();
        found.AddRange(OfScope(RequestVariable.Principal, statement.Principal));
        found.AddRange(OfScope(RequestVariable.Action, statement.Action));
        found.AddRange(OfScope(RequestVariable.Resource, statement.Resource));
        found.AddRange(OfConjuncts(CompiledStatement.DemandsOf(statement).Select(demand => demand.AsCondition), new HashSet<Slot>()));
        return found;
    }

    private static IEnumerable<Requirement> OfScope(RequestVariable variable, Scope scope) => scope switch
    {
        Scope.Equal equal => [Membership(variable, equal.Entity)],
        Scope.In within => [Membership(variable, [.. within.Entities])],
        Scope.Is { Ancestor: { } ancestor } type => [OfType(variable, type.EntityType), Membership(variable, ancestor)],
        Scope.Is type => [OfType(variable, type.EntityType)],
        _ => [],
    };

    // A condition may be used as long as everything that is evaluated before it cannot fail: a false one behind it settles the matter quietly.
    private List<Requirement> OfConjuncts(IEnumerable<Expression> conjuncts, IReadOnlySet<Slot> facts)
    {
        var found = new List<Requirement>();
        var known = new HashSet<Slot>(facts);
        var before = Nothing;
        foreach (var part in conjuncts)
        {
            found.AddRange(OfCondition(part, known).Select(requirement => requirement.Under(before)));
            if (safety.OfCondition(part, known) is not { } needed)
                break;
            before = before.Union(needed);
            known.UnionWith(Safety.FactsOf(part));
        }
        return found;
    }

    private IReadOnlyList<Requirement> OfCondition(Expression condition, IReadOnlySet<Slot> facts) => condition switch
    {
        Expression.And => OfConjuncts(Compiler.Conjuncts(condition), facts),
        Expression.Or => OfDisjuncts(Compiler.Disjuncts(condition), facts),
        Expression.Binary { Operator: BinaryOperator.Equal } equal => OfEquality(equal.Left, equal.Right, facts) ?? OfEquality(equal.Right, equal.Left, facts) ?? [],
        Expression.Binary { Operator: BinaryOperator.Contains, Left: Expression.SetOf set } contains when ConstantsOf(set) is { } values => OfValue(contains.Right, values, facts) ?? [],
        Expression.Binary { Operator: BinaryOperator.In, Left: Expression.Variable { Name: not RequestVariable.Context } variable } within => OfAncestors(variable.Name, within.Right),
        Expression.Is { Operand: Expression.Variable { Name: not RequestVariable.Context } variable, In: null } type => [OfType(variable.Name, type.EntityType)],
        _ when Slot.AskedBy(condition) is { } slot && safety.OfHolder(slot.Operand, slot.IsTag, facts) is { } needed =>
            [new Requirement(new Facet.PresenceOf(slot), [true], [.. needed])],
        _ => [],
    };

    private List<Requirement> OfDisjuncts(IReadOnlyList<Expression> disjuncts, IReadOnlySet<Slot> facts)
    {
        // Whatever all sides ask of the same facet: each needs one of its values, so that the whole needs one of them all.
        var common = OfCondition(disjuncts[0], facts).DistinctBy(requirement => requirement.Facet).ToDictionary(requirement => requirement.Facet);
        foreach (var disjunct in disjuncts.Skip(1))
        {
            if (common.Count == 0)
                break;
            var others = OfCondition(disjunct, facts).ToLookup(requirement => requirement.Facet);
            foreach (var (facet, requirement) in common.ToArray())
            {
                if (others[facet].FirstOrDefault() is { } other)
                    common[facet] = requirement.Under(other.Assumptions) with { Values = [.. requirement.Values.Union(other.Values)] };
                else
                    common.Remove(facet);
            }
        }
        return [.. common.Values];
    }

    private IReadOnlyList<Requirement>? OfEquality(Expression asked, Expression constant, IReadOnlySet<Slot> facts) =>
        ConstantOf(constant) is { } value ? OfValue(asked, [value], facts) : null;

    private IReadOnlyList<Requirement>? OfValue(Expression asked, ImmutableArray<Value> values, IReadOnlySet<Slot> facts) => asked switch
    {
        Expression.Variable { Name: not RequestVariable.Context } variable => [new Requirement(new Facet.Membership(variable.Name), [.. values.Select(value => value.Entity).OfType<EntityName>()], Nothing)],
        _ when Slot.Of(asked) is { } slot && safety.Of(asked, facts) is { } needed => [new Requirement(new Facet.ValueOf(slot), [.. values.Cast<object>()], [.. needed])],
        _ => null,
    };

    private static IReadOnlyList<Requirement> OfAncestors(RequestVariable variable, Expression ancestors) =>
        ConstantOf(ancestors) is { } value && (value.Entity is { } one ? [one] : value.Set is { } set ? Entities(set) : null) is { } entities
            ? [new Requirement(new Facet.Membership(variable), [.. entities], Nothing)]
            : [];

    // With anything else in the set the condition fails.
    private static EntityName[]? Entities(SetValue set)
    {
        var entities = set.Items.ToArray().Select(item => item.Entity).OfType<EntityName>().ToArray();
        return entities.Length == set.Items.Length ? entities : null;
    }

    private static Value? ConstantOf(Expression expression) =>
        expression is Expression.Literal or Expression.SetOf or Expression.Call && Compiler.Compile(expression) is Node.Literal literal ? literal.Value : null;

    private static ImmutableArray<Value>? ConstantsOf(Expression.SetOf set) => ConstantOf(set) is { Set: { } values } ? [.. values.Items] : null;

    private static Requirement Membership(RequestVariable variable, params IEnumerable<EntityUid> entities) =>
        new(new Facet.Membership(variable), [.. entities.Select(entity => new EntityName(entity))], Nothing);

    private static Requirement OfType(RequestVariable variable, string type) => new(new Facet.OfType(variable), [type], Nothing);
}
