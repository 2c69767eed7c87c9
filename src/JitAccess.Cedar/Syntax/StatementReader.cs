using System.Collections.Immutable;
using System.Text.Json;

namespace JitAccess.Cedar.Syntax;

/// <summary>Makes the syntax tree of a statement from the engine's JSON policy format (https://docs.cedarpolicy.com/policies/json-format.html).</summary>
internal static class StatementReader
{
    /// <exception cref="CedarEngineException">The statement is nested too deeply, or the engine wrote something that is not known here.</exception>
    public static Statement Read(JsonElement policy) =>
        new(
            policy.GetProperty("effect").ValueEquals("permit") ? Effect.Permit : Effect.Forbid,
            ReadScope(policy.GetProperty("principal")),
            ReadScope(policy.GetProperty("action")),
            ReadScope(policy.GetProperty("resource")),
            [.. policy.GetProperty("conditions").EnumerateArray().Select(condition =>
                new Condition(condition.GetProperty("kind").ValueEquals("unless"), ReadExpression(condition.GetProperty("body"), 1)))]);

    private static Scope ReadScope(JsonElement scope) => scope.GetProperty("op").GetString() switch
    {
        "All" => new Scope.Any(),
        "==" => new Scope.Equal(ReadUid(scope.GetProperty("entity"))),
        "in" => new Scope.In(scope.TryGetProperty("entities", out var entities)
            ? [.. entities.EnumerateArray().Select(ReadUid)]
            : [ReadUid(scope.GetProperty("entity"))]),
        "is" => new Scope.Is(
            scope.GetProperty("entity_type").GetString()!,
            scope.TryGetProperty("in", out var ancestor) ? ReadUid(ancestor.GetProperty("entity")) : null),
        var unknown => throw Unknown(unknown),
    };

    private static EntityUid ReadUid(JsonElement uid) => new(uid.GetProperty("type").GetString()!, uid.GetProperty("id").GetString()!);

    private static Expression ReadExpression(JsonElement json, int depth)
    {
        SyntaxDepth.Check(depth);
        var expression = json.EnumerateObject().Single();
        var body = expression.Value;
        return expression.Name switch
        {
            "Value" => new Expression.Literal(ReadValue(body)),
            "Var" => new Expression.Variable(body.GetString() switch
            {
                "principal" => RequestVariable.Principal,
                "action" => RequestVariable.Action,
                "resource" => RequestVariable.Resource,
                "context" => RequestVariable.Context,
                var unknown => throw Unknown(unknown),
            }),
            "&&" => new Expression.And(Part("left"), Part("right")),
            "||" => new Expression.Or(Part("left"), Part("right")),
            "!" => new Expression.Unary(UnaryOperator.Not, Part("arg")),
            "neg" => new Expression.Unary(UnaryOperator.Negate, Part("arg")),
            "isEmpty" => new Expression.Unary(UnaryOperator.IsEmpty, Part("arg")),
            "==" => Binary(BinaryOperator.Equal),
            "!=" => Binary(BinaryOperator.NotEqual),
            "<" => Binary(BinaryOperator.Less),
            "<=" => Binary(BinaryOperator.LessOrEqual),
            ">" => Binary(BinaryOperator.Greater),
            ">=" => Binary(BinaryOperator.GreaterOrEqual),
            "+" => Binary(BinaryOperator.Add),
            "-" => Binary(BinaryOperator.Subtract),
            "*" => Binary(BinaryOperator.Multiply),
            "in" => Binary(BinaryOperator.In),
            "contains" => Binary(BinaryOperator.Contains),
            "containsAll" => Binary(BinaryOperator.ContainsAll),
            "containsAny" => Binary(BinaryOperator.ContainsAny),
            "hasTag" => Binary(BinaryOperator.HasTag),
            "getTag" => Binary(BinaryOperator.GetTag),
            "if-then-else" => new Expression.If(Part("if"), Part("then"), Part("else")),
            "." => new Expression.GetAttribute(Part("left"), body.GetProperty("attr").GetString()!),
            "has" => ReadHas(Part("left"), body.GetProperty("attr")),
            "like" => new Expression.Like(Part("left"), ReadPattern(body.GetProperty("pattern"))),
            "is" => new Expression.Is(Part("left"), body.GetProperty("entity_type").GetString()!, body.TryGetProperty("in", out var ancestor) ? ReadExpression(ancestor, depth + 1) : null),
            "Set" => new Expression.SetOf([.. body.EnumerateArray().Select(item => ReadExpression(item, depth + 1))]),
            "Record" => new Expression.RecordOf([.. body.EnumerateObject().Select(attribute => KeyValuePair.Create(attribute.Name, ReadExpression(attribute.Value, depth + 1)))]),
            _ when body.ValueKind == JsonValueKind.Array => new Expression.Call(expression.Name, [.. body.EnumerateArray().Select(argument => ReadExpression(argument, depth + 1))]),
            _ => throw Unknown(expression.Name),
        };

        Expression Part(string name) => ReadExpression(body.GetProperty(name), depth + 1);
        Expression Binary(BinaryOperator op) => new Expression.Binary(op, Part("left"), Part("right"));
    }

    // "x has a.b" is short for "x has a && x.a has b".
    private static Expression ReadHas(Expression operand, JsonElement attribute)
    {
        if (attribute.ValueKind == JsonValueKind.String)
            return new Expression.HasAttribute(operand, attribute.GetString()!);

        Expression? chain = null;
        foreach (var name in attribute.EnumerateArray().Select(name => name.GetString()!))
        {
            var has = new Expression.HasAttribute(operand, name);
            chain = chain is null ? has : new Expression.And(chain, has);
            operand = new Expression.GetAttribute(operand, name);
        }
        return chain ?? throw Unknown("has");
    }

    // The engine writes an escaped character as a piece of its own; pieces of text side by side are one.
    private static ImmutableArray<string?> ReadPattern(JsonElement pattern)
    {
        var pieces = ImmutableArray.CreateBuilder<string?>();
        foreach (var piece in pattern.EnumerateArray())
        {
            if (piece.ValueKind == JsonValueKind.String)
                pieces.Add(null);
            else if (pieces.Count > 0 && pieces[^1] is { } before)
                pieces[^1] = before + piece.GetProperty("Literal").GetString();
            else
                pieces.Add(piece.GetProperty("Literal").GetString());
        }
        return pieces.ToImmutable();
    }

    private static CedarValue ReadValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => new CedarBool(true),
        JsonValueKind.False => new CedarBool(false),
        JsonValueKind.Number => new CedarLong(value.GetInt64()),
        JsonValueKind.String => new CedarString(value.GetString()!),
        JsonValueKind.Object when value.TryGetProperty("__entity", out var uid) => new CedarEntityReference(ReadUid(uid)),
        _ => throw Unknown(value.GetRawText()),
    };

    private static CedarEngineException Unknown(string? what) => new($"The Cedar engine describes the policy with “{what}”, which is not known here.");
}
