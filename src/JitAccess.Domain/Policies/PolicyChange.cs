using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>How one policy, or a rule of the whole set, differs between two versions.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="PolicyId">Which policy; null for a rule of the whole set.</param>
/// <param name="PolicyKind">Its kind; null for a rule of the whole set.</param>
/// <param name="Name">Its name after the change, or before it if it was removed.</param>
/// <param name="Sentences">What changed, each in one sentence that a person reads: <c>Approvals at level 1 raised from 1 to 2.</c></param>
public sealed record PolicyChange(PolicyChangeKind Kind, Guid? PolicyId, PolicyKind? PolicyKind, string Name, ImmutableArray<string> Sentences)
{
    /// <summary>The Cedar text before, where it differs; null otherwise.</summary>
    public string? CedarBefore { get; init; }

    /// <summary>The Cedar text after, where it differs; null otherwise.</summary>
    public string? CedarAfter { get; init; }
}

/// <summary>What happened to a policy between two versions.</summary>
public enum PolicyChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It differs.</summary>
    Changed,

    /// <summary>It only stands elsewhere.</summary>
    Moved,
}
