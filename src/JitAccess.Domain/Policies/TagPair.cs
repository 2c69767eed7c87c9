namespace JitAccess.Domain.Policies;

/// <summary>A tag with its value, both case-sensitive.</summary>
public sealed record TagPair(string Key, string Value)
{
    /// <inheritdoc />
    public override string ToString() => $"{Key}={Value}";
}
