using System.Collections.Immutable;

namespace JitAccess.Cedar.Syntax;

/// <summary>What a statement's head demands of principal, action or resource.</summary>
public abstract record Scope
{
    private Scope()
    {
    }

    /// <summary>The demand as Cedar text, with the variable that it is about: <c>principal in Group::"x"</c>.</summary>
    public string ToString(RequestVariable variable) => StatementWriter.Write(CedarText.NameOf(variable), this);

    /// <summary>Nothing: the bare word <c>principal</c>.</summary>
    public sealed record Any : Scope;

    /// <summary><c>principal == Type::"id"</c>.</summary>
    public sealed record Equal(EntityUid Entity) : Scope;

    /// <summary><c>principal in Type::"id"</c>, or for actions <c>action in [a, b]</c>: in any of them.</summary>
    public sealed record In(ImmutableArray<EntityUid> Entities) : Scope
    {
        /// <inheritdoc/>
        public bool Equals(In? other) => other is not null && Entities.SequenceEqual(other.Entities);

        /// <inheritdoc/>
        public override int GetHashCode() => Entities.Aggregate(Entities.Length, HashCode.Combine);
    }

    /// <summary><c>principal is Type</c> or <c>principal is Type in Ancestor::"id"</c>.</summary>
    public sealed record Is(string EntityType, EntityUid? Ancestor) : Scope;
}
