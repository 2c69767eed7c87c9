using JitAccess.Cedar;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Domain.Policies.Conditions;

/// <summary>A text that rows can test, and how Cedar gets at it.</summary>
/// <param name="Value">The expression that is the text.</param>
/// <param name="Presence">The expression that asks whether there is such a text; null if there always is.</param>
internal sealed record ConditionSubject(Expression Value, Expression? Presence)
{
    private static readonly Expression Principal = new Expression.Variable(RequestVariable.Principal);

    private static readonly Expression Resource = new Expression.Variable(RequestVariable.Resource);

    private static readonly (PersonAttribute Name, string Cedar)[] Attributes =
    [
        (PersonAttribute.EmployeeNumber, "employeeNumber"),
        (PersonAttribute.CostCenter, "costCenter"),
        (PersonAttribute.Organization, "organization"),
        (PersonAttribute.Division, "division"),
    ];

    private static readonly (NodeProperty Name, string Cedar)[] Properties =
        [(NodeProperty.Account, "account"), (NodeProperty.Region, "region"), (NodeProperty.Platform, "platform")];

    public static string NameOf(PersonAttribute attribute) => Attributes.Single(known => known.Name == attribute).Cedar;

    public static ConditionSubject Of(PersonAttribute attribute) =>
        new(new Expression.GetAttribute(Principal, NameOf(attribute)), new Expression.HasAttribute(Principal, NameOf(attribute)));

    public static ConditionSubject Of(NodeProperty property) =>
        new(new Expression.GetAttribute(Resource, Properties.Single(known => known.Name == property).Cedar), null);

    public static ConditionSubject OfTag(string key) =>
        new(new Expression.Binary(BinaryOperator.GetTag, Resource, Text(key)), new Expression.Binary(BinaryOperator.HasTag, Resource, Text(key)));

    public static Expression Text(string text) => new Expression.Literal(text);

    /// <summary>The subject whose value the expression is; null if it is none.</summary>
    public static ConditionSubject? FromValue(Expression expression) => expression switch
    {
        Expression.GetAttribute get when get.Operand.Equals(Principal) && Attributes.Any(known => known.Cedar == get.Name) => Of(Attributes.Single(known => known.Cedar == get.Name).Name),
        Expression.GetAttribute get when get.Operand.Equals(Resource) && Properties.Any(known => known.Cedar == get.Name) => Of(Properties.Single(known => known.Cedar == get.Name).Name),
        Expression.Binary { Operator: BinaryOperator.GetTag, Right: Expression.Literal { Value: CedarString key } } get when get.Left.Equals(Resource) => OfTag(key.Value),
        _ => null,
    };

    /// <summary>The subject whose presence the expression asks for; null if it asks for none.</summary>
    public static ConditionSubject? FromPresence(Expression expression) => expression switch
    {
        Expression.HasAttribute has when has.Operand.Equals(Principal) => FromValue(new Expression.GetAttribute(Principal, has.Name)),
        Expression.Binary { Operator: BinaryOperator.HasTag } has => FromValue(new Expression.Binary(BinaryOperator.GetTag, has.Left, has.Right)),
        _ => null,
    };

    /// <summary>The row of “who” that tests this text; null if it belongs to a node.</summary>
    public PersonCondition? PersonRow(TextTest test, IEnumerable<string> values) => Value is Expression.GetAttribute get && get.Operand.Equals(Principal)
        ? new PersonCondition.Attribute(Attributes.Single(known => known.Cedar == get.Name).Name, test, [.. values])
        : null;

    /// <summary>The row of “which nodes” that tests this text; null if it belongs to a person.</summary>
    public NodeCondition? NodeRow(TextTest test, IEnumerable<string> values) => Value switch
    {
        Expression.GetAttribute get when get.Operand.Equals(Resource) => new NodeCondition.Property(Properties.Single(known => known.Cedar == get.Name).Name, test, [.. values]),
        Expression.Binary { Right: Expression.Literal { Value: CedarString key } } => new NodeCondition.Tag(key.Value, test, [.. values]),
        _ => null,
    };
}
