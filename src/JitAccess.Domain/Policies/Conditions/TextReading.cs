using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>An expression that compares one text with values or patterns, any of which will do.</summary>
/// <param name="Value">The text.</param>
/// <param name="Test"><see cref="TextTest.OneOf"/> or <see cref="TextTest.Like"/>.</param>
/// <param name="Values">The values or patterns.</param>
/// <param name="AsksFirst">Whether it asks itself whether the text is there.</param>
internal sealed record TextReading(Expression Value, TextTest Test, IReadOnlyList<string> Values, bool AsksFirst)
{
    /// <summary>What the expression compares; null if it is no such comparison.</summary>
    public static TextReading? Of(Expression expression) => expression switch
    {
        Expression.Binary { Operator: BinaryOperator.Equal, Right: Expression.Literal { Value: CedarString text } } equal => new(equal.Left, TextTest.OneOf, [text.Value], false),
        Expression.Binary { Operator: BinaryOperator.Equal, Left: Expression.Literal { Value: CedarString text } } equal => new(equal.Right, TextTest.OneOf, [text.Value], false),
        Expression.Binary { Operator: BinaryOperator.Contains, Left: Expression.SetOf { Items.IsEmpty: false } set } contains when TextsOf(set) is { } texts =>
            new(contains.Right, TextTest.OneOf, texts, false),
        Expression.Like like => new(like.Operand, TextTest.Like, [TextPattern.FromPieces(like.Pattern)], false),
        Expression.And both when ConditionSubject.FromPresence(both.Left) is { } subject && Of(both.Right) is { } reading && reading.Value.Equals(subject.Value) => reading with { AsksFirst = true },
        Expression.Or either when Of(either.Left) is { } left && Of(either.Right) is { } right && left.Value.Equals(right.Value) => Either(left, right),
        _ => null,
    };

    private static TextReading Either(TextReading left, TextReading right)
    {
        bool isEqualities = left.Test == TextTest.OneOf && right.Test == TextTest.OneOf;
        IEnumerable<string> values = isEqualities ? left.Values.Concat(right.Values) : left.Patterns.Concat(right.Patterns);
        return new TextReading(left.Value, isEqualities ? TextTest.OneOf : TextTest.Like, [.. values.Distinct()], left.AsksFirst && right.AsksFirst);
    }

    private IEnumerable<string> Patterns => Test == TextTest.Like ? Values : Values.Select(TextPattern.Escape);

    private static string[]? TextsOf(Expression.SetOf set)
    {
        string[] texts = [.. set.Items.Select(item => item is Expression.Literal { Value: CedarString text } ? text.Value : null).OfType<string>()];
        return texts.Length == set.Items.Length ? texts : null;
    }
}
