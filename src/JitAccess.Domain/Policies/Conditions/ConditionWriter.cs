using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;
using static JitAccess.Domain.Policies.Conditions.ConditionSyntax;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>Writes rows as a Cedar statement: one conjunct after the other, each text asked for before it is read.</summary>
internal sealed class ConditionWriter
{
    private readonly Effect _effect;
    private readonly List<Expression> _conjuncts = [];

    /// <summary>Texts that the rows together demand to be there, so that a row may read them once it has been asked.</summary>
    private readonly HashSet<ConditionSubject> _demanded;

    private readonly HashSet<ConditionSubject> _asked = [];

    private ConditionWriter(Effect effect, IEnumerable<TextRow> rows)
    {
        _effect = effect;
        _demanded = [.. rows.Where(Demands).Select(row => row.Subject)];
    }

    public static Statement Write(PolicyConditions conditions, Effect effect)
    {
        ConditionWriter writer = new(effect, conditions.Who.OfType<PersonCondition.Attribute>().Select(RowOf).Concat(conditions.Nodes.Select(RowOf)));

        // One group reads best in the head, where the engine can also sort policies by it.
        PersonCondition.MemberOf? head = conditions.Who.OfType<PersonCondition.MemberOf>().FirstOrDefault(row => !row.IsNot && row.Groups.Length == 1);
        foreach (PersonCondition row in conditions.Who)
        {
            if (ReferenceEquals(row, head)) continue;
            if (row is PersonCondition.MemberOf member) writer._conjuncts.Add(Negated(InAny(member.Groups), member.IsNot));
            else if (row is PersonCondition.Attribute attribute) writer.Add(RowOf(attribute));
        }
        foreach (NodeCondition row in conditions.Nodes) writer.Add(RowOf(row));
        foreach (TimeCondition row in conditions.When) writer.Add(row);

        return new Statement(effect,
            head is null ? new Scope.Any() : new Scope.In([Group(head.Groups[0])]),
            new Scope.Equal(NodeAccessAction),
            new Scope.Any(),
            writer._conjuncts.Count == 0 ? [] : [new Condition(false, All(writer._conjuncts))]);
    }

    private bool Demands(TextRow row) => row.Test is TextTest.OneOf or TextTest.Like or TextTest.Present
        || (_effect == Effect.Permit && row.Test is TextTest.NotOneOf or TextTest.NotLike);

    private void Add(TextRow row)
    {
        (ConditionSubject subject, TextTest test, ImmutableArray<string> values) = row;
        if (test == TextTest.Absent)
        {
            _conjuncts.Add(Not(subject.Presence!));
            return;
        }
        bool isReadable = subject.Presence is null || _demanded.Contains(subject);
        if (isReadable && subject.Presence is not null && _asked.Add(subject)) _conjuncts.Add(subject.Presence);
        if (test == TextTest.Present) return;

        Expression positive = test is TextTest.OneOf or TextTest.NotOneOf ? OneOf(subject.Value, values) : LikeAny(subject.Value, values);
        _conjuncts.Add(test switch
        {
            TextTest.OneOf or TextTest.Like => positive,
            _ when !isReadable => Not(new Expression.And(subject.Presence!, positive)),
            TextTest.NotOneOf when values.Distinct().Count() == 1 => new Expression.Binary(BinaryOperator.NotEqual, subject.Value, ConditionSubject.Text(values[0])),
            _ => Not(positive),
        });
    }

    private void Add(TimeCondition row)
    {
        Expression hasClock = new Expression.Binary(BinaryOperator.HasTag, Clock, ConditionSubject.Text(row.Zone));
        ImmutableArray<Expression> window = [.. Window(row)];
        if (!row.IsOutside) _conjuncts.AddRange([hasClock, .. window]);
        // Without that clock nobody knows whether it is time: then a forbid holds and a permit does not.
        else if (_effect == Effect.Forbid) _conjuncts.Add(Not(All([hasClock, .. window])));
        else _conjuncts.AddRange([hasClock, Not(All(window))]);
    }

    private static IEnumerable<Expression> Window(TimeCondition row)
    {
        Expression days = OnDays(row.Zone, row.OrderedDays);
        Expression begun = Compare(row.Zone, BinaryOperator.GreaterOrEqual, row.From);
        Expression notEnded = Compare(row.Zone, BinaryOperator.Less, row.To);
        if (row.CrossesMidnight)
        {
            yield return row.IsOnEveryDay
                ? new Expression.Or(begun, notEnded)
                : new Expression.Or(new Expression.And(days, begun), new Expression.And(OnDays(row.Zone, DaysAfter(row.OrderedDays)), notEnded));
            yield break;
        }
        if (!row.IsOnEveryDay) yield return days;
        if (row.From != TimeOnly.MinValue) yield return begun;
        if (row.To != TimeOnly.MinValue) yield return notEnded;
    }

    private static TextRow RowOf(PersonCondition.Attribute row) => new(ConditionSubject.Of(row.Name), row.Test, row.Values);

    private static TextRow RowOf(NodeCondition row) => row switch
    {
        NodeCondition.Tag tag => new TextRow(ConditionSubject.OfTag(tag.Key), tag.Test, tag.Values),
        NodeCondition.Property property => new TextRow(ConditionSubject.Of(property.Name), property.Test, property.Values),
        _ => throw new ArgumentOutOfRangeException(nameof(row)),
    };

    private readonly record struct TextRow(ConditionSubject Subject, TextTest Test, ImmutableArray<string> Values);
}
