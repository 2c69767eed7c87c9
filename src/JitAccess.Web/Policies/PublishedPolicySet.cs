using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies;

/// <summary>One version of the policy set as it was published. Never changed afterwards.</summary>
public sealed class PublishedPolicySet
{
    /// <summary>The number of the version, from 1 without gaps.</summary>
    public required int Number { get; init; }

    public required PolicySet Policies { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>The subject of the admin who published it.</summary>
    public required string PublishedBy { get; init; }

    public required string PublishedByName { get; init; }

    /// <summary>What was changed, in words.</summary>
    public required string Comment { get; init; }

    public PolicySetVersion AsVersion() => new(Number, Policies);
}
