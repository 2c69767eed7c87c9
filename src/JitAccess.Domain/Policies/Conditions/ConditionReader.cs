using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;
using static JitAccess.Domain.Policies.Conditions.ConditionSyntax;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>Reads a statement as rows, conjunct by conjunct; gives up as soon as one says anything that rows cannot say exactly.</summary>
internal sealed class ConditionReader
{
    private readonly Effect _effect;
    private readonly List<PersonCondition.MemberOf> _head = [];
    private readonly List<Row> _rows = [];
    private readonly List<TimeCondition> _when = [];
    private readonly HashSet<ConditionSubject> _asked = [];
    private readonly HashSet<string> _zonesDemanded = [];

    private ConditionReader(Effect effect) => _effect = effect;

    /// <summary>The rows; null if there are none that say the same.</summary>
    public static PolicyConditions? Read(Statement statement)
    {
        ConditionReader reader = new(statement.Effect);
        return reader.TryHead(statement) && reader.TryConjuncts([.. statement.Conditions.SelectMany(condition => Conjuncts(Negated(condition.Body, condition.IsUnless)))])
            && reader.Result() is { Problems.IsEmpty: true } result ? result : null;
    }

    private PolicyConditions Result()
    {
        // A row that asks for more than presence says that too; the question alone is left where nothing else demands an answer.
        HashSet<ConditionSubject> demanded = [.. _rows.Where(row => row.Test is TextTest.OneOf or TextTest.Like || (_effect == Effect.Permit && row.Test is TextTest.NotOneOf or TextTest.NotLike)).Select(row => row.Subject).OfType<ConditionSubject>()];
        Row[] rows = [.. _rows.Where(row => row.Test != TextTest.Present || !demanded.Contains(row.Subject!))];
        return new PolicyConditions
        {
            Who = [.. _head, .. rows.Select(row => row.Member ?? row.Subject!.PersonRow(row.Test, row.Values)).OfType<PersonCondition>()],
            Nodes = [.. rows.Select(row => row.Subject?.NodeRow(row.Test, row.Values)).OfType<NodeCondition>()],
            When = [.. _when],
        };
    }

    private bool TryHead(Statement statement)
    {
        switch (statement.Principal)
        {
            case Scope.Any or Scope.Is { EntityType: UserType, Ancestor: null }:
                break;
            case Scope.In { Entities: [{ Type: GroupType } group] }:
                _head.Add(new PersonCondition.MemberOf([group.Id]));
                break;
            case Scope.Is { EntityType: UserType, Ancestor: { Type: GroupType } group }:
                _head.Add(new PersonCondition.MemberOf([group.Id]));
                break;
            default:
                return false;
        }
        // The schema has one action: a statement for any action is one for that.
        bool isAction = statement.Action is Scope.Any || statement.Action.Equals(new Scope.Equal(NodeAccessAction)) || statement.Action.Equals(new Scope.In([NodeAccessAction]));
        return isAction && statement.Resource is Scope.Any;
    }

    private bool TryConjuncts(Expression[] conjuncts)
    {
        for (int index = 0; index < conjuncts.Length;)
        {
            if (TryClock(conjuncts, index, out int read))
            {
                index += read;
                continue;
            }
            if (!TryPresence(conjuncts[index]) && !TryGroups(conjuncts[index]) && !TryText(conjuncts[index]) && !TryEachOf(conjuncts[index])) return false;
            index++;
        }
        return true;
    }

    private bool TryPresence(Expression conjunct)
    {
        (Expression positive, bool isNot) = Positive(conjunct);
        if (ConditionSubject.FromPresence(positive) is not { } subject || !positive.Equals(subject.Presence)) return false;
        if (isNot) _rows.Add(new Row(subject, TextTest.Absent, []));
        else if (_asked.Add(subject)) _rows.Add(new Row(subject, TextTest.Present, []));
        return true;
    }

    private bool TryGroups(Expression conjunct)
    {
        (Expression positive, bool isNot) = Positive(conjunct);
        if (!isNot && positive is Expression.Is { EntityType: UserType, In: null } its && its.Operand.Equals(Principal)) return true;
        if (GroupsOf(positive) is not { } groups) return false;
        _rows.Add(new Row(new PersonCondition.MemberOf([.. groups.Distinct()], isNot)));
        return true;
    }

    private bool TryText(Expression conjunct)
    {
        (Expression positive, bool isNot) = Positive(conjunct);
        if (TextReading.Of(positive) is not { } reading || ConditionSubject.FromValue(reading.Value) is not { } subject) return false;
        bool isThere = subject.Presence is null || _asked.Contains(subject);
        // What would fail where the text is missing says something that no row says; so does a permit for whatever has no such text.
        if (!isThere && (!reading.AsksFirst || (isNot && _effect == Effect.Permit))) return false;
        _rows.Add(new Row(subject, (reading.Test, isNot) switch
        {
            (TextTest.OneOf, false) => TextTest.OneOf,
            (TextTest.OneOf, true) => TextTest.NotOneOf,
            (_, false) => TextTest.Like,
            (_, true) => TextTest.NotLike,
        }, reading.Values));
        return true;
    }

