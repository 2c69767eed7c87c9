using System.Collections.Immutable;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>One step of manual approval.</summary>
/// <param name="Approvers">Who may answer: one to five entries.</param>
/// <param name="RequiredApprovals">How many different people must approve: one to five.</param>
public sealed record ApprovalLevel(ImmutableArray<Approver> Approvers, int RequiredApprovals)
{
    /// <summary>The entry under which the actor may answer; null if they may not.</summary>
    public Approver? EntryFor(Actor actor) => Approvers.FirstOrDefault(approver => approver.Includes(actor));

    /// <summary>The level in words: <c>any 1 of jit-approver</c>.</summary>
    public string Described => $"any {RequiredApprovals} of {string.Join(", ", Approvers.Select(approver => approver.Name))}";

    /// <inheritdoc />
    public bool Equals(ApprovalLevel? other) =>
        other is not null && RequiredApprovals == other.RequiredApprovals && Approvers.SequenceEqual(other.Approvers);

    /// <inheritdoc />
    public override int GetHashCode() => Approvers.Aggregate(RequiredApprovals, HashCode.Combine);
}
