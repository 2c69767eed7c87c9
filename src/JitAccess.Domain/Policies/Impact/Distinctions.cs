using System.Collections.Immutable;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Impact;

/// <summary>
/// What a set of statements can tell apart. Each statement is a formula over conditions that concern the person alone, the node alone,
/// or the request alone; who agrees in all conditions of their side, and in all facts that a condition over several sides reads,
/// gets the same answer from every statement, whatever is on the other sides.
/// </summary>
internal sealed class Distinctions
{
    private readonly Dictionary<Side, Dictionary<string, Expression>> _conditions = new()
    {
        [Side.Person] = new(StringComparer.Ordinal),
        [Side.Node] = new(StringComparer.Ordinal),
        [Side.Request] = new(StringComparer.Ordinal),
    };

    private readonly Dictionary<Side, HashSet<Fact>> _facts = new()
    {
        [Side.Person] = [],
        [Side.Node] = [],
        [Side.Request] = [],
    };

    /// <summary>Takes statements apart.</summary>
    public Distinctions(IEnumerable<Statement> statements)
    {
        foreach (Statement statement in statements)
        {
            foreach (ClauseWords.Clause clause in ClauseWords.ClausesOf(statement)) AddCondition(clause.Body);
        }
    }

    /// <summary>What an expression can depend on.</summary>
    [Flags]
    internal enum Side
    {
        None = 0,
        Person = 1,
        Node = 2,
        Request = 4,
    }

    /// <summary>The conditions that concern one side alone.</summary>
    public ImmutableArray<Expression> ConditionsOf(Side side) => [.. _conditions[side].Values];

    /// <summary>The facts of one side that conditions over several sides read.</summary>
    public IReadOnlySet<Fact> FactsOf(Side side) => _facts[side];

    /// <summary>An expression that decides: its truth, or that it cannot be evaluated, is all that matters of it.</summary>
    private void AddCondition(Expression expression)
    {
        Side side = SideOf(expression);
        switch (expression)
        {
            case var _ when side is Side.None:
                break;
            case var _ when side is Side.Person or Side.Node or Side.Request:
                _conditions[side].TryAdd(expression.ToString(), expression);
                break;
            case Expression.And and:
                AddCondition(and.Left);
                AddCondition(and.Right);
                break;
            case Expression.Or or:
                AddCondition(or.Left);
                AddCondition(or.Right);
                break;
            case Expression.Unary { Operator: UnaryOperator.Not } not:
                AddCondition(not.Operand);
                break;
            case Expression.If choice:
                AddCondition(choice.Condition);
                AddCondition(choice.Then);
                AddCondition(choice.Otherwise);
                break;
            default:
                AddFacts(expression);
                break;
        }
    }

    /// <summary>An expression whose very value matters, because it is held against something of another side.</summary>
    private void AddFacts(Expression expression)
    {
        switch (expression)
        {
            case Expression.Binary { Operator: BinaryOperator.GetTag or BinaryOperator.HasTag, Right: Expression.Literal { Value: CedarString key } } tag when tag.Left is Expression.Variable or Expression.GetAttribute && SideOf(tag.Left) is Side.Person or Side.Node:
                _facts[SideOf(tag.Left)].Add(new Fact(FactKind.Tag, key.Value));
                break;
            case Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Principal or RequestVariable.Resource } of } get:
                _facts[SideOf(of)].Add(new Fact(FactKind.Attribute, get.Name));
                break;
            case Expression.HasAttribute { Operand: Expression.Variable { Name: RequestVariable.Principal or RequestVariable.Resource } of } has:
                _facts[SideOf(of)].Add(new Fact(FactKind.Attribute, has.Name));
                break;
            case Expression.GetAttribute { Name: "reason" or "durationHours" or "breakGlass" } get when SideOf(get.Operand) is Side.Request:
                // The same in every question of one analysis.
                break;
            case Expression.Variable or Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Context } } or Expression.Literal { Value: CedarEntityReference }:
                // Read as a whole, so nothing about it can be left out.
                foreach (Side side in Enum.GetValues<Side>().Where(side => side != Side.None && SideOf(expression).HasFlag(side))) _facts[side].Add(Fact.Everything);
                break;
            default:
                foreach (Expression part in StatementFacts.DirectPartsOf(expression)) AddFacts(part);
                break;
        }
    }

    /// <summary>The sides that the expression can depend on.</summary>
    internal static Side SideOf(Expression expression) => expression switch
    {
        Expression.Variable variable => variable.Name switch
        {
            RequestVariable.Principal => Side.Person,
            RequestVariable.Resource => Side.Node,
            RequestVariable.Context => Side.Person | Side.Request,
            RequestVariable.Action => Side.None,
        },
        Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Context }, Name: "iam" } => Side.Person,
        Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Context }, Name: "request" } => Side.Request,
        // What is known of an entity that a policy names depends on whether it is the one that asks or is asked for.
        Expression.Literal { Value: CedarEntityReference entity } => NodeAccessCedar.IsNode(entity.Uid.Type) ? Side.Node : NodeAccessCedar.IsClock(entity.Uid.Type) ? Side.Request : Side.Person,
        _ => StatementFacts.DirectPartsOf(expression).Aggregate(Side.None, (sides, part) => sides | SideOf(part)),
    };

    /// <summary>A fact of a person or a node that conditions over several sides read.</summary>
    internal readonly record struct Fact(FactKind Kind, string Name)
    {
        /// <summary>All there is to know: no two are alike.</summary>
        public static Fact Everything { get; } = new(FactKind.Everything, "");
    }

    /// <summary>The kinds of fact.</summary>
    internal enum FactKind
    {
        Tag,
        Attribute,
        Everything,
    }
}
