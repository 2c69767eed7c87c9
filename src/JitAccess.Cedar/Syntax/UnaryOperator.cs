namespace JitAccess.Cedar.Syntax;

/// <summary>Operators with one side.</summary>
public enum UnaryOperator
{
    /// <summary><c>!</c></summary>
    Not,

    /// <summary><c>-</c></summary>
    Negate,

    /// <summary><c>.isEmpty()</c></summary>
    IsEmpty,
}
