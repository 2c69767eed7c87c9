namespace JitAccess.Cedar.Evaluation;

/// <summary>The name of an attribute or the key of a tag, with its hash at hand.</summary>
internal readonly struct AttributeName(string name)
{
    public string Text { get; } = name;

    public int Hash { get; } = name.GetHashCode(StringComparison.Ordinal);
}
