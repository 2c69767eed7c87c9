namespace JitAccess.Cedar.Evaluation.Indexing;

/// <summary>
/// What a schema would promise of entities and context. Nothing here knows the schema, so that it is checked with each decision;
/// statements that were left out for its sake are asked after all where it does not hold.
/// </summary>
/// <param name="Slot">The attribute or tag; a tag stands for all tags of the entity.</param>
/// <param name="Type">The type that it has when it is there.</param>
/// <param name="IsPresent">Whether it has to be there.</param>
internal sealed record Assumption(Slot Slot, ValueType Type, bool IsPresent)
{
    /// <summary>Whether it holds for the attributes or tags that the slot is one of; null where there are none, not even an empty record.</summary>
    public bool Holds(RecordValue? table, AttributeName name)
    {
        if (Slot.IsTag)
            return table is null || table.HoldsOnlyTexts;
        return table is not null && table.TryGet(name, out var value) ? IsOfType(value) : !IsPresent;
    }

    private bool IsOfType(Value value) => Type switch
    {
        ValueType.Unknown => true,
        ValueType.Bool => value.IsBool,
        ValueType.Long => value.IsLong,
        ValueType.Text => value.Text is not null,
        ValueType.Entity => value.Entity is not null,
        ValueType.Set => value.Set is not null,
        ValueType.Record => value.Record is not null,
        ValueType.Decimal => value.NumberKind == NumberKind.Decimal,
        ValueType.DateTime => value.NumberKind == NumberKind.DateTime,
        ValueType.Duration => value.NumberKind == NumberKind.Duration,
        ValueType.Ip => value.Ip is not null,
        ValueType.Entities => false,
    };
}
