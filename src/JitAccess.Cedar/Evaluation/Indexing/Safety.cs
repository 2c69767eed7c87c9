using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation.Indexing;

/// <summary>
/// Finds expressions that cannot fail, under facts that earlier conditions established (<c>resource.hasTag("env")</c> came out true) and under
/// assumptions that it writes down. What it does not understand may fail.
/// </summary>
internal sealed class Safety
{
    // Each is checked with each decision.
    private const int MostAssumptions = 32;

    private readonly Dictionary<Assumption, int> _assumptions = [];

    /// <summary>All assumptions written down so far, by their number.</summary>
    public IReadOnlyDictionary<Assumption, int> Assumptions => _assumptions;

    /// <summary>The assumptions under which a condition is true or false and never fails; null when it may fail.</summary>
    public HashSet<int>? OfCondition(Expression expression, IReadOnlySet<Slot> facts)
    {
        var needed = new HashSet<int>();
        return Has(expression, ValueType.Bool, facts, needed) ? needed : null;
    }

    /// <summary>The assumptions under which an expression has a value; null when it may fail.</summary>
    public HashSet<int>? Of(Expression expression, IReadOnlySet<Slot> facts)
    {
        var needed = new HashSet<int>();
        return TypeOf(expression, facts, needed) is not null ? needed : null;
    }

    /// <summary>The assumptions under which an expression is an entity or a record; null when it may be something else or fail.</summary>
    public HashSet<int>? OfHolder(Expression expression, bool ofTags, IReadOnlySet<Slot> facts)
    {
        var needed = new HashSet<int>();
        return IsHolder(expression, ofTags, facts, needed) ? needed : null;
    }

    /// <summary>What is there when a condition came out true.</summary>
    public static IEnumerable<Slot> FactsOf(Expression condition) =>
        Compiler.Conjuncts(condition).Select(Slot.AskedBy).OfType<Slot>();

    private bool IsHolder(Expression expression, bool ofTags, IReadOnlySet<Slot> facts, HashSet<int> needed) =>
        TypeOf(expression, facts, needed) switch
        {
            ValueType.Entity => true,
            ValueType.Record => !ofTags,
            // Attributes of what is itself an attribute: a record in the context, unless its tags are asked.
            ValueType.Unknown => Slot.Of(expression) is { } slot && Assume(new Assumption(slot, ofTags ? ValueType.Entity : ValueType.Record, IsPresent: false), needed),
            _ => false,
        };

    private bool Has(Expression expression, ValueType type, IReadOnlySet<Slot> facts, HashSet<int> needed) =>
        TypeOf(expression, facts, needed) is { } known
        && (known == type
            || (type == ValueType.Set && known == ValueType.Entities)
            || (known == ValueType.Unknown && Slot.Of(expression) is { } slot && Assume(new Assumption(slot, type, IsPresent: false), needed)));

    /// <summary>The type of an expression that cannot fail; null for one that may.</summary>
    private ValueType? TypeOf(Expression expression, IReadOnlySet<Slot> facts, HashSet<int> needed)
    {
        switch (expression)
        {
            case Expression.Literal literal:
                return literal.Value switch
                {
                    CedarBool => ValueType.Bool,
                    CedarLong => ValueType.Long,
                    CedarString => ValueType.Text,
                    CedarEntityReference => ValueType.Entity,
                    _ => ValueType.Unknown,
                };
            case Expression.Variable variable:
                return variable.Name == RequestVariable.Context ? ValueType.Record : ValueType.Entity;
            case Expression.And:
                return Conjunction(expression, facts, needed);
            case Expression.Or:
                return Bool(Compiler.Disjuncts(expression).All(part => Has(part, ValueType.Bool, facts, needed)));
            case Expression.Unary { Operator: UnaryOperator.Not } not:
                return Bool(Has(not.Operand, ValueType.Bool, facts, needed));
            case Expression.Unary { Operator: UnaryOperator.IsEmpty } isEmpty:
                return Bool(Has(isEmpty.Operand, ValueType.Set, facts, needed));
            case Expression.GetAttribute or Expression.Binary { Operator: BinaryOperator.GetTag }:
                return OfSlot(Slot.Of(expression), facts, needed);
            case Expression.HasAttribute has:
                return Bool(IsHolder(has.Operand, ofTags: false, facts, needed));
            case Expression.Binary { Operator: BinaryOperator.HasTag } hasTag:
                return Bool(IsHolder(hasTag.Left, ofTags: true, facts, needed) && Has(hasTag.Right, ValueType.Text, facts, needed));
            case Expression.Binary binary:
                return Binary(binary, facts, needed);
            case Expression.Like like:
                return Bool(Has(like.Operand, ValueType.Text, facts, needed));
            case Expression.Is type:
                return Bool(Has(type.Operand, ValueType.Entity, facts, needed) && (type.In is null || IsEntities(type.In, facts, needed)));
            case Expression.SetOf set:
                return OfSet(set, facts, needed);
            case Expression.RecordOf record:
                return record.Attributes.All(attribute => TypeOf(attribute.Value, facts, needed) is not null) ? ValueType.Record : null;
            case Expression.Call call:
                return OfCall(call, facts, needed);
            default:
                return null;
        }
    }