    /// <summary>None of several things: each of them is not.</summary>
    private bool TryEachOf(Expression conjunct) =>
        conjunct is Expression.Unary { Operator: UnaryOperator.Not, Operand: Expression.Or either } && TryConjuncts([.. Conjuncts(Not(either.Left)), .. Conjuncts(Not(either.Right))]);

    /// <summary>Reads a window of time that begins at a conjunct, and as many of the following as belong to it.</summary>
    private bool TryClock(Expression[] conjuncts, int start, out int read)
    {
        read = 0;
        int index = start;
        string? asked = TimeReading.ZoneAsked(conjuncts[index]);
        if (asked is not null && ++index == conjuncts.Length) return false;

        if (Inverse(conjuncts[index]) is { } inverse)
        {
            // After "is there such a clock": a permit outside the window, or a forbid where other rows demand the clock anyway.
            bool demanded = _zonesDemanded.Contains(inverse.Zone) || (_effect == Effect.Permit && asked == inverse.Zone);
            bool fits = (asked is null && inverse.AsksFirst && _effect == Effect.Forbid) || demanded;
            if (!fits || (asked is not null && asked != inverse.Zone)) return false;
            if (_effect == Effect.Permit) _zonesDemanded.Add(inverse.Zone);
            _when.Add(inverse.Window.ToRow(isOutside: true));
            read = index + 1 - start;
            return true;
        }

        TimeReading? window = asked is null ? null : TimeReading.Whole(asked);
        if (window is null)
        {
            window = TimeReading.Of(conjuncts[index++]);
            if (window is null || !_zonesDemanded.Contains(window.Zone)) return false;
        }
        while (index < conjuncts.Length && TimeReading.Of(conjuncts[index]) is { } next && window.And(next) is { } both)
        {
            window = both;
            index++;
        }
        if (window.IsWhole) return false;
        _zonesDemanded.Add(window.Zone);
        _when.Add(window.ToRow(isOutside: false));
        read = index - start;
        return true;
    }

    /// <summary>A window that the expression says it must not be in.</summary>
    private static (string Zone, bool AsksFirst, TimeReading Window)? Inverse(Expression conjunct)
    {
        if (conjunct is not Expression.Unary { Operator: UnaryOperator.Not } not) return null;
        Expression[] parts = [.. Conjuncts(not.Operand)];
        if (parts.Length == 0) return null;
        string? asked = TimeReading.ZoneAsked(parts[0]);
        TimeReading? window = asked is null ? TimeReading.Of(parts[0]) : TimeReading.Whole(asked);
        foreach (Expression part in parts.Skip(1)) window = TimeReading.Of(part) is { } next ? window?.And(next) : null;
        return window is { IsWhole: false } ? (window.Zone, asked is not null, window) : null;
    }

    private static IEnumerable<Expression> Conjuncts(Expression expression) => expression switch
    {
        Expression.And both => Conjuncts(both.Left).Concat(Conjuncts(both.Right)),
        Expression.Literal { Value: CedarBool { Value: true } } => [],
        Expression.Unary { Operator: UnaryOperator.Not, Operand: Expression.Unary { Operator: UnaryOperator.Not } twice } => Conjuncts(twice.Operand),
        _ => [expression],
    };

    private static (Expression Positive, bool IsNot) Positive(Expression expression) => expression switch
    {
        Expression.Unary { Operator: UnaryOperator.Not } not => (not.Operand, true),
        Expression.Binary { Operator: BinaryOperator.NotEqual } differs => (differs with { Operator = BinaryOperator.Equal }, true),
        _ => (expression, false),
    };

    private static IEnumerable<string>? GroupsOf(Expression expression) => expression switch
    {
        Expression.Binary { Operator: BinaryOperator.In, Right: Expression.SetOf { Items.IsEmpty: false } set } within when within.Left.Equals(Principal) && set.Items.All(item => GroupOf(item) is not null) =>
            set.Items.Select(item => GroupOf(item)!),
        Expression.Binary { Operator: BinaryOperator.In } within when within.Left.Equals(Principal) && GroupOf(within.Right) is { } group => [group],
        Expression.Is { EntityType: UserType, In: { } ancestor } its when its.Operand.Equals(Principal) && GroupOf(ancestor) is { } group => [group],
        Expression.Or either when GroupsOf(either.Left) is { } left && GroupsOf(either.Right) is { } right => left.Concat(right),
        _ => null,
    };

    private static string? GroupOf(Expression expression) => expression is Expression.Literal { Value: CedarEntityReference { Uid: { Type: GroupType } group } } ? group.Id : null;

    private readonly record struct Row(ConditionSubject? Subject, TextTest Test, IReadOnlyList<string> Values, PersonCondition.MemberOf? Member = null)
    {
        public Row(PersonCondition.MemberOf member)
            : this(null, TextTest.OneOf, [], member)
        {
        }
    }
}
