using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;
using static JitAccess.Domain.Policies.Conditions.ConditionSyntax;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>A window of time as far as it has been read: each further expression narrows it.</summary>
/// <param name="Zone">The zone on whose clock it is.</param>
/// <param name="Days">The days left.</param>
/// <param name="From">The minute at which it begins, if that has been read.</param>
/// <param name="To">The minute at which it has ended, if that has been read.</param>
internal sealed record TimeReading(string Zone, ImmutableArray<DayOfWeek> Days, TimeOnly? From, TimeOnly? To)
{
    public static TimeReading Whole(string zone) => new(zone, TimeCondition.EveryDay, null, null);

    /// <summary>Whether nothing has narrowed it yet.</summary>
    public bool IsWhole => From is null && To is null && Days.Length == TimeCondition.EveryDay.Length;

    /// <summary>The zone that the expression asks the clock for, <c>context.request.clock.hasTag("Europe/Berlin")</c>; null if it does not.</summary>
    public static string? ZoneAsked(Expression expression) => expression is Expression.Binary { Operator: BinaryOperator.HasTag, Right: Expression.Literal { Value: CedarString zone } } has && has.Left.Equals(Clock)
        ? zone.Value
        : null;

    /// <summary>What a lone expression says of a clock; null if it is nothing that a window can say.</summary>
    public static TimeReading? Of(Expression expression) => DaysOf(expression) ?? LimitOf(expression) ?? AcrossMidnight(expression);

    /// <summary>The window that is in both; null if that cannot be said as one window.</summary>
    public TimeReading? And(TimeReading other)
    {
        if (other.Zone != Zone || CrossesMidnight || (other.CrossesMidnight && !IsWhole) || (From is not null && other.From is not null) || (To is not null && other.To is not null)) return null;
        TimeReading both = this with { Days = [.. Days.Where(other.Days.Contains)], From = From ?? other.From, To = To ?? other.To };
        // Two limits that leave no time between them would read as a window across midnight.
        return both.Days.IsEmpty || (both.CrossesMidnight && !other.CrossesMidnight) ? null : both;
    }

    /// <summary>The row of the builder.</summary>
    public TimeCondition ToRow(bool isOutside) => new(Zone, Days, From ?? TimeOnly.MinValue, To ?? TimeOnly.MinValue, isOutside);

    private bool CrossesMidnight => From is not null && To is not null && From >= To;

    private static TimeReading? DaysOf(Expression expression)
    {
        bool isNot = expression is Expression.Binary { Operator: BinaryOperator.NotEqual };
        Expression positive = expression is Expression.Binary { Operator: BinaryOperator.NotEqual } differs ? differs with { Operator = BinaryOperator.Equal } : expression;
        if (TextReading.Of(positive) is not { Test: TextTest.OneOf } reading || ZoneOf(reading.Value, "weekday") is not { } zone) return null;
        if (reading.Values.Any(value => TimeCondition.EveryDay.All(day => NameOf(day) != value))) return null;
        ImmutableArray<DayOfWeek> days = [.. TimeCondition.EveryDay.Where(day => reading.Values.Contains(NameOf(day)) != isNot)];
        return new TimeReading(zone, days, null, null);
    }

    private static TimeReading? LimitOf(Expression expression)
    {
        if (expression is Expression.Binary { Left: Expression.Literal } turned && Mirrored(turned.Operator) is { } mirrored)
            expression = new Expression.Binary(mirrored, turned.Right, turned.Left);
        if (expression is not Expression.Binary { Right: Expression.Literal { Value: CedarLong number } } comparison || ZoneOf(comparison.Left, "minute") is not { } zone) return null;
        return comparison.Operator switch
        {
            BinaryOperator.GreaterOrEqual when TimeOf(number.Value) is { } from => Whole(zone) with { From = from },
            BinaryOperator.Greater when TimeOf(number.Value, later: 1) is { } from => Whole(zone) with { From = from },
            BinaryOperator.Less when TimeOf(number.Value) is { } to => Whole(zone) with { To = to },
            BinaryOperator.LessOrEqual when TimeOf(number.Value, later: 1) is { } to => Whole(zone) with { To = to },
            _ => null,
        };
    }

    /// <summary>The two parts of a window across midnight: the evening of its days, and the morning of the days after.</summary>
    private static TimeReading? AcrossMidnight(Expression expression)
    {
        if (expression is not Expression.Or either) return null;
        (TimeReading? evening, TimeReading? morning) = (PartOf(either.Left), PartOf(either.Right));
        if (evening?.From is null) (evening, morning) = (morning, evening);
        bool isWindow = evening is { From: not null, To: null } && morning is { From: null, To: not null } && evening.Zone == morning.Zone && evening.From >= morning.To
            && DaysAfter(evening.Days).SequenceEqual(morning.Days);
        return isWindow ? evening! with { To = morning!.To } : null;

        static TimeReading? PartOf(Expression part) => part is Expression.And both && DaysOf(both.Left) is { } days && LimitOf(both.Right) is { } limit ? days.And(limit) : LimitOf(part);
    }

    private static string? ZoneOf(Expression value, string shows) => value is Expression.GetAttribute { Operand: Expression.Binary { Operator: BinaryOperator.GetTag, Right: Expression.Literal { Value: CedarString zone } } get } of
        && of.Name == shows && get.Left.Equals(Clock) ? zone.Value : null;

    /// <summary>A minute of the day that a limit can say; midnight is none.</summary>
    private static TimeOnly? TimeOf(long minute, int later = 0) => minute >= 1 - later && minute <= 1439 - later ? TimeOnly.MinValue.AddMinutes(minute + later) : null;

    private static BinaryOperator? Mirrored(BinaryOperator comparison) => comparison switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => null,
    };
}
