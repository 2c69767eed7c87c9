using System.Collections.Immutable;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

/// <summary>One demand of a statement with what it takes to explain it.</summary>
internal sealed class ExplainedClause
{
    private readonly string _text;
    private readonly Func<Question, Value> _evaluate;
    private readonly (string Text, Node Node)[] _lookups;

    private ExplainedClause(string text, Func<Question, Value> evaluate, IEnumerable<Expression> lookups)
    {
        _text = text;
        _evaluate = evaluate;
        _lookups = [.. lookups.Select(lookup => (lookup.ToString(), Compiler.Compile(lookup)))];
    }

    /// <summary>A demand of a statement's head.</summary>
    public static ExplainedClause Of(RequestVariable variable, Scope scope, Func<Question, bool> holds) =>
        new(scope.ToString(variable), question => Value.Of(holds(question)), [new Expression.Variable(variable)]);

    /// <summary>A demand of a condition.</summary>
    public static ExplainedClause Of(CompiledStatement.Demand demand, Node node) =>
        new(demand.IsUnless ? $"unless {demand.Body}" : demand.Body.ToString(), node.Evaluate, Lookups.Of(demand.Body));

    /// <param name="question">The request, which says why something fails.</param>
    /// <param name="isSettled">
    /// Whether something before this clause had settled that the statement does not match. The clause is shown all the same, because people want
    /// to know every unmet demand, unless it fails: that may be just what the clause before guards against.
    /// </param>
    public ClauseExplanation Explain(Question question, bool isSettled)
    {
        var value = _evaluate(question);
        if (!value.IsBool)
            value = Node.NotBool(value, question);
        var outcome = value switch
        {
            { IsTrue: true } => ExplainedOutcome.Held,
            { IsFalse: true } => ExplainedOutcome.DidNotHold,
            _ => isSettled ? ExplainedOutcome.NotReached : ExplainedOutcome.Failed,
        };
        return new ClauseExplanation(_text, outcome, Seen(question), outcome == ExplainedOutcome.Failed ? value.Failure!.Message : null);
    }

    private ImmutableArray<SeenValue> Seen(Question question) =>
        [.. _lookups.Select(lookup => new SeenValue(lookup.Text, lookup.Node.Evaluate(question) is { IsFailure: false } value ? value.ToString() : "absent"))];
}
