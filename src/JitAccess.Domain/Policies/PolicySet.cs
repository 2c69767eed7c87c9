using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>All policies of the installation as one document. The stored order means nothing: each policy says where it stands.</summary>
public sealed record PolicySet
{
    /// <summary>The deny-access policies.</summary>
    public ImmutableArray<DenyAccessPolicy> DenyAccess { get; init; } = [];

    /// <summary>The auto-approval policies.</summary>
    public ImmutableArray<AutoApprovalPolicy> AutoApproval { get; init; } = [];

    /// <summary>The manual policies.</summary>
    public ImmutableArray<ManualPolicy> Manual { get; init; } = [];

    /// <summary>Whether a new version must be published by an admin who did not edit it. The set in force says so, so that whoever turns it off needs a second admin for that.</summary>
    public bool PublishNeedsSecondAdmin { get; init; }

    /// <summary>A set without any policy: nobody can ask for anything.</summary>
    public static PolicySet Empty { get; } = new();

    /// <summary>All policies in order of evaluation: deny-access, auto-approval, manual by tags, manual for all nodes.</summary>
    public IEnumerable<Policy> InOrderOfEvaluation =>
        Ordered(DenyAccess).Concat<Policy>(Ordered(AutoApproval))
            .Concat(Ordered(Manual.Where(policy => policy.Target.IsByTags)))
            .Concat(Ordered(Manual.Where(policy => !policy.Target.IsByTags)));

    /// <summary>The policy with this id; null if there is none.</summary>
    public Policy? Find(Guid id) => InOrderOfEvaluation.FirstOrDefault(policy => policy.Id == id);

    /// <summary>The set with the policy added, or put in the place of the one with the same id.</summary>
    public PolicySet With(Policy policy)
    {
        PolicySet rest = Without(policy.Id);
        return policy switch
        {
            DenyAccessPolicy deny => rest with { DenyAccess = rest.DenyAccess.Add(deny) },
            AutoApprovalPolicy auto => rest with { AutoApproval = rest.AutoApproval.Add(auto) },
            ManualPolicy manual => rest with { Manual = rest.Manual.Add(manual) },
            _ => throw new ArgumentOutOfRangeException(nameof(policy)),
        };
    }

    /// <summary>The set without the policy of this id.</summary>
    public PolicySet Without(Guid id) => this with
    {
        DenyAccess = DenyAccess.RemoveAll(policy => policy.Id == id),
        AutoApproval = AutoApproval.RemoveAll(policy => policy.Id == id),
        Manual = Manual.RemoveAll(policy => policy.Id == id),
    };

    /// <summary>Policies of one kind in the order that decides.</summary>
    internal static IOrderedEnumerable<T> Ordered<T>(IEnumerable<T> policies) where T : Policy =>
        policies.OrderBy(policy => policy.Order).ThenBy(policy => policy.Id);
}
