using System.Globalization;
using System.Text;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation;

/// <summary>
/// What an expression comes to: a value of any of Cedar's types or a <see cref="Failure"/>, in two machine words and without allocation
/// for numbers and truth values. Compared by value; values of different types are different.
/// </summary>
internal readonly struct Value : IEquatable<Value>
{
    public static readonly Value True = new(NumberKind.Bool, 1);
    public static readonly Value False = new(NumberKind.Bool, 0);
    public static readonly Value Unsaid = new(Failure.Unsaid, 0);

    // The kind of a number, or the value itself: string, EntityName, SetValue, RecordValue, IpValue, Failure.
    private readonly object? _kindOrValue;
    private readonly long _number;

    public Value(NumberKind kind, long number)
    {
        _kindOrValue = kind;
        _number = number;
    }

    public Value(string text) => _kindOrValue = text;

    public Value(EntityName entity) => _kindOrValue = entity;

    public Value(SetValue set) => _kindOrValue = set;

    public Value(RecordValue record) => _kindOrValue = record;

    public Value(IpValue ip) => _kindOrValue = ip;

    public Value(Failure failure) => _kindOrValue = failure;

    private Value(object kindOrValue, long number)
    {
        _kindOrValue = kindOrValue;
        _number = number;
    }

    public bool IsFailure => _kindOrValue is Failure;

    public bool IsTrue => ReferenceEquals(_kindOrValue, NumberKind.Bool) && _number != 0;

    public bool IsFalse => ReferenceEquals(_kindOrValue, NumberKind.Bool) && _number == 0;

    public bool IsBool => ReferenceEquals(_kindOrValue, NumberKind.Bool);

    public bool IsLong => ReferenceEquals(_kindOrValue, NumberKind.Long);

    /// <summary>The number of a value that is one.</summary>
    public long Number => _number;

    public NumberKind? NumberKind => _kindOrValue as NumberKind;

    public string? Text => _kindOrValue as string;

    public EntityName? Entity => _kindOrValue as EntityName;

    public SetValue? Set => _kindOrValue as SetValue;

    public RecordValue? Record => _kindOrValue as RecordValue;

    public IpValue? Ip => _kindOrValue as IpValue;

    public Failure? Failure => _kindOrValue as Failure;

    /// <summary>What Cedar calls the type.</summary>
    public string TypeName => _kindOrValue switch
    {
        NumberKind kind => kind.Name,
        string => "string",
        EntityName entity => $"entity of type {entity.Type}",
        SetValue => "set",
        RecordValue => "record",
        IpValue => "ipaddr",
        _ => "nothing",
    };

    public static Value Of(bool truth) => new(NumberKind.Bool, truth ? 1 : 0);

    public static Value Of(long number) => new(NumberKind.Long, number);

    public bool Equals(Value other) =>
        ReferenceEquals(_kindOrValue, other._kindOrValue)
            ? _number == other._number
            : _kindOrValue is string text ? other._kindOrValue is string otherText && text == otherText : EqualsInDepth(other);

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => _kindOrValue switch
    {
        NumberKind kind => HashCode.Combine(kind.Name, _number),
        { } value => value.GetHashCode(),
        null => 0,
    };

    public override string ToString() => AppendTo(new StringBuilder()).ToString();

    /// <summary>Writes the value as a policy would.</summary>
    public StringBuilder AppendTo(StringBuilder text) => _kindOrValue switch
    {
        string content => CedarText.AppendQuoted(text, content),
        EntityName entity => CedarText.AppendQuoted(text.Append(entity.Type).Append("::"), entity.Id),
        SetValue set => set.AppendTo(text),
        RecordValue record => record.AppendTo(text),
        IpValue ip => text.Append(CultureInfo.InvariantCulture, $"ip(\"{ip}\")"),
        NumberKind kind when kind == NumberKind.Bool => text.Append(_number != 0 ? "true" : "false"),
        NumberKind kind when kind == NumberKind.Decimal => text.Append(CultureInfo.InvariantCulture, $"decimal(\"{DecimalText.Format(_number)}\")"),
        NumberKind kind when kind == NumberKind.DateTime => text.Append(DateTimeText.Format(_number)),
        NumberKind kind when kind == NumberKind.Duration => text.Append(CultureInfo.InvariantCulture, $"duration(\"{_number}ms\")"),
        NumberKind _ => text.Append(CultureInfo.InvariantCulture, $"{_number}"),
        _ => text,
    };

    private bool EqualsInDepth(Value other) => _kindOrValue switch
    {
        EntityName entity => entity.Equals(other._kindOrValue as EntityName),
        SetValue set => set.Equals(other._kindOrValue as SetValue),
        RecordValue record => record.Equals(other._kindOrValue as RecordValue),
        IpValue ip => ip.Equals(other._kindOrValue as IpValue),
        _ => false,
    };
}
