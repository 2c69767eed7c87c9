namespace JitAccess.Cedar.Evaluation;

/// <summary>What the number of a <see cref="Value"/> counts, for the kinds of value that are no more than a number.</summary>
internal sealed class NumberKind
{
    public static readonly NumberKind Bool = new("bool");
    public static readonly NumberKind Long = new("long");

    /// <summary>Ten-thousandths.</summary>
    public static readonly NumberKind Decimal = new("decimal");

    /// <summary>Milliseconds since the beginning of 1970 in UTC.</summary>
    public static readonly NumberKind DateTime = new("datetime");

    /// <summary>Milliseconds.</summary>
    public static readonly NumberKind Duration = new("duration");

    private NumberKind(string name) => Name = name;

    /// <summary>What Cedar calls the kind.</summary>
    public string Name { get; }
}
