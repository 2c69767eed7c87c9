using System.Globalization;
using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies;

/// <summary>A fact that clauses look at, as people call it: <c>tag env</c>, <c>division</c>, <c>duration</c>.</summary>
/// <param name="Words">What it is called.</param>
/// <param name="Kind">What kind of fact it is.</param>
/// <param name="Name">The tag's key, the attribute's name, or the time zone.</param>
internal sealed record ClauseNoun(string Words, ClauseNounKind Kind, string Name)
{
    /// <summary>The fact that an expression reads; null if it is none that has a name.</summary>
    public static ClauseNoun? Of(Expression expression) => expression switch
    {
        Expression.Binary { Operator: BinaryOperator.GetTag, Right: Expression.Literal { Value: CedarString key } } get => OfTag(get.Left, key.Value),
        Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Principal }, Name: var name } => OfPerson(name),
        Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Resource }, Name: var name } => OfNode(name),
        Expression.GetAttribute { Operand: Expression.Binary { Operator: BinaryOperator.GetTag, Right: Expression.Literal { Value: CedarString zone } } clock, Name: var name } when IsClock(clock.Left) => name switch
        {
            "weekday" => new ClauseNoun($"the day in {zone.Value}", ClauseNounKind.Weekday, zone.Value),
            "minute" => new ClauseNoun($"the time in {zone.Value}", ClauseNounKind.Minute, zone.Value),
            _ => null,
        },
        Expression.GetAttribute { Name: "reason" } get when IsRequest(get.Operand) => new ClauseNoun("the reason", ClauseNounKind.Reason, "reason"),
        Expression.GetAttribute { Name: "durationHours" } get when IsRequest(get.Operand) => new ClauseNoun("the duration", ClauseNounKind.Duration, "durationHours"),
        Expression.GetAttribute { Name: "time" } get when IsRequest(get.Operand) => new ClauseNoun("the time", ClauseNounKind.Instant, "time"),
        _ => null,
    };

    /// <summary>The fact whose presence an expression asks for: <c>resource.hasTag("env")</c>, <c>principal has division</c>; null if it asks for none that has a name.</summary>
    public static ClauseNoun? OfPresence(Expression expression) => expression switch
    {
        Expression.Binary { Operator: BinaryOperator.HasTag, Right: Expression.Literal { Value: CedarString key } } has => OfTag(has.Left, key.Value),
        Expression.HasAttribute { Operand: Expression.Variable { Name: RequestVariable.Principal } } has => OfPerson(has.Name),
        Expression.HasAttribute { Operand: Expression.Variable { Name: RequestVariable.Resource } } has => OfNode(has.Name),
        _ => null,
    };

    /// <summary>A value of this fact as people write it: hours with their unit, minutes of the day as a time.</summary>
    public string Shown(CedarValue value) => value switch
    {
        CedarString text => text.Value,
        CedarLong { Value: >= 0 and <= 1440 } minute when Kind == ClauseNounKind.Minute => string.Create(CultureInfo.InvariantCulture, $"{minute.Value / 60:00}:{minute.Value % 60:00}"),
        CedarLong hours when Kind == ClauseNounKind.Duration => string.Create(CultureInfo.InvariantCulture, $"{hours.Value} h"),
        CedarLong number => number.Value.ToString(CultureInfo.InvariantCulture),
        CedarBool truth => truth.Value ? "true" : "false",
        CedarEntityReference entity => entity.Uid.Id,
        CedarExtension extension => extension.Argument,
        _ => value.ToString(),
    };

    /// <summary>A value of this fact as people write it, from Cedar text.</summary>
    public string Shown(string cedarText) =>
        cedarText.StartsWith('"') && EntityUid.TryParse("T::" + cedarText, out EntityUid quoted) ? quoted.Id
        : long.TryParse(cedarText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? Shown(new CedarLong(number))
        : EntityUid.TryParse(cedarText, out EntityUid entity) ? entity.Id
        : cedarText;

    private static bool IsRequest(Expression expression) =>
        expression is Expression.GetAttribute { Operand: Expression.Variable { Name: RequestVariable.Context }, Name: "request" };

    private static bool IsClock(Expression expression) => expression is Expression.GetAttribute { Name: "clock" } clock && IsRequest(clock.Operand);

    private static ClauseNoun? OfTag(Expression of, string key) => of switch
    {
        Expression.Variable { Name: RequestVariable.Resource } => new ClauseNoun($"tag {key}", ClauseNounKind.Tag, key),
        Expression.GetAttribute { Name: "principalTags", Operand: Expression.GetAttribute { Name: "iam" } } => new ClauseNoun($"session tag {key}", ClauseNounKind.SessionTag, key),
        _ when IsClock(of) => new ClauseNoun($"the clock of {key}", ClauseNounKind.Clock, key),
        _ => null,
    };

    private static ClauseNoun? OfPerson(string attribute) => attribute switch
    {
        "employeeNumber" => new ClauseNoun("employee number", ClauseNounKind.PersonAttribute, attribute),
        "costCenter" => new ClauseNoun("cost center", ClauseNounKind.PersonAttribute, attribute),
        "organization" or "division" => new ClauseNoun(attribute, ClauseNounKind.PersonAttribute, attribute),
        _ => null,
    };

    private static ClauseNoun? OfNode(string attribute) => attribute switch
    {
        "account" => new ClauseNoun("account", ClauseNounKind.Account, attribute),
        "region" => new ClauseNoun("Region", ClauseNounKind.Region, attribute),
        "platform" => new ClauseNoun("platform", ClauseNounKind.Platform, attribute),
        _ => null,
    };
}

/// <summary>What kind of fact a clause looks at.</summary>
internal enum ClauseNounKind
{
    Tag,
    SessionTag,
    PersonAttribute,
    Account,
    Region,
    Platform,
    Reason,
    Duration,
    Instant,
    Clock,
    Weekday,
    Minute,
}
