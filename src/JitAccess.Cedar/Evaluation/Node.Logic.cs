namespace JitAccess.Cedar.Evaluation;

internal abstract partial class Node
{
    /// <summary>A chain of <c>&amp;&amp;</c>; what follows the first false is not looked at.</summary>
    internal sealed class All(Node[] parts) : Node
    {
        public override Value Evaluate(Question question)
        {
            foreach (var part in parts)
            {
                var value = part.Evaluate(question);
                if (!value.IsTrue)
                    return value.IsFalse ? value : NotBool(value, question);
            }
            return Value.True;
        }
    }

    /// <summary>A chain of <c>||</c>; what follows the first true is not looked at.</summary>
    internal sealed class Any(Node[] parts) : Node
    {
        public override Value Evaluate(Question question)
        {
            foreach (var part in parts)
            {
                var value = part.Evaluate(question);
                if (!value.IsFalse)
                    return value.IsTrue ? value : NotBool(value, question);
            }
            return Value.False;
        }
    }

    /// <summary><c>!operand</c>.</summary>
    internal sealed class Not(Node operand) : Node
    {
        public override Value Evaluate(Question question)
        {
            var value = operand.Evaluate(question);
            return value.IsBool ? Value.Of(value.IsFalse) : NotBool(value, question);
        }
    }

    /// <summary><c>if condition then then else otherwise</c>; the other branch is not looked at.</summary>
    internal sealed class If(Node condition, Node then, Node otherwise) : Node
    {
        public override Value Evaluate(Question question)
        {
            var value = condition.Evaluate(question);
            return value.IsTrue ? then.Evaluate(question) : value.IsFalse ? otherwise.Evaluate(question) : NotBool(value, question);
        }
    }

    /// <summary><c>left == right</c>, or <c>left != right</c>.</summary>
    internal sealed class Equal(Node left, Node right, bool isNegated) : Node
    {
        public override Value Evaluate(Question question)
        {
            var leftValue = left.Evaluate(question);
            if (leftValue.IsFailure)
                return leftValue;
            var rightValue = right.Evaluate(question);
            return rightValue.IsFailure ? rightValue : Value.Of(leftValue.Equals(rightValue) != isNegated);
        }
    }

    /// <summary>The failure of a part that is no truth value: its own, or that it is something else.</summary>
    internal static Value NotBool(Value value, Question question) => value.IsFailure ? value : Failures.Type("bool", value, question.SaysWhy);
}
