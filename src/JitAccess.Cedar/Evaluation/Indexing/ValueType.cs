namespace JitAccess.Cedar.Evaluation.Indexing;

/// <summary>What is known of an expression's type without evaluating it.</summary>
internal enum ValueType
{
    Unknown,
    Bool,
    Long,
    Text,
    Entity,
    Entities,
    Set,
    Record,
    Decimal,
    DateTime,
    Duration,
    Ip,
}
