using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

internal abstract partial class Node
{
    /// <summary><c>[a, b]</c>.</summary>
    internal sealed class SetOf(Node[] items) : Node
    {
        public override Value Evaluate(Question question)
        {
            var values = new Value[items.Length];
            for (var index = 0; index < items.Length; index++)
            {
                values[index] = items[index].Evaluate(question);
                if (values[index].IsFailure)
                    return values[index];
            }
            return new Value(new SetValue(values));
        }
    }

    /// <summary><c>{name: value}</c>.</summary>
    internal sealed class RecordOf(string[] names, Node[] items) : Node
    {
        public override Value Evaluate(Question question)
        {
            var values = new KeyValuePair<string, Value>[items.Length];
            for (var index = 0; index < items.Length; index++)
            {
                var value = items[index].Evaluate(question);
                if (value.IsFailure)
                    return value;
                values[index] = KeyValuePair.Create(names[index], value);
            }
            return new Value(new RecordValue(values));
        }
    }

    /// <summary><c>operand.isEmpty()</c>.</summary>
    internal sealed class IsEmpty(Node operand) : Node
    {
        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            return value.Set is { } set ? Value.Of(set.Items.IsEmpty) : NotSet(value, question);
        }
    }

    /// <summary><c>left.contains(right)</c>, <c>left.containsAll(right)</c> or <c>left.containsAny(right)</c>.</summary>
    internal sealed class Contains(BinaryOperator op, Node left, Node right) : Node
    {
        public override Value Evaluate(Question question)
        {
            var leftValue = left.Evaluate(question);
            if (leftValue.Set is not { } set)
                return NotSet(leftValue, question);
            var rightValue = right.Evaluate(question);
            if (rightValue.IsFailure)
                return rightValue;
            if (op == BinaryOperator.Contains)
                return Value.Of(set.Contains(rightValue));
            if (rightValue.Set is not { } other)
                return NotSet(rightValue, question);
            return Value.Of(op == BinaryOperator.ContainsAll ? set.ContainsAll(other) : set.ContainsAny(other));
        }
    }

    /// <summary><c>operand like "…"</c>.</summary>
    internal sealed class Like(Node operand, LikePattern pattern) : Node
    {
        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            if (value.Text is { } text)
                return Value.Of(pattern.Matches(text));
            return value.IsFailure ? value : Failures.Type("string", value, question.SaysWhy);
        }
    }

    /// <summary>A function or method of an extension type.</summary>
    internal sealed class Call(ExtensionFunction function, Node first, Node? second) : Node
    {
        public override Value Evaluate(Question question)
        {
            var firstValue = first.Evaluate(question);
            if (firstValue.IsFailure)
                return firstValue;
            var secondValue = second is null ? default : second.Evaluate(question);
            return secondValue.IsFailure ? secondValue : function.Apply(firstValue, secondValue, question.SaysWhy);
        }
    }

    private static Value NotSet(Value value, Question question) => value.IsFailure ? value : Failures.Type("set", value, question.SaysWhy);
}
