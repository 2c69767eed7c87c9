using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation.Classes;

/// <summary>Finds what of an expression has to go into the keys of a side.</summary>
internal sealed class KeyPlan(RequestSide side)
{
    [Flags]
    private enum Sources
    {
        None = 0,
        Side = 1,
        Elsewhere = 2,
    }

    /// <summary>Whether an expression looks at the side and at nothing else.</summary>
    public bool IsOfSide(Expression expression) => SourcesOf(expression) == Sources.Side;

    /// <summary>What a condition puts into the key: that it is true, false or fails, if it looks at the side alone.</summary>
    public KeyPart OfCondition(Expression condition) => SourcesOf(condition) switch
    {
        Sources.Side => new KeyPart.TruthOf(Compiler.Compile(condition)),
        Sources.None => KeyPart.Nothing.Instance,
        _ => condition switch
        {
            Expression.And => Chain(Compiler.Conjuncts(condition), goesOnWhen: true),
            Expression.Or => Chain(Compiler.Disjuncts(condition), goesOnWhen: false),
            Expression.Unary { Operator: UnaryOperator.Not } not => OfCondition(not.Operand),
            Expression.If choice when IsOfSide(choice.Condition) =>
                new KeyPart.Choice(new KeyPart.TruthOf(Compiler.Compile(choice.Condition)), OfCondition(choice.Then), OfCondition(choice.Otherwise)),
            Expression.If choice => Several([OfCondition(choice.Condition), OfCondition(choice.Then), OfCondition(choice.Otherwise)]),
            _ => OfParts(condition),
        },
    };

    private KeyPart Chain(IEnumerable<Expression> conditions, bool goesOnWhen)
    {
        KeyPart[] some = [.. conditions.Select(OfCondition).Where(part => part is not KeyPart.Nothing)];
        return some.Length == 0 ? KeyPart.Nothing.Instance : new KeyPart.Chain(some, goesOnWhen);
    }

    private KeyPart OfValue(Expression expression) => SourcesOf(expression) switch
    {
        Sources.Side => new KeyPart.ValueOf(Compiler.Compile(expression)),
        Sources.None => KeyPart.Nothing.Instance,
        _ => OfParts(expression),
    };

    private KeyPart OfParts(Expression expression) => expression switch
    {
        // An entity that a policy names is looked up in whichever store has it.
        Expression.Literal { Value: CedarEntityReference reference } => new KeyPart.HoldingOf(new EntityName(reference.Uid)),
        Expression.Variable or Expression.GetAttribute when side.LieOf(expression) is { } lie => lie == Lie.Above ? OfPathsBelow(expression) : KeyPart.Nothing.Instance,
        Expression.HasAttribute has when side.LieOf(new Expression.GetAttribute(has.Operand, has.Name)) is { } lie =>
            lie == Lie.Above ? OfPathsBelow(new Expression.GetAttribute(has.Operand, has.Name)) : KeyPart.Nothing.Instance,
        Expression.Binary { Operator: BinaryOperator.GetTag or BinaryOperator.HasTag } tag when IsOfSide(tag.Left) =>
            Several([new KeyPart.TagsOf(Compiler.Compile(tag.Left)), OfValue(tag.Right)]),
        Expression.And or Expression.Or or Expression.Unary { Operator: UnaryOperator.Not } => OfCondition(expression),
        Expression.If choice => Several([OfCondition(choice.Condition), OfValue(choice.Then), OfValue(choice.Otherwise)]),
        _ => Several(LookedAt(expression).Select(part => OfPart(part.Part, part.IsLookedUp))),
    };

    private KeyPart OfPart(Expression part, bool isLookedUp) =>
        !isLookedUp && IsNamedEntities(part) ? KeyPart.Nothing.Instance : OfValue(part);

    private KeyPart OfPathsBelow(Expression path) =>
        Several(side.Paths.Where(own => RequestSide.IsAtOrBelow(own, path)).Select(own => new KeyPart.ValueOf(Compiler.Compile(own))));

    private Sources SourcesOf(Expression expression) => expression switch
    {
        Expression.Literal { Value: CedarEntityReference } => Sources.Elsewhere,
        Expression.Literal => Sources.None,
        Expression.Variable or Expression.GetAttribute when side.LieOf(expression) is { } lie => SourcesOf(lie),
        Expression.HasAttribute has when side.LieOf(new Expression.GetAttribute(has.Operand, has.Name)) is { } lie => SourcesOf(lie),
        _ => LookedAt(expression).Aggregate(Sources.None, (sources, part) => sources | (!part.IsLookedUp && IsNamedEntities(part.Part) ? Sources.None : SourcesOf(part.Part))),
    };

    private static Sources SourcesOf(Lie lie) => lie switch
    {
        Lie.Within => Sources.Side,
        Lie.Apart => Sources.Elsewhere,
        Lie.Above => Sources.Side | Sources.Elsewhere,
    };

    /// <summary>The parts of an expression, each with whether entities that it names may be looked up: what is only compared is not.</summary>
    private static IEnumerable<(Expression Part, bool IsLookedUp)> LookedAt(Expression expression) => expression switch
    {
        Expression.Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.Contains or BinaryOperator.ContainsAll or BinaryOperator.ContainsAny } compared =>
            [(compared.Left, false), (compared.Right, false)],
        Expression.Binary { Operator: BinaryOperator.In } within => [(within.Left, true), (within.Right, false)],
        Expression.Is { In: { } ancestor } type => [(type.Operand, true), (ancestor, false)],
        _ => Lookups.PartsOf(expression).Select(part => (part, true)),
    };

    private static bool IsNamedEntities(Expression expression) => expression switch
    {
        Expression.Literal => true,
        Expression.SetOf set => set.Items.All(IsNamedEntities),
        _ => false,
    };

    private static KeyPart Several(IEnumerable<KeyPart> parts)
    {
        KeyPart[] some = [.. parts.Where(part => part is not KeyPart.Nothing)];
        return some switch
        {
            [] => KeyPart.Nothing.Instance,
            // By itself, the truth of a part would pass for the truth of the whole.
            [var only] when only is not KeyPart.TruthOf => only,
            _ => new KeyPart.Several(some),
        };
    }
}