    private ValueType? Conjunction(Expression expression, IReadOnlySet<Slot> facts, HashSet<int> needed)
    {
        var known = new HashSet<Slot>(facts);
        foreach (var part in Compiler.Conjuncts(expression))
        {
            if (!Has(part, ValueType.Bool, known, needed))
                return null;
            known.UnionWith(FactsOf(part));
        }
        return ValueType.Bool;
    }

    private ValueType? OfSlot(Slot? slot, IReadOnlySet<Slot> facts, HashSet<int> needed)
    {
        if (slot is null || TypeOf(slot.Operand, facts, needed) is null)
            return null;
        if (facts.Contains(slot))
            return ValueType.Unknown;
        // Validated policies read a tag only behind a check that it is there, but an attribute without one when the schema promises it.
        return !slot.IsTag && Assume(new Assumption(slot, ValueType.Unknown, IsPresent: true), needed) ? ValueType.Unknown : null;
    }

    private ValueType? Binary(Expression.Binary binary, IReadOnlySet<Slot> facts, HashSet<int> needed)
    {
        switch (binary.Operator)
        {
            case BinaryOperator.Equal or BinaryOperator.NotEqual:
                return Bool(TypeOf(binary.Left, facts, needed) is not null && TypeOf(binary.Right, facts, needed) is not null);
            case BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual:
                var type = Ordered(TypeOf(binary.Left, facts, needed)) ?? Ordered(TypeOf(binary.Right, facts, needed));
                return Bool(type is { } ordered && Has(binary.Left, ordered, facts, needed) && Has(binary.Right, ordered, facts, needed));
            case BinaryOperator.In:
                return Bool(Has(binary.Left, ValueType.Entity, facts, needed) && IsEntities(binary.Right, facts, needed));
            case BinaryOperator.Contains:
                return Bool(Has(binary.Left, ValueType.Set, facts, needed) && TypeOf(binary.Right, facts, needed) is not null);
            case BinaryOperator.ContainsAll or BinaryOperator.ContainsAny:
                return Bool(Has(binary.Left, ValueType.Set, facts, needed) && Has(binary.Right, ValueType.Set, facts, needed));
            default:
                // Arithmetic may overflow.
                return null;
        }
    }

    private ValueType? OfSet(Expression.SetOf set, IReadOnlySet<Slot> facts, HashSet<int> needed)
    {
        var onlyEntities = true;
        foreach (var item in set.Items)
        {
            if (TypeOf(item, facts, needed) is not { } type)
                return null;
            onlyEntities &= type == ValueType.Entity;
        }
        return onlyEntities ? ValueType.Entities : ValueType.Set;
    }

    private ValueType? OfCall(Expression.Call call, IReadOnlySet<Slot> facts, HashSet<int> needed)
    {
        if (Compiler.Compile(call) is Node.Literal)
        {
            return call.Function switch
            {
                "decimal" => ValueType.Decimal,
                "ip" => ValueType.Ip,
                "datetime" => ValueType.DateTime,
                "duration" => ValueType.Duration,
                _ => ValueType.Unknown,
            };
        }
        return (call.Function, call.Arguments) switch
        {
            ("isIpv4" or "isIpv6" or "isLoopback" or "isMulticast", [var ip]) => Bool(Has(ip, ValueType.Ip, facts, needed)),
            ("isInRange", [var ip, var range]) => Bool(Has(ip, ValueType.Ip, facts, needed) && Has(range, ValueType.Ip, facts, needed)),
            ("lessThan" or "lessThanOrEqual" or "greaterThan" or "greaterThanOrEqual", [var left, var right]) =>
                Bool(Has(left, ValueType.Decimal, facts, needed) && Has(right, ValueType.Decimal, facts, needed)),
            ("toTime", [var time]) => Has(time, ValueType.DateTime, facts, needed) ? ValueType.Duration : null,
            ("toMilliseconds" or "toSeconds" or "toMinutes" or "toHours" or "toDays", [var span]) => Has(span, ValueType.Duration, facts, needed) ? ValueType.Long : null,
            _ => null,
        };
    }

    private bool IsEntities(Expression expression, IReadOnlySet<Slot> facts, HashSet<int> needed) =>
        TypeOf(expression, facts, needed) is ValueType.Entities || Has(expression, ValueType.Entity, facts, needed);

    private bool Assume(Assumption assumption, HashSet<int> needed)
    {
        // All tags of an entity are texts or none is worth an assumption.
        if (assumption.Slot.IsTag)
        {
            if (assumption.Type != ValueType.Text)
                return false;
            assumption = assumption with { Slot = assumption.Slot with { Name = "" } };
        }
        if (!_assumptions.TryGetValue(assumption, out var number))
        {
            if (_assumptions.Count == MostAssumptions)
                return false;
            _assumptions.Add(assumption, number = _assumptions.Count);
        }
        needed.Add(number);
        return true;
    }

    private static ValueType? Ordered(ValueType? type) => type is ValueType.Long or ValueType.DateTime or ValueType.Duration ? type : null;

    private static ValueType? Bool(bool isSafe) => isSafe ? ValueType.Bool : null;
}
