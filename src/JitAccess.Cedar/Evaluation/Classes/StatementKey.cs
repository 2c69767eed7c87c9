using JitAccess.Cedar.Evaluation.Indexing;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation.Classes;

/// <summary>What one statement puts into the keys of a side.</summary>
internal sealed class StatementKey
{
    private const byte Never = 0;
    private const byte Part = 1;
    private const byte StopsFalse = 2;
    private const byte StopsFailed = 3;
    private const byte GoesOn = 4;

    private readonly (RequestVariable Variable, CompiledScope Scope)[] _scopes;
    private readonly Step[] _steps;

    private StatementKey((RequestVariable, CompiledScope)[] scopes, Step[] steps)
    {
        _scopes = scopes;
        _steps = steps;
    }

    /// <summary>Null for a statement that does not look at the side.</summary>
    public static StatementKey? Of(Statement statement, RequestSide side)
    {
        (RequestVariable Variable, Scope Scope)[] scopes =
        [
            (RequestVariable.Principal, statement.Principal),
            (RequestVariable.Action, statement.Action),
            (RequestVariable.Resource, statement.Resource),
        ];
        var own = scopes.Where(scope => scope.Scope is not Scope.Any && side.Holds(scope.Variable)).Select(scope => (scope.Variable, new CompiledScope(scope.Scope))).ToArray();

        var plan = new KeyPlan(side);
        var safety = new Safety();
        var facts = new HashSet<Slot>();
        var steps = new List<Step>();
        var (before, risky) = (0, 0);
        foreach (var condition in CompiledStatement.DemandsOf(statement).Select(demand => demand.AsCondition))
        {
            var part = plan.OfCondition(condition);
            steps.Add(new Step(part, before, risky));
            if (part is not KeyPart.TruthOf)
            {
                before++;
                if (safety.OfCondition(condition, facts) is not { Count: 0 })
                    risky++;
            }
            facts.UnionWith(Safety.FactsOf(condition));
        }
        Step[] needed = [.. steps.Where(step => step.Part is not KeyPart.Nothing)];
        return own.Length + needed.Length == 0 ? null : new StatementKey(own, needed);
    }

    public void Write(Question question, KeyWriter key)
    {
        foreach (var (variable, scope) in _scopes)
        {
            if (!Holds(variable, scope, question))
            {
                key.Mark(Never);
                return;
            }
        }

        var start = key.Position;
        foreach (var step in _steps)
        {
            if (step.Part is not KeyPart.TruthOf truth)
            {
                key.Mark(Part);
                step.Part.Write(question, key);
                continue;
            }
            var value = truth.Evaluate(question);
            if (value.IsTrue)
                continue;

            // The statement comes to an end here at the latest. Where it is false and nothing before can fail, it neither matches nor fails, whatever the other sides are.
            if (value.IsFalse && step.RiskyBefore == 0)
            {
                key.BackTo(start);
                key.Mark(Never);
                return;
            }
            key.Mark(value.IsFalse ? StopsFalse : StopsFailed);
            key.Number(value.IsFalse ? step.RiskyBefore : step.OthersBefore);
            return;
        }
        key.Mark(GoesOn);
    }

    private static bool Holds(RequestVariable variable, CompiledScope scope, Question question) => variable switch
    {
        RequestVariable.Principal => scope.Holds(question.Principal, question.PrincipalData),
        RequestVariable.Action => scope.Holds(question.Action, question.ActionData),
        _ => scope.Holds(question.Resource, question.ResourceData),
    };

    /// <summary>One condition of the statement.</summary>
    /// <param name="Part">What it puts into the key.</param>
    /// <param name="OthersBefore">How many conditions before it look at other sides.</param>
    /// <param name="RiskyBefore">How many of them may fail.</param>
    private readonly record struct Step(KeyPart Part, int OthersBefore, int RiskyBefore);
}
