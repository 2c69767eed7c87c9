using JitAccess.Domain.Policies;

namespace JitAccess.Web.Components.Policies;

/// <summary>One heading of the list of policies; the headings stand in order of evaluation.</summary>
public sealed record PolicyGroup(string Title, string Explanation, Func<Policy, bool> Holds)
{
    public static IReadOnlyList<PolicyGroup> All { get; } =
    [
        new("1. Deny-access", "A match blocks automatic approval; the request goes on to manual approval. “Refuse” ends it.", policy => policy is DenyAccessPolicy),
        new("2. Auto-approval", "Asked only when no deny-access policy matched.", policy => policy is AutoApprovalPolicy),
        new("3. Manual approval, by tags", "The first that matches the node decides. Drag one, or use its row's menu, to change the order.", policy => policy is ManualPolicy { Target.IsByTags: true }),
        new("4. Manual approval, all nodes", "For nodes that no tag policy above matches. The two never add up.", policy => policy is ManualPolicy { Target.IsByTags: false }),
    ];

    /// <summary>The heading that the policy stands under.</summary>
    public static PolicyGroup Of(Policy policy) => All.First(group => group.Holds(policy));
}
