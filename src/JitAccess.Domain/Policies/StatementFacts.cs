using System.Collections.Immutable;
using System.Globalization;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies;

/// <summary>What Cedar statements look at, read off their text taken apart.</summary>
public static class StatementFacts
{
    /// <summary>The names of the time zones whose clock the statement reads, as it writes them, known to the system or not.</summary>
    public static ImmutableArray<string> ZonesOf(Statement statement) =>
    [
        .. PartsOf(statement).OfType<Expression.Binary>()
            .Where(part => part.Operator is BinaryOperator.HasTag or BinaryOperator.GetTag && PartsOf(part.Left).Any(of => of is Expression.GetAttribute { Name: "clock" }))
            .SelectMany(part => PartsOf(part.Right)).Select(TextOf).OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The instants that the statement names, <c>datetime("2026-12-24")</c>: what it says may change there.</summary>
    public static ImmutableArray<DateTimeOffset> InstantsOf(Statement statement) =>
    [
        .. PartsOf(statement).Select(part => part is Expression.Call { Function: "datetime", Arguments: [var argument] } && TextOf(argument) is { } text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant) ? instant : (DateTimeOffset?)null)
            .OfType<DateTimeOffset>().Distinct().Order(),
    ];

    /// <summary>The groups that the statement names.</summary>
    public static ImmutableArray<string> GroupsOf(Statement statement) =>
    [
        .. ClauseWords.ClausesOf(statement).SelectMany(clause => PartsOf(clause.Body))
            .Select(part => part is Expression.Literal { Value: CedarEntityReference { Uid: { Type: "AWS::IdentityStore::Group" } group } } ? group.Id : null)
            .OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>What the statement looks at beside the person and the node.</summary>
    public static RequestFacts RequestFactsOf(Statement statement) =>
        statement.Conditions.Aggregate(RequestFacts.None, (facts, condition) => facts | RequestFactsOf(condition.Body));

    /// <summary>The expression and every one inside it, from the outside in.</summary>
    internal static IEnumerable<Expression> PartsOf(Expression expression)
    {
        Stack<Expression> open = new([expression]);
        while (open.TryPop(out Expression? part))
        {
            yield return part;
            foreach (Expression inner in DirectPartsOf(part)) open.Push(inner);
        }
    }

    private static IEnumerable<Expression> PartsOf(Statement statement) => statement.Conditions.SelectMany(condition => PartsOf(condition.Body));

    private static string? TextOf(Expression expression) => expression is Expression.Literal { Value: CedarString text } ? text.Value : null;

    private static RequestFacts RequestFactsOf(Expression expression)
    {
        RequestFacts facts = RequestFacts.None;
        Stack<Expression> open = new([expression]);
        while (open.TryPop(out Expression? part))
        {
            switch (part)
            {
                case Expression.GetAttribute { Operand: Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Context }, Name: "request" }, Name: var fact }:
                    facts |= fact switch
                    {
                        "time" or "clock" => RequestFacts.Time,
                        "reason" => RequestFacts.Reason,
                        "durationHours" => RequestFacts.Duration,
                        "breakGlass" => RequestFacts.BreakGlass,
                        _ => RequestFacts.None,
                    };
                    break;
                case Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Context }, Name: "iam" }:
                    break;
                // The context as a whole, compared or passed on: whatever is in it may matter.
                case Expression.Variable { Name: RequestVariable.Context }:
                    return RequestFacts.All;
                default:
                    foreach (Expression inner in DirectPartsOf(part)) open.Push(inner);
                    break;
            }
        }
        return facts;
    }

    /// <summary>The expressions that the expression is made of.</summary>
    internal static IEnumerable<Expression> DirectPartsOf(Expression expression) => expression switch
    {
        Expression.And and => [and.Left, and.Right],
        Expression.Or or => [or.Left, or.Right],
        Expression.Unary unary => [unary.Operand],
        Expression.Binary binary => [binary.Left, binary.Right],
        Expression.If choice => [choice.Condition, choice.Then, choice.Otherwise],
        Expression.GetAttribute get => [get.Operand],
        Expression.HasAttribute has => [has.Operand],
        Expression.Like like => [like.Operand],
        Expression.Is { In: { } ancestor } its => [its.Operand, ancestor],
        Expression.Is its => [its.Operand],
        Expression.SetOf set => set.Items,
        Expression.RecordOf record => record.Attributes.Select(attribute => attribute.Value),
        Expression.Call call => call.Arguments,
        _ => [],
    };
}
