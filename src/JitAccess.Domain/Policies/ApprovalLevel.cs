using System.Collections.Immutable;
using JitAccess.Domain.People;

namespace JitAccess.Domain.Policies;

/// <summary>One step of manual approval.</summary>
/// <param name="Approvers">Who may answer: one to five entries.</param>
/// <param name="RequiredApprovals">How many different people must approve: one to five.</param>
public sealed record ApprovalLevel(ImmutableArray<Approver> Approvers, int RequiredApprovals)
{
    /// <summary>The seats that the actor can answer from, towards somebody's request: their own first, then those of whom they stand in for. Nobody stands in for the requester.</summary>
    public IEnumerable<Seat> SeatsOf(Actor actor, string requester)
    {
        if (Approvers.FirstOrDefault(approver => approver.Includes(actor)) is { } own) yield return new Seat(own, null);
        foreach (AbsentApprover absent in actor.StandsInFor.Where(absent => absent.Person.Subject != requester))
        {
            if (Approvers.FirstOrDefault(approver => approver.Includes(absent)) is { } theirs) yield return new Seat(theirs, absent.Person);
        }
    }

    /// <summary>The level in words: <c>any 1 of jit-approver</c>.</summary>
    public string Described => $"any {RequiredApprovals} of {string.Join(", ", Approvers.Select(approver => approver.Name))}";

    /// <summary>Several in their order: <c>any 1 of leads, then any 2 of owners</c>.</summary>
    public static string InOrder(ImmutableArray<ApprovalLevel> levels) => string.Join(", then ", levels.Select(level => level.Described));

    /// <inheritdoc />
    public bool Equals(ApprovalLevel? other) =>
        other is not null && RequiredApprovals == other.RequiredApprovals && Approvers.SequenceEqual(other.Approvers);

    /// <inheritdoc />
    public override int GetHashCode() => Approvers.Aggregate(RequiredApprovals, HashCode.Combine);
}
