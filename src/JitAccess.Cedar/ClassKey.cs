namespace JitAccess.Cedar;

/// <summary>What a <see cref="RequestClassifier"/> tells a side of requests apart by; compared by content.</summary>
public sealed class ClassKey : IEquatable<ClassKey>
{
    private readonly byte[] _content;
    private readonly int _hash;

    internal ClassKey(ReadOnlySpan<byte> content)
    {
        _content = content.ToArray();
        var hash = new HashCode();
        hash.AddBytes(content);
        _hash = hash.ToHashCode();
    }

    /// <inheritdoc/>
    public bool Equals(ClassKey? other) => other is not null && _hash == other._hash && _content.AsSpan().SequenceEqual(other._content);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassKey);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
