using System.Collections.Frozen;

namespace JitAccess.Cedar.Evaluation;

/// <summary>One function or method of an extension type.</summary>
/// <param name="Name">What policies call it.</param>
/// <param name="Arity">How many arguments it takes, one or two; the object of a method is the first.</param>
/// <param name="Apply">Applies it to values that are no failures, given whether a failure shall say why.</param>
internal sealed record ExtensionFunction(string Name, int Arity, Func<Value, Value, bool, Value> Apply);

/// <summary>Cedar's extension types: <c>decimal</c>, <c>ipaddr</c>, <c>datetime</c> and <c>duration</c> (https://docs.cedarpolicy.com/policies/syntax-datatypes.html).</summary>
internal static class ExtensionFunctions
{
    private static readonly FrozenDictionary<string, ExtensionFunction> ByName = new[]
    {
        Constructor("decimal", text => DecimalText.TryParse(text) is { } number ? new Value(NumberKind.Decimal, number) : null, "no decimal number with one to four digits after the point"),
        Constructor("ip", text => IpValue.TryParse(text) is { } ip ? new Value(ip) : null, "no IP address or range"),
        Constructor("datetime", text => DateTimeText.TryParse(text) is { } time ? new Value(NumberKind.DateTime, time) : null, "no point in time"),
        Constructor("duration", text => DurationText.TryParse(text) is { } span ? new Value(NumberKind.Duration, span) : null, "no duration"),
        Comparison("lessThan", (left, right) => left < right),
        Comparison("lessThanOrEqual", (left, right) => left <= right),
        Comparison("greaterThan", (left, right) => left > right),
        Comparison("greaterThanOrEqual", (left, right) => left >= right),
        OfIp("isIpv4", ip => ip.IsV4),
        OfIp("isIpv6", ip => !ip.IsV4),
        OfIp("isLoopback", ip => ip.IsLoopback),
        OfIp("isMulticast", ip => ip.IsMulticast),
        new ExtensionFunction("isInRange", 2, (left, right, say) =>
            left.Ip is not { } ip ? Failures.Type("ipaddr", left, say)
            : right.Ip is not { } range ? Failures.Type("ipaddr", right, say)
            : Value.Of(ip.IsInRange(range))),
        new ExtensionFunction("offset", 2, (left, right, say) => Numbers(NumberKind.DateTime, left, NumberKind.Duration, right, say) ?? Sum(left, right.Number, say)),
        new ExtensionFunction("durationSince", 2, (left, right, say) => Numbers(NumberKind.DateTime, left, NumberKind.DateTime, right, say) ?? Difference(left, right, say)),
        OfNumber("toDate", NumberKind.DateTime, (time, say) => DateTimeText.DateOfTime(time.Number) is { } date
            ? new Value(NumberKind.DateTime, date)
            : Failures.Say(say, $"the date of {time} is out of range")),
        OfNumber("toTime", NumberKind.DateTime, (time, _) => new Value(NumberKind.Duration, DateTimeText.TimeOfDay(time.Number))),
        OfDuration("toMilliseconds", 1),
        OfDuration("toSeconds", 1_000),
        OfDuration("toMinutes", 60_000),
        OfDuration("toHours", 3_600_000),
        OfDuration("toDays", 86_400_000),
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    public static ExtensionFunction? Find(string name) => ByName.GetValueOrDefault(name);

    private static ExtensionFunction Constructor(string name, Func<string, Value?> parse, string otherwise) => new(name, 1, (argument, _, say) =>
        argument.Text is not { } text ? Failures.Type("string", argument, say)
        : parse(text) ?? Failures.Say(say, $"{argument} is {otherwise}"));

    private static ExtensionFunction Comparison(string name, Func<long, long, bool> compare) => new(name, 2, (left, right, say) =>
        Numbers(NumberKind.Decimal, left, NumberKind.Decimal, right, say) ?? Value.Of(compare(left.Number, right.Number)));

    private static ExtensionFunction OfIp(string name, Func<IpValue, bool> ask) => new(name, 1, (argument, _, say) =>
        argument.Ip is { } ip ? Value.Of(ask(ip)) : Failures.Type("ipaddr", argument, say));

    private static ExtensionFunction OfNumber(string name, NumberKind kind, Func<Value, bool, Value> apply) => new(name, 1, (argument, _, say) =>
        argument.NumberKind == kind ? apply(argument, say) : Failures.Type(kind.Name, argument, say));

    private static ExtensionFunction OfDuration(string name, long unit) =>
        OfNumber(name, NumberKind.Duration, (span, _) => Value.Of(span.Number / unit));

    private static Value? Numbers(NumberKind leftKind, Value left, NumberKind rightKind, Value right, bool say) =>
        left.NumberKind != leftKind ? Failures.Type(leftKind.Name, left, say)
        : right.NumberKind != rightKind ? Failures.Type(rightKind.Name, right, say)
        : null;

    private static Value Sum(Value time, long span, bool say)
    {
        var sum = unchecked(time.Number + span);
        return ((time.Number ^ sum) & (span ^ sum)) < 0 ? Failures.Say(say, $"{span} ms after {time} is out of range") : new Value(NumberKind.DateTime, sum);
    }

    private static Value Difference(Value left, Value right, bool say)
    {
        var difference = unchecked(left.Number - right.Number);
        return ((left.Number ^ right.Number) & (left.Number ^ difference)) < 0
            ? Failures.Say(say, $"the time between {left} and {right} is out of range")
            : new Value(NumberKind.Duration, difference);
    }
}
