using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

internal abstract partial class Node
{
    /// <summary><c>-operand</c>.</summary>
    internal sealed class Negate(Node operand) : Node
    {
        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            if (!value.IsLong)
                return NotLong(value, question);
            return value.Number == long.MinValue
                ? Failures.Say(question.SaysWhy, $"integer overflow: -({value.Number})")
                : Value.Of(-value.Number);
        }
    }

    /// <summary><c>left + right</c>, <c>left - right</c> or <c>left * right</c>, in 64 bits.</summary>
    internal sealed class Arithmetic(BinaryOperator op, Node left, Node right) : Node
    {
        public override Value Evaluate(Question question)
        {
            var leftValue = left.Evaluate(question);
            if (!leftValue.IsLong)
                return NotLong(leftValue, question);
            var rightValue = right.Evaluate(question);
            if (!rightValue.IsLong)
                return NotLong(rightValue, question);

            var exact = op switch
            {
                BinaryOperator.Add => (Int128)leftValue.Number + rightValue.Number,
                BinaryOperator.Subtract => (Int128)leftValue.Number - rightValue.Number,
                _ => (Int128)leftValue.Number * rightValue.Number,
            };
            var result = (long)exact;
            return result == exact
                ? Value.Of(result)
                : Failures.Say(question.SaysWhy, $"integer overflow: {leftValue.Number} {op switch { BinaryOperator.Add => "+", BinaryOperator.Subtract => "-", _ => "*" }} {rightValue.Number}");
        }
    }

    /// <summary><c>left &lt; right</c> and the like, of numbers, points in time or durations.</summary>
    internal sealed class Compare(BinaryOperator op, Node left, Node right) : Node
    {
        public override Value Evaluate(Question question)
        {
            var leftValue = left.Evaluate(question);
            if (leftValue.IsFailure)
                return leftValue;
            var rightValue = right.Evaluate(question);
            if (rightValue.IsFailure)
                return rightValue;
            if (!HasOrder(leftValue.NumberKind))
                return Failures.Type(HasOrder(rightValue.NumberKind) ? rightValue.TypeName : "long, datetime or duration", leftValue, question.SaysWhy);
            if (leftValue.NumberKind != rightValue.NumberKind)
                return Failures.Type(leftValue.TypeName, rightValue, question.SaysWhy);
            return Value.Of(op switch
            {
                BinaryOperator.Less => leftValue.Number < rightValue.Number,
                BinaryOperator.LessOrEqual => leftValue.Number <= rightValue.Number,
                BinaryOperator.Greater => leftValue.Number > rightValue.Number,
                _ => leftValue.Number >= rightValue.Number,
            });
        }

        private static bool HasOrder(NumberKind? kind) => kind == NumberKind.Long || kind == NumberKind.DateTime || kind == NumberKind.Duration;
    }

    private static Value NotLong(Value value, Question question) => value.IsFailure ? value : Failures.Type("long", value, question.SaysWhy);
}
