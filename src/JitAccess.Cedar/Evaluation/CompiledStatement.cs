using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

/// <summary>One statement ready to be asked.</summary>
internal sealed class CompiledStatement
{
    private readonly CompiledScope _principal;
    private readonly CompiledScope _action;
    private readonly CompiledScope _resource;
    private readonly Node[] _demands;
    private ExplainedClause[]? _clauses;

    /// <exception cref="CedarEngineException">The statement is nested too deeply.</exception>
    public CompiledStatement(string id, Statement syntax)
    {
        Id = id;
        Syntax = syntax;
        _principal = new CompiledScope(syntax.Principal);
        _action = new CompiledScope(syntax.Action);
        _resource = new CompiledScope(syntax.Resource);
        _demands = [.. DemandsOf(syntax).Select(demand => Compiler.Compile(demand.AsCondition))];
    }

    public string Id { get; }

    public Statement Syntax { get; }

    /// <summary>The conditions taken apart at their top: a statement matches when its head does and each of these, one after the other, is true.</summary>
    public static IEnumerable<Demand> DemandsOf(Statement statement) => statement.Conditions.SelectMany(condition =>
        condition.IsUnless
            ? [new Demand(condition.Body, IsUnless: true)]
            : Compiler.Conjuncts(condition.Body).Select(part => new Demand(part, IsUnless: false)));

    /// <summary>True when the statement matches, false when not, or the failure of the first demand that fails before one is false.</summary>
    public Value Evaluate(Question question)
    {
        if (!_action.Holds(question.Action, question.ActionData)
            || !_principal.Holds(question.Principal, question.PrincipalData)
            || !_resource.Holds(question.Resource, question.ResourceData))
            return Value.False;
        foreach (var demand in _demands)
        {
            var value = demand.Evaluate(question);
            if (!value.IsTrue)
                return value.IsFalse ? value : Node.NotBool(value, question);
        }
        return Value.True;
    }

    /// <summary>Why the statement matches the request, which says why something fails, or why not.</summary>
    public StatementExplanation Explain(Question question)
    {
        var clauses = new List<ClauseExplanation>();
        var isSettled = false;
        foreach (var clause in _clauses ??= [.. Clauses()])
        {
            clauses.Add(clause.Explain(question, isSettled));
            isSettled |= clauses[^1].Outcome != ExplainedOutcome.Held;
        }

        var outcome = Evaluate(question);
        return new StatementExplanation(
            Id,
            outcome.IsTrue ? ExplainedOutcome.Held : outcome.IsFalse ? ExplainedOutcome.DidNotHold : ExplainedOutcome.Failed,
            outcome.Failure?.Message,
            [.. clauses]);
    }

    private IEnumerable<ExplainedClause> Clauses()
    {
        if (Syntax.Principal is not Scope.Any)
            yield return ExplainedClause.Of(RequestVariable.Principal, Syntax.Principal, question => _principal.Holds(question.Principal, question.PrincipalData));
        if (Syntax.Action is not Scope.Any)
            yield return ExplainedClause.Of(RequestVariable.Action, Syntax.Action, question => _action.Holds(question.Action, question.ActionData));
        if (Syntax.Resource is not Scope.Any)
            yield return ExplainedClause.Of(RequestVariable.Resource, Syntax.Resource, question => _resource.Holds(question.Resource, question.ResourceData));
        foreach (var (demand, node) in DemandsOf(Syntax).Zip(_demands))
            yield return ExplainedClause.Of(demand, node);
    }

    /// <summary>One thing that must be true, or for <c>unless</c> false.</summary>
    internal readonly record struct Demand(Expression Body, bool IsUnless)
    {
        public Expression AsCondition => IsUnless ? new Expression.Unary(UnaryOperator.Not, Body) : Body;
    }
}
