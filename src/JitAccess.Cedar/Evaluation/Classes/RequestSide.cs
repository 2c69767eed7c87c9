using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation.Classes;

/// <summary>How a path of attributes lies to a side of the request.</summary>
internal enum Lie
{
    /// <summary>It is elsewhere.</summary>
    Apart,

    /// <summary>It is in the side.</summary>
    Within,

    /// <summary>It holds the side, or a part of it, and more.</summary>
    Above,
}

/// <summary>The variables and context attributes that belong together: <c>principal</c> and <c>context.iam</c>.</summary>
internal sealed class RequestSide
{
    /// <exception cref="ArgumentException">A path begins with no variable.</exception>
    public RequestSide(IEnumerable<string> paths) => Paths = [.. paths.Select(Parse)];

    /// <summary>Each path as an expression.</summary>
    public IReadOnlyList<Expression> Paths { get; }

    public bool Holds(RequestVariable variable) => Paths.Contains(new Expression.Variable(variable));

    /// <summary>How a variable, or an attribute behind one, lies to the side; null for an expression that is neither.</summary>
    public Lie? LieOf(Expression path)
    {
        if (Lookups.RootOf(path) is null)
            return null;
        if (Paths.Any(own => IsAtOrBelow(path, own)))
            return Lie.Within;
        return Paths.Any(own => IsAtOrBelow(own, path)) ? Lie.Above : Lie.Apart;
    }

    /// <summary>Whether a path is another one or leads through it.</summary>
    public static bool IsAtOrBelow(Expression path, Expression other)
    {
        while (!path.Equals(other))
        {
            if (path is not Expression.GetAttribute get)
                return false;
            path = get.Operand;
        }
        return true;
    }

    private static Expression Parse(string path)
    {
        var names = path.Split('.');
        var variable = Enum.GetValues<RequestVariable>().Where(variable => CedarText.NameOf(variable) == names[0]).ToArray();
        if (variable is not [var root])
            throw new ArgumentException($"A path begins with principal, action, resource or context, not with {names[0]}.", nameof(path));
        return names.Skip(1).Aggregate((Expression)new Expression.Variable(root), (operand, name) => new Expression.GetAttribute(operand, name));
    }
}
