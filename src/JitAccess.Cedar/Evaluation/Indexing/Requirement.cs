using System.Collections.Immutable;
using JitAccess.Cedar.Syntax;

namespace JitAccess.Cedar.Evaluation.Indexing;

/// <summary>
/// Something without which a statement surely neither matches nor fails, provided that some assumptions hold.
/// </summary>
/// <param name="Facet">What of the request is looked at.</param>
/// <param name="Values">What may be found there: an <see cref="EntityName"/>, a type or a <see cref="Value"/>, by the kind of facet. One of them has to be.</param>
/// <param name="Assumptions">The numbers of the assumptions.</param>
internal sealed record Requirement(Facet Facet, ImmutableArray<object> Values, ImmutableHashSet<int> Assumptions)
{
    /// <summary>The same under further assumptions.</summary>
    public Requirement Under(IEnumerable<int> further) => this with { Assumptions = Assumptions.Union(further) };
}

/// <summary>A side of the request that statements can be found by.</summary>
internal abstract record Facet
{
    private Facet()
    {
    }

    /// <summary>That a variable is an entity or in it.</summary>
    internal sealed record Membership(RequestVariable Variable) : Facet;

    /// <summary>The entity type of a variable.</summary>
    internal sealed record OfType(RequestVariable Variable) : Facet;

    /// <summary>The value of an attribute or tag.</summary>
    internal sealed record ValueOf(Slot Slot) : Facet;

    /// <summary>That an attribute or tag is there; its one value is true.</summary>
    internal sealed record PresenceOf(Slot Slot) : Facet;
}
