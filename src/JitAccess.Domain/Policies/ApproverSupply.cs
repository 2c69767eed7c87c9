using System.Collections.Immutable;

namespace JitAccess.Domain.Policies;

/// <summary>Whether levels can be met by people who are known, when the requester never counts and nobody answers twice.</summary>
public static class ApproverSupply
{
    /// <summary>
    /// The first level that can certainly not be met; null if all may be. A level with a group or a role is taken to have enough people,
    /// because who is in it is not known here. A person counts for one level only.
    /// </summary>
    public static int? FirstLevelThatCannotBeMet(ImmutableArray<ApprovalLevel> levels, string? requester)
    {
        // Each approval that a level needs is a seat; seats are filled by augmenting paths (bipartite matching), levels in order.
        Dictionary<string, int> seatOf = new(StringComparer.Ordinal);
        List<string[]> seats = [];
        for (int level = 0; level < levels.Length; level++)
        {
            if (levels[level].Approvers.Any(approver => approver.Kind != ApproverKind.Person)) continue;
            string[] people = [.. levels[level].Approvers.Select(approver => approver.Id).Where(id => id != requester).Distinct(StringComparer.Ordinal)];
            for (int approval = 0; approval < levels[level].RequiredApprovals; approval++)
            {
                seats.Add(people);
                if (!TryFill(seats.Count - 1, seats, seatOf, [])) return level + 1;
            }
        }
        return null;
    }

    /// <summary>What should be known of levels whose membership is not.</summary>
    public static IEnumerable<string> UnknownMemberships(ImmutableArray<ApprovalLevel> levels) =>
        levels.SelectMany(level => level.Approvers).Where(approver => approver.Kind != ApproverKind.Person).Distinct()
            .Select(approver => $"Who {(approver.Kind == ApproverKind.Group ? "is in the group" : "may act under the role")} {approver.Name} is not known here, so nobody can promise that enough people can answer.");

    private static bool TryFill(int seat, List<string[]> seats, Dictionary<string, int> seatOf, HashSet<string> tried)
    {
        foreach (string person in seats[seat])
        {
            if (!tried.Add(person)) continue;
            if (seatOf.TryGetValue(person, out int taken) && !TryFill(taken, seats, seatOf, tried)) continue;
            seatOf[person] = seat;
            return true;
        }
        return false;
    }
}
