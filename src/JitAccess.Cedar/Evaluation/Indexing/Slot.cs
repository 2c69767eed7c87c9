using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation.Indexing;

/// <summary>An attribute or a tag behind an expression: <c>principal.division</c>, <c>resource.getTag("env")</c>.</summary>
/// <param name="Operand">What has it.</param>
/// <param name="IsTag">Whether it is a tag.</param>
/// <param name="Name">The attribute's name or the tag's key.</param>
internal sealed record Slot(Expression Operand, bool IsTag, string Name)
{
    /// <summary>The slot that an expression reads, or null when it is none.</summary>
    public static Slot? Of(Expression expression) => expression switch
    {
        Expression.GetAttribute get => new Slot(get.Operand, IsTag: false, get.Name),
        Expression.Binary { Operator: BinaryOperator.GetTag, Right: Expression.Literal { Value: CedarString key } } tag => new Slot(tag.Left, IsTag: true, key.Value),
        _ => null,
    };

    /// <summary>The slot that an expression asks the presence of, or null when it does not.</summary>
    public static Slot? AskedBy(Expression expression) => expression switch
    {
        Expression.HasAttribute has => new Slot(has.Operand, IsTag: false, has.Name),
        Expression.Binary { Operator: BinaryOperator.HasTag, Right: Expression.Literal { Value: CedarString key } } tag => new Slot(tag.Left, IsTag: true, key.Value),
        _ => null,
    };
}
