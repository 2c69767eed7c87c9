using JitAccess.Domain;
using JitAccess.Domain.Policies;

namespace JitAccess.Web.Policies;

/// <summary>One version of the policy set as it was published. Never changed afterwards.</summary>
public sealed class PublishedPolicySet
{
    private StoredPolicies? _stored;

    /// <summary>The number of the version, from 1 without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>The policies.</summary>
    /// <exception cref="RefusedException">What is stored cannot be read.</exception>
    public required PolicySet Policies
    {
        get => Stored.Policies ?? throw new RefusedException(RefusalKind.Unavailable, $"Version {Number} of the policies cannot be read: {Stored.Problem} Roll back to another version, or import the policies anew.");
        init => Document = StoredPolicies.Write(value);
    }

    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>The subject of the admin who published it.</summary>
    public required string PublishedBy { get; init; }

    public required string PublishedByName { get; init; }

    /// <summary>What was changed, in words.</summary>
    public required string Comment { get; init; }

    /// <summary>The policies as they are stored.</summary>
    internal string Document { get; private init; } = "";

    internal StoredPolicies Stored => _stored ??= StoredPolicies.Read(Document);

    public PolicySetVersion AsVersion() => new(Number, Policies);
}
