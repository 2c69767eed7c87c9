using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>The pieces of Cedar that rows are written with.</summary>
internal static class ConditionSyntax
{
    public const string GroupType = "AWS::IdentityStore::Group";

    public const string UserType = "AWS::IdentityStore::User";

    public static readonly EntityUid NodeAccessAction = new("AWS::SSM::Action", "getTokenForInstanceAccess");

    public static readonly Expression Principal = new Expression.Variable(RequestVariable.Principal);

    /// <summary><c>context.request.clock</c></summary>
    public static readonly Expression Clock =
        new Expression.GetAttribute(new Expression.GetAttribute(new Expression.Variable(RequestVariable.Context), "request"), "clock");

    public static EntityUid Group(string id) => new(GroupType, id);

    public static Expression InAny(ImmutableArray<string> groups) => new Expression.Binary(BinaryOperator.In, Principal, groups.Distinct().Count() == 1
        ? GroupLiteral(groups[0])
        : new Expression.SetOf([.. groups.Distinct().Select(GroupLiteral)]));

    public static Expression OneOf(Expression value, ImmutableArray<string> values) => values.Distinct().Count() == 1
        ? new Expression.Binary(BinaryOperator.Equal, value, ConditionSubject.Text(values[0]))
        : new Expression.Binary(BinaryOperator.Contains, new Expression.SetOf([.. values.Distinct().Select(ConditionSubject.Text)]), value);

    public static Expression LikeAny(Expression value, ImmutableArray<string> patterns) => patterns.Distinct()
        .Select(Expression (pattern) => new Expression.Like(value, TextPattern.ToPieces(pattern)))
        .Aggregate((left, right) => new Expression.Or(left, right));

    public static Expression Not(Expression expression) => new Expression.Unary(UnaryOperator.Not, expression);

    public static Expression Negated(Expression expression, bool isNot) => isNot ? Not(expression) : expression;

    public static Expression All(IEnumerable<Expression> conjuncts) => conjuncts.Aggregate((left, right) => new Expression.And(left, right));

    /// <summary>What the clock of a zone shows: <c>weekday</c> or <c>minute</c>.</summary>
    public static Expression ClockOf(string zone, string shows) =>
        new Expression.GetAttribute(new Expression.Binary(BinaryOperator.GetTag, Clock, ConditionSubject.Text(zone)), shows);

    public static Expression OnDays(string zone, ImmutableArray<DayOfWeek> days) => OneOf(ClockOf(zone, "weekday"), [.. days.Select(NameOf)]);

    public static Expression Compare(string zone, BinaryOperator comparison, TimeOnly time) =>
        new Expression.Binary(comparison, ClockOf(zone, "minute"), new Expression.Literal((long)(time.Hour * 60 + time.Minute)));

    /// <summary>The day as the clock shows it: <c>Mon</c>.</summary>
    public static string NameOf(DayOfWeek day) => day.ToString()[..3];

    public static ImmutableArray<DayOfWeek> DaysAfter(ImmutableArray<DayOfWeek> days) =>
        [.. TimeCondition.EveryDay.Where(day => days.Contains((DayOfWeek)(((int)day + 6) % 7)))];

    private static Expression GroupLiteral(string id) => new Expression.Literal(Group(id));
}
