namespace JitAccess.Cedar.Evaluation;

/// <summary>
/// A compiled expression. Immutable; safe to use from many threads, each with a <see cref="Question"/> of its own. A failure of a part that
/// is looked at is the failure of the whole.
/// </summary>
internal abstract partial class Node
{
    private Node()
    {
    }

    /// <summary>The expression's value for the request, or a failure.</summary>
    public abstract Value Evaluate(Question question);

    /// <summary>A value written in the policy.</summary>
    internal sealed class Literal(Value value) : Node
    {
        public Value Value => value;

        public override Value Evaluate(Question question) => value;
    }

    /// <summary>An expression that never has a value.</summary>
    internal sealed class Broken(string why) : Node
    {
        public override Value Evaluate(Question question) => Failures.Say(question.SaysWhy, $"{why}");
    }
}
