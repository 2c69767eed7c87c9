using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

/// <summary>What an expression looks at in the request: variables, and attributes and tags behind them.</summary>
internal static class Lookups
{
    /// <summary>Each variable, attribute or tag once, in the order of the text, the longest path alone: <c>context.request.time</c> without <c>context.request</c>. Asking whether there is one counts as looking at it.</summary>
    public static IReadOnlyList<Expression> Of(Expression expression)
    {
        var found = new List<Expression>();
        Collect(expression, found);
        return [.. found.Distinct()];
    }

    /// <summary>The variable at the root of a path of attributes, or null for anything that is no such path.</summary>
    public static RequestVariable? RootOf(Expression expression)
    {
        while (expression is Expression.GetAttribute get)
            expression = get.Operand;
        return (expression as Expression.Variable)?.Name;
    }

    private static void Collect(Expression expression, List<Expression> found)
    {
        switch (expression)
        {
            case Expression.Variable:
                found.Add(expression);
                break;
            case Expression.GetAttribute get:
                Path(get.Operand, get, found);
                break;
            case Expression.HasAttribute has:
                Path(has.Operand, new Expression.GetAttribute(has.Operand, has.Name), found);
                break;
            case Expression.Binary { Operator: BinaryOperator.GetTag or BinaryOperator.HasTag } tag:
                Path(tag.Left, new Expression.Binary(BinaryOperator.GetTag, tag.Left, tag.Right), found);
                Collect(tag.Right, found);
                break;
            default:
                foreach (var part in PartsOf(expression))
                    Collect(part, found);
                break;
        }
    }

    private static void Path(Expression operand, Expression whole, List<Expression> found)
    {
        if (RootOf(operand) is not null)
            found.Add(whole);
        else
            Collect(operand, found);
    }

    /// <summary>The expressions that an expression is directly made of, in the order of the text.</summary>
    public static IEnumerable<Expression> PartsOf(Expression expression) => expression switch
    {
        Expression.And and => [and.Left, and.Right],
        Expression.Or or => [or.Left, or.Right],
        Expression.Unary unary => [unary.Operand],
        Expression.Binary binary => [binary.Left, binary.Right],
        Expression.If choice => [choice.Condition, choice.Then, choice.Otherwise],
        Expression.GetAttribute get => [get.Operand],
        Expression.HasAttribute has => [has.Operand],
        Expression.Like like => [like.Operand],
        Expression.Is type => type.In is { } ancestor ? [type.Operand, ancestor] : [type.Operand],
        Expression.SetOf set => set.Items,
        Expression.RecordOf record => record.Attributes.Select(attribute => attribute.Value),
        Expression.Call call => call.Arguments,
        _ => [],
    };
}
