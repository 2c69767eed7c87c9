namespace JitAccess.Cedar.Evaluation;

/// <summary>One entity as evaluation handles it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Parents">What it is directly in.</param>
internal sealed record EntityData(EntityName Name, RecordValue Attributes, RecordValue Tags, IReadOnlyCollection<EntityName> Parents)
{
    private static readonly HashSet<EntityName> None = [];

    /// <summary>Everything that it is in, directly or not; itself only if it is in a cycle.</summary>
    public HashSet<EntityName> Ancestors { get; init; } = None;
}
