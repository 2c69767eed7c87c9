namespace JitAccess.Cedar.Evaluation;

/// <summary>An entity's name as evaluation handles it: one object with its hash at hand.</summary>
internal sealed class EntityName(string type, string id) : IEquatable<EntityName>
{
    // Ids alone tell nearly all entities apart.
    private readonly int _hash = HashOf(id);

    public EntityName(EntityUid uid)
        : this(uid.Type, uid.Id)
    {
    }

    public string Type => type;

    public string Id => id;

    public EntityUid Uid => new(type, id);

    public static int HashOf(string id) => id.GetHashCode(StringComparison.Ordinal);

    public bool Is(EntityUid uid) => id == uid.Id && type == uid.Type;

    public bool Equals(EntityName? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && id == other.Id && type == other.Type);

    public override bool Equals(object? obj) => Equals(obj as EntityName);

    public override int GetHashCode() => _hash;

    public override string ToString() => Uid.ToString();
}
