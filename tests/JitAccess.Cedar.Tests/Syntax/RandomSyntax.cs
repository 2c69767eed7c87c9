using System.Collections.Immutable;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Tests.Syntax;

/// <summary>Statements of every shape that the syntax tree can have, sensible or not.</summary>
internal sealed class RandomSyntax(Random random)
{
    private static readonly string[] Names = ["a", "costCenter", "if", "has", "__cedar", "_x1", "two words", "é", "", "a\"b", "\\", "*", "🗼"];
    private static readonly string[] Texts = ["", "a", "a\"b", "\\", "*", "a*\\*b", "\0\n\r\t'", "\u007f\u0085\u200b\u2028", "東京 🗼", "\\u{41}", "// ; }"];
    private static readonly string[] Types = ["A", "AWS::EC2::Instance", "_a::B1"];
    private static readonly long[] Numbers = [0, 1, -1, 42, long.MaxValue, long.MinValue];
    private static readonly (string Name, int Arguments)[] Functions =
    [
        ("ip", 1), ("decimal", 1), ("datetime", 1), ("duration", 1), ("ip", 0), ("ip", 2),
        ("isIpv4", 1), ("isLoopback", 1), ("isInRange", 2), ("lessThan", 2), ("greaterThanOrEqual", 2), ("offset", 2), ("durationSince", 2), ("toDate", 1), ("toMilliseconds", 1),
    ];

    public Statement Statement() => new(
        random.Next(2) == 0 ? Effect.Permit : Effect.Forbid,
        Scope(),
        random.Next(4) switch
        {
            0 => new Scope.Any(),
            1 => new Scope.Equal(Action()),
            _ => new Scope.In([.. Enumerable.Range(0, random.Next(4)).Select(_ => Action())]),
        },
        Scope(),
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Condition(random.Next(2) == 0, Expression(random.Next(6))))]);

    public Expression Expression(int depth)
    {
        if (depth <= 0)
            return random.Next(3) == 0 ? new Expression.Variable(Pick(Enum.GetValues<RequestVariable>())) : new Expression.Literal(Literal());
        return random.Next(14) switch
        {
            0 => new Expression.And(Next(), Next()),
            1 => new Expression.Or(Next(), Next()),
            2 => new Expression.Unary(Pick(Enum.GetValues<UnaryOperator>()), Next()),
            3 or 4 => new Expression.Binary(Pick(Enum.GetValues<BinaryOperator>()), Next(), Next()),
            5 => new Expression.If(Next(), Next(), Next()),
            6 => new Expression.GetAttribute(Next(), Pick(Names)),
            7 => new Expression.HasAttribute(Next(), Pick(Names)),
            8 => new Expression.Like(Next(), Pattern()),
            9 => new Expression.Is(Next(), Pick(Types), random.Next(2) == 0 ? Next() : null),
            10 => new Expression.SetOf(Several(3)),
            11 => new Expression.RecordOf([.. Names.Where(_ => random.Next(5) == 0).OrderBy(_ => random.Next()).Select(name => KeyValuePair.Create(name, Next()))]),
            12 => Pick(Functions) is var (name, count) ? new Expression.Call(name, Several(count, count)) : throw new InvalidOperationException(),
            _ => Expression(0),
        };

        Expression Next() => Expression(depth - 1 - random.Next(2));
        ImmutableArray<Expression> Several(int most, int least = 0) => [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => Next())];
    }

    private ImmutableArray<string?> Pattern()
    {
        // Two pieces of text side by side would be one.
        var pieces = ImmutableArray.CreateBuilder<string?>();
        for (var count = random.Next(5); count > 0; count--)
        {
            var piece = random.Next(2) == 0 ? null : Pick(Texts);
            if (piece != "" && (piece is null || pieces.Count == 0 || pieces[^1] is null))
                pieces.Add(piece);
        }
        return pieces.ToImmutable();
    }

    private Scope Scope() => random.Next(5) switch
    {
        0 => new Scope.Any(),
        1 => new Scope.Equal(Uid()),
        2 => new Scope.In([Uid()]),
        3 => new Scope.Is(Pick(Types), null),
        _ => new Scope.Is(Pick(Types), Uid()),
    };

    private CedarValue Literal() => random.Next(4) switch
    {
        0 => random.Next(2) == 0,
        1 => Pick(Numbers),
        2 => Pick(Texts),
        _ => Uid(),
    };

    private EntityUid Uid() => new(Pick(Types), Pick(Texts));

    private EntityUid Action() => new("AWS::SSM::Action", Pick(Texts));

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
