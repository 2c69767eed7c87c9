using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

/// <summary>Makes nodes from expressions; what does not depend on the request is computed now.</summary>
internal static class Compiler
{
    private static readonly Question Nothing = new();

    /// <exception cref="CedarEngineException">The expression is nested too deeply.</exception>
    public static Node Compile(Expression expression) => Compile(expression, 1);

    /// <summary>The sides of a chain of <c>&amp;&amp;</c> in the order in which they are looked at.</summary>
    public static IReadOnlyList<Expression> Conjuncts(Expression expression) =>
        Chain(expression, static part => part is Expression.And and ? (and.Left, and.Right) : null);

    /// <summary>The sides of a chain of <c>||</c> in the order in which they are looked at.</summary>
    public static IReadOnlyList<Expression> Disjuncts(Expression expression) =>
        Chain(expression, static part => part is Expression.Or or ? (or.Left, or.Right) : null);

    private static List<Expression> Chain(Expression expression, Func<Expression, (Expression Left, Expression Right)?> sides)
    {
        var parts = new List<Expression>();
        var waiting = new Stack<Expression>([expression]);
        while (waiting.TryPop(out var part))
        {
            if (sides(part) is var (left, right))
            {
                waiting.Push(right);
                waiting.Push(left);
            }
            else
            {
                parts.Add(part);
            }
        }
        return parts;
    }

    private static Node Compile(Expression expression, int depth)
    {
        SyntaxDepth.Check(depth);
        return expression switch
        {
            Expression.Literal literal => new Node.Literal(ValueReader.Read(literal.Value)),
            Expression.Variable variable => new Node.Variable(variable.Name),
            Expression.And => new Node.All([.. Conjuncts(expression).Select(Part)]),
            Expression.Or => new Node.Any([.. Disjuncts(expression).Select(Part)]),
            Expression.Unary unary => unary.Operator switch
            {
                UnaryOperator.Not => new Node.Not(Part(unary.Operand)),
                UnaryOperator.Negate => new Node.Negate(Part(unary.Operand)),
                UnaryOperator.IsEmpty => new Node.IsEmpty(Part(unary.Operand)),
            },
            Expression.Binary binary => Binary(binary.Operator, Part(binary.Left), Part(binary.Right)),
            Expression.If choice => new Node.If(Part(choice.Condition), Part(choice.Then), Part(choice.Otherwise)),
            Expression.GetAttribute get => new Node.GetAttribute(Part(get.Operand), get.Name),
            Expression.HasAttribute has => new Node.HasAttribute(Part(has.Operand), has.Name),
            Expression.Like like => new Node.Like(Part(like.Operand), new LikePattern(like.Pattern)),
            Expression.Is type => new Node.Is(Part(type.Operand), type.EntityType, type.In is { } ancestor ? Part(ancestor) : null),
            Expression.SetOf set => Set([.. set.Items.Select(Part)]),
            Expression.RecordOf record => Record(record, [.. record.Attributes.Select(attribute => Part(attribute.Value))]),
            Expression.Call call => Call(call.Function, [.. call.Arguments.Select(Part)]),
            _ => throw new ArgumentOutOfRangeException(nameof(expression)),
        };

        Node Part(Expression part) => Compile(part, depth + 1);
    }

    private static Node Binary(BinaryOperator op, Node left, Node right) => op switch
    {
        BinaryOperator.Equal => new Node.Equal(left, right, isNegated: false),
        BinaryOperator.NotEqual => new Node.Equal(left, right, isNegated: true),
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => new Node.Compare(op, left, right),
        BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply => new Node.Arithmetic(op, left, right),
        BinaryOperator.In => new Node.In(left, right),
        BinaryOperator.Contains or BinaryOperator.ContainsAll or BinaryOperator.ContainsAny => new Node.Contains(op, left, right),
        BinaryOperator.HasTag => right is Node.Literal { Value.Text: { } key } ? new Node.HasTagNamed(left, key) : new Node.ComputedTag(left, right, isGet: false),
        BinaryOperator.GetTag => right is Node.Literal { Value.Text: { } key } ? new Node.GetTagNamed(left, key) : new Node.ComputedTag(left, right, isGet: true),
    };

    private static Node Set(Node[] items) => Folded(new Node.SetOf(items), items);

    private static Node Record(Expression.RecordOf record, Node[] items) =>
        Folded(new Node.RecordOf([.. record.Attributes.Select(attribute => attribute.Key)], items), items);

    private static Node Call(string name, Node[] arguments)
    {
        if (ExtensionFunctions.Find(name) is not { } function)
            return new Node.Broken($"there is no function `{name}`");
        if (arguments.Length != function.Arity)
            return new Node.Broken($"`{name}` takes {(function.Arity == 1 ? "1 argument" : $"{function.Arity} arguments")}, not {arguments.Length}");
        return Folded(new Node.Call(function, arguments[0], arguments.Length > 1 ? arguments[1] : null), arguments);
    }

    private static Node Folded(Node node, Node[] parts) =>
        parts.All(part => part is Node.Literal) && node.Evaluate(Nothing) is { IsFailure: false } value ? new Node.Literal(value) : node;
}
